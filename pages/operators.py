"""Operators: each with its arguments, shape formula, small tensors whose cells open, code and a surprise."""

from __future__ import annotations

import streamlit as st

from core.ops.registry import OPERATORS
from pages.parts.operators import one_operator, selection, surprise
from pages.shared import frame

frame.opening("operators")
operator = OPERATORS[selection.choose()]
selection.introduce(operator)
one_operator.show(operator)
selection.document(operator)
if operator.surprise is not None:
    st.divider()
    surprise.show(operator, operator.surprise)
