"""Draw: write a digit, see what the network sees of it, what each layer makes of it, what it answers and why."""

from __future__ import annotations

import contextlib

import streamlit as st

from core.errors import InvalidSetting
from pages.parts.draw import answers, code, evidence, network, pad, reading, steps
from pages.parts.draw.network import ChosenNetwork
from pages.shared import canvas, frame


@st.fragment(key=pad.ANSWER)
def _reading(networks: list[ChosenNetwork]) -> None:
    """Show what the networks read while the pen moves, or why a picture cannot be read."""
    canvas.keep(pad.NAME, pad.all_again)
    with frame.error_boundary():
        reading.show(pad.source(), networks)


@st.fragment(key=pad.SEEN)
def _show_evidence(networks: list[ChosenNetwork]) -> None:
    """Show how the answer comes about when the pen rests; of what cannot be read, ``_reading`` has said so."""
    readers = [(each.name, each.reader) for each in networks]
    with contextlib.suppress(InvalidSetting):
        source = pad.source()
        answered = answers.ask(source, readers)
        steps.show(source)
        if not source.empty:
            evidence.show(source, readers, answered)
        code.show(source, readers, answered)


frame.opening("draw")
with frame.error_boundary():
    with st.container(key="draw_top"):
        board, reply = st.columns([280, 440], gap="medium")
    with st.container(key="draw_below"):
        tools, choice = st.columns([280, 440], gap="medium")
    with board:
        pad.show()
    with tools:
        pad.tools()
    with choice:
        networks = network.choose()
    with reply:
        _reading(networks)
    _show_evidence(networks)
