"""One operator: the instrument with its arguments, and the program below it."""

from __future__ import annotations

from typing import TypedDict

import streamlit as st

from core.errors import InvalidSetting
from core.foundations.run_operator import program
from core.live.instrument import instrument
from core.live.operators import run
from core.live.operators.answer import cell_of_text, tensors_of
from core.live.operators.settings import FAMILY, FIRST, cells_name, guess_name
from core.live.settings import Value
from core.ops.operator import Operator
from pages.parts.operators import control_words
from pages.shared import address, helper_process, instruments
from pages.shared.code_panel import show_the_code
from pages.shared.language import _

PREFIX = "operators"
CELL = f"{PREFIX}_cell"


class OperatorLabels(TypedDict):
    """The words of the drawing, and the names of two settings: those of the changed cells and of the guess."""

    rows: list[str]
    hint: str
    hint_touch: str
    edit: str
    reset: str
    shape: str
    refuses: str
    opened: str
    printed: str
    settings: str
    lost: str
    cells: str
    guess: str


@st.fragment
def show(operator: Operator) -> None:
    """Show the instrument; runs again when the hand rests, with what was set."""
    asked_of = instrument(f"{FAMILY}.{operator.name}")
    now = instruments.values(asked_of, PREFIX, (guess_name(operator),))
    request = run.read_input(operator, now)
    if not request.wrong:
        now["cell"] = _cell(operator, request, str(now["cell"]))
    labels: OperatorLabels = {
        "rows": [_("Forward: from the inputs to y"), _("Backward: from ∂L/∂y to the gradients")],
        "hint": _("Point at a cell of y or of a gradient to see what it was computed from. Click to open it."),
        "hint_touch": _("Touch a cell of y or of a gradient to see what it was computed from."),
        "edit": _("Change x: type a number into a cell, or drag the cell to the left or right."),
        "reset": _("Reset x"),
        "shape": _("Shape, by formula"),
        "refuses": _("PyTorch refuses. In its own words:"),
        "opened": _("Opened: {cell}", cell="{cell}"),
        "printed": _("What the program prints"),
        "settings": _("Arguments of the operator"),
        "lost": _("The server does not answer. The page keeps trying; your settings stay."),
        "cells": cells_name(operator),
        "guess": guess_name(operator),
    }
    instruments.show("operators/operator", asked_of, PREFIX, now, control_words.words(operator), labels)
    if not request.wrong:
        text = program(operator, request.values, request.seed, request.cells)
        show_the_code(text, f"{operator.name}.py", f"operators_code_{operator.name}")


def _cell(operator: Operator, request: run.ProgramInput, text: str) -> Value:
    """Return the opened cell; where the tensors have none of that name, the first of y, in session and address."""
    try:
        tensors = tensors_of(run.run_safely(operator, request, helper_process.call))
    except InvalidSetting:
        return text
    name, at = cell_of_text(tensors, text) if tensors else FIRST.rsplit(".", 1)
    cell_name = st.session_state[CELL] = f"{name}.{at}"
    address.remember(CELL, cell_name, FIRST)
    return cell_name
