"""Draw: write a digit, see what the network sees of it, what it answers and why."""

from __future__ import annotations

import streamlit as st

from core.figures import digits
from pages.parts.draw import answers, code, evidence, layers, network, pad, steps
from pages.shared import frame
from pages.shared.language import _

frame.heading(_("Draw"), _("Draw a digit; see what the network sees, and why it answers so."))
st.html(digits.STYLE)
with frame.refusals():
    left, right = st.columns([300, 420], gap="large")
    with left:
        source = pad.show()
    with right:
        readers = network.choose()
        answered = answers.show(source, readers)
    steps.show(source)
    if not source.empty:
        evidence.show(source, readers, answered)
        layers.show(source, readers)
    code.show(source, readers, answered)
