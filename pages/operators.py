"""Operators: each with its arguments, shape formula, small tensors whose cells open, code and a surprise."""

from __future__ import annotations

import streamlit as st

from core.ops.registry import OPERATORS
from pages.parts.operators import chooser, one_operator, surprise
from pages.shared import frame
from pages.shared.language import _

frame.heading(_("Operators"), _("Try each operator: set its arguments, open any cell, and meet a common surprise."))
operator = OPERATORS[chooser.choose()]
chooser.introduce(operator)
one_operator.show(operator)
if operator.surprise is not None:
    st.divider()
    surprise.show(operator, operator.surprise)
