"""The words of the sliding window in the browser, and its pinned output in the address."""

from __future__ import annotations

import re
from typing import TypedDict

import streamlit as st

from core.convolution.scene import Drawing, Scene
from pages.parts.convolution import settings
from pages.shared.address import remember, stored_text
from pages.shared.language import _

KEY = "convolution_instrument"


class Words(TypedDict):
    """The words of the drawing that do not depend on the layer; {i}, {j}, {n} ... are filled in the browser."""

    channel: str
    output_cell: str
    bias: str
    all_channels: str
    agrees: str
    differs: str
    thrown: str
    input_used: str
    weight_used: str
    play: str
    pause: str
    hint_play: str
    hint_play_touch: str
    hint_pin: str
    hint_pin_touch: str
    instructions: str


class Labels(Words):
    """All words of the drawing, with the title and the size of each of the three grids."""

    input: list[str]
    kernel: list[str]
    output: list[str]


class WindowData(Drawing):
    """What ``static/js/convolution/sliding_window.js`` is given; at the output cell ``pin`` it stands still."""

    labels: Labels
    pin: list[int] | None


def pinned() -> None:
    """Keep the pinned output cell that the browser reports."""
    cell = ((st.session_state.get(KEY) or {}).get("pin") or {}).get("cell")
    st.session_state[settings.PIN.name] = f"{cell[0]},{cell[1]}" if cell else ""


def pin(run: Scene | None) -> list[int] | None:
    """Return the pinned cell that the address or the session keeps; None where ``run`` has no such output cell."""
    text = stored_text(settings.PIN.name)
    cell = [int(side) for side in text.split(",")] if re.fullmatch(r"\d{1,3},\d{1,3}", text) else None
    if cell and run is not None and any(at >= most for at, most in zip(cell, run.y.shape[-2:], strict=True)):
        cell = None
    if cell is None:
        st.session_state[settings.PIN.name] = text = ""
    remember(settings.PIN.name, text, "")
    return cell


def words() -> Words:
    """Return the words that do not depend on the layer."""
    return {
        "channel": _("channel {c}", c="{c}"),
        "output_cell": _("Output row {i}, column {j}:", i="{i}", j="{j}"),
        "bias": _("bias"),
        "all_channels": _("all channels:"),
        "agrees": _("torch has the same: {torch}", torch="{torch}"),
        "differs": _("torch has {torch}", torch="{torch}"),
        "thrown": _("{n} {n:number of this window is|numbers of this window are} thrown away", n="{n}"),
        "input_used": _(
            "Input row {i}, column {j} ({value}) goes into {n} {n:output|outputs}.",
            i="{i}",
            j="{j}",
            value="{value}",
            n="{n}",
        ),
        "weight_used": _(
            "Kernel row {i}, column {j} ({value}) is used for {n} {n:output|outputs}: the same weight everywhere.",
            i="{i}",
            j="{j}",
            value="{value}",
            n="{n}",
        ),
        "play": _("Play"),
        "pause": _("Pause"),
        "hint_play": _("Point at any cell. Click to pin."),
        "hint_play_touch": _("Touch any cell to see its sum."),
        "hint_pin": _("Pinned. Arrow keys step, Enter changes the grid, Esc plays on."),
        "hint_pin_touch": _("Pinned. Touch another cell, or Play."),
        "instructions": _(
            "Sliding window: arrow keys step through the outputs and read each sum, Enter goes to the inputs, the"
            " kernels and back, Escape plays, space pauses."
        ),
    }
