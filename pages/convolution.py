"""Convolution: set the numbers, see the formula and the window that makes each output; then build a network."""

from __future__ import annotations

import streamlit as st

from pages.parts.convolution import one_layer, practice, stack
from pages.shared import frame
from pages.shared.address import choose
from pages.shared.language import _

frame.opening("convolution")

PARTS = {"layer": one_layer.show, "practice": practice.show, "stack": stack.show}
names = {"layer": _("One layer"), "practice": _("Predict the size"), "stack": _("A stack of layers")}
part = choose(
    st.segmented_control,
    _("Part of the lesson"),
    list(PARTS),
    "convolution_part",
    format_func=lambda code: names[code],
    required=True,
    label_visibility="collapsed",
)
PARTS[part]()
