"""Spot the mistake: a program with one wrong line, a guess, and what really happens."""

from __future__ import annotations

from typing import TypedDict

import numpy as np
import streamlit as st

from core.figures import palette
from core.figures.curves import Curve
from core.foundations.mistakes import MISTAKES, Mistake, Outcome, make, wrong_lines
from core.foundations.two_layers import WaysSettings
from pages.parts.two_layers import settings
from pages.parts.two_layers.sizes import TITLES
from pages.shared import helper_process, widgets
from pages.shared.component import component
from pages.shared.language import _
from pages.shared.live_chart import live_chart
from pages.shared.predict import predict

# Small enough to run at once; the shapes stay as different from each other as in the lesson.
SMALL = WaysSettings(N=64, D_in=100, H=20, D_out=10, learning_rate=1e-5, adam_learning_rate=1e-2, iterations=80)


class LinesData(TypedDict):
    """A program; ``number`` is the line that is selected, ``wrong`` those that are wrong, from 1 on."""

    lines: list[str]
    number: int | None
    wrong: list[int]
    label: str


@st.cache_data(max_entries=32, show_spinner=False)
def outcome_of(mistake: Mistake, settings: WaysSettings) -> Outcome:
    """Run the program with the mistake in a process of its own, once for each setting."""
    return helper_process.call(make, mistake, settings)


def show() -> None:
    """Let one mistake be chosen, ask what follows from it, run it, and show the fix."""
    st.header(_("Spot the mistake"), anchor=False)
    st.markdown(
        _(
            "Mistakes that such programs on the web really contain. Press the line that is wrong, say what it does,"
            " then run it."
        )
    )
    numbers = {code: code for code in settings.MISTAKE.options}
    position = widgets.choose(settings.MISTAKE, _("Program"), numbers)
    name = list(MISTAKES)[int(position) - 1]
    mistake, outcome = MISTAKES[name], outcome_of(MISTAKES[name], SMALL)
    st.caption(TITLES[mistake.way])
    wrong = wrong_lines(mistake, SMALL)
    guess = f"two_layers_guess_{position}"
    _lines(outcome.program, wrong, f"two_layers_line_{position}", bool(st.session_state.get(guess)))
    answered = predict(
        _("One line of this program is wrong. Running it…"),
        {
            "error": _("stops with an error"),
            "curve": _("runs, but the losses are wrong"),
            "same": _("runs, and the losses are right all the same"),
        },
        outcome.kind,
        guess,
    )
    if answered:
        _reveal(name, outcome)


def _lines(program: str, wrong: range, key: str, reveal: bool) -> None:
    """Let a line be chosen and say whether it is the wrong one; ``reveal`` marks that one."""
    line = (st.session_state.get(key) or {}).get("line")
    data: LinesData = {
        "lines": program.rstrip("\n").split("\n"),
        "number": line,
        "wrong": list(wrong) if reveal else [],
        "label": _("The program: choose the wrong line"),
    }
    component("two_layers/lines")(data=data, key=key, default={"line": None}, on_line_change=_nothing)
    if line is None:
        st.caption(_("Press a line, or choose it with the arrow keys and Enter."))
    elif line in wrong:
        st.success(_("Line {line}: yes, that is the mistake.", line=line), icon=":material/check:")
    else:
        st.info(_("Line {line} is right as it is. Look again.", line=line), icon=":material/lightbulb:")


def _nothing() -> None:
    """Do nothing: the page runs again and reads what was chosen."""


def _reveal(name: str, outcome: Outcome) -> None:
    mistake = MISTAKES[name]
    if outcome.kind == "error":
        st.code(outcome.error, language=None, wrap_lines=True)
        st.caption(_("Python's own words, raised in line {line}.", line=outcome.line))
    else:
        curves = [
            _curve(_("without the mistake"), outcome.right_losses, 0, 5.0),
            _curve(_("with it"), outcome.losses, 1, 2.0),
        ]
        live_chart(
            curves,
            key="two_layers_wrong",
            x_title=_("iteration"),
            y_title=_("loss"),
            revision=name,
            log=True,
            height=280,
        )
    if outcome.warnings:
        st.caption(_("What it warned of while it ran:"))
        st.code("\n".join(outcome.warnings), language=None, wrap_lines=True)
    elif outcome.kind != "error":
        st.caption(_("Nothing warned of it while it ran."))
    st.markdown(_(mistake.why))
    left, right = st.columns(2)
    left.caption(_("The mistake"))
    left.code(mistake.wrong, language="python")
    right.caption(_("The fix"))
    right.code(mistake.right, language="python")


def _curve(name: str, losses: tuple[float, ...], number: int, width: float) -> Curve:
    values = np.asarray(losses)
    return Curve(name, np.arange(1, len(values) + 1, dtype=float), values, palette.CURVES[number], width=width)
