"""Operators: each with its arguments, shape formula, small tensors whose cells open, code and a surprise."""

from __future__ import annotations

import streamlit as st

from core.foundations.operators import OPERATORS
from core.foundations.operators.run import run
from pages.parts.operators import cells, chooser, controls, surprise, verdict
from pages.shared import frame
from pages.shared.code_panel import show_the_code
from pages.shared.language import _

frame.heading(
    _("Operators"), _("Try each operator: set its arguments, open any cell, and see what surprises people.")
)
operator = OPERATORS[chooser.choose()]
chooser.introduce(operator)
with frame.refusals():
    values, seed = controls.values(operator)
    ran = run(operator, values, seed)
    if verdict.show(operator, ran):
        cells.show(operator, ran, seed)
    show_the_code(ran.program, f"{operator.name}.py", f"op_code_{operator.name}")
st.divider()
surprise.show(operator)
