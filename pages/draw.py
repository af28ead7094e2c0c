"""Draw: write a digit, see what the network sees of it, what it answers and why."""

from __future__ import annotations

import contextlib

import streamlit as st

from core.errors import InvalidSetting
from core.figures import digits
from core.recognise import Reader
from pages.parts.draw import answers, code, evidence, layers, network, pad, steps
from pages.shared import canvas, frame
from pages.shared.language import _


@st.fragment(key=pad.ANSWER)
def _answer(readers: list[tuple[str, Reader]]) -> None:
    """Show what the networks answer to what is on the pad, or why that cannot be read."""
    canvas.keep(pad.NAME, pad.all_again)
    with frame.error_boundary():
        answers.show(pad.source(), readers)


@st.fragment(key=pad.SEEN)
def _seen(readers: list[tuple[str, Reader]]) -> None:
    """Show how the answer comes about; of what cannot be read, ``_answer`` has said so."""
    with contextlib.suppress(InvalidSetting):
        source = pad.source()
        answered = answers.ask(source, readers)
        steps.show(source)
        if not source.empty:
            evidence.show(source, readers, answered)
            layers.show(source, readers)
        code.show(source, readers, answered)


frame.heading(_("Draw"), _("Draw a digit, see what the network sees, and how it decides."))
st.html(digits.STYLE)
with frame.error_boundary():
    with st.container(key="draw_top"):
        board, reply = st.columns([300, 420], gap="medium")
    with st.container(key="draw_below"):
        tools, choice = st.columns([300, 420], gap="medium")
    with board:
        pad.show()
    with tools:
        pad.tools()
    with choice:
        chosen = network.choose()
    with reply:
        _answer(chosen)
    _seen(chosen)
