"""Operators: each with its arguments, shape formula, small tensors whose cells open, code and a surprise."""

from __future__ import annotations

import streamlit as st

from core.foundations.run_operator import Ran, run_by_name
from core.ops.operator import Values
from core.ops.registry import OPERATORS
from pages.parts.operators import cells, chooser, controls, surprise, verdict
from pages.shared import frame, isolated
from pages.shared.code_panel import show_the_code
from pages.shared.language import _


@st.cache_data(max_entries=200, show_spinner=False)
def ran_with(name: str, values: Values, seed: int) -> Ran:
    """Return what came of the operator's program, run in a process of its own, once for each setting."""
    return isolated.call(run_by_name, name, values, seed)


frame.heading(_("Operators"), _("Try each operator: set its arguments, open any cell, and meet a common surprise."))
operator = OPERATORS[chooser.choose()]
chooser.introduce(operator)
with frame.error_boundary():
    values, seed = controls.values(operator)
    ran = ran_with(operator.name, values, seed)
    if verdict.show(operator, ran):
        cells.show(operator, ran, seed)
    show_the_code(ran.program, f"{operator.name}.py", f"operators_code_{operator.name}")
if operator.surprise is not None:
    st.divider()
    surprise.show(operator, operator.surprise)
