"""Convolution: set the numbers, see the formula and the window that makes each output; then build a network."""

from __future__ import annotations

import streamlit as st

from pages.parts.convolution import one_layer, practice, settings, stack
from pages.shared import frame, widgets
from pages.shared.language import _

head = st.container()
PARTS = {"layer": one_layer.show, "practice": practice.show, "stack": stack.show}
names = {"layer": _("One layer"), "practice": _("Predict the size"), "stack": _("A stack of layers")}
part = widgets.choose(settings.PART, _("Part of the lesson"), names, label_visibility="collapsed")
with head:
    frame.opening("convolution", part)
PARTS[part]()
