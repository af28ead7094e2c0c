"""The sliding window in the browser, and its pinned output in the address."""

from __future__ import annotations

import re
from typing import TypedDict

import streamlit as st
from torch import Tensor

from core.convolution.layer import Layer
from core.convolution.scene import Drawing, Scene, apart, drawing
from pages.shared.address import kept, remember
from pages.shared.component import component
from pages.shared.language import _

KEY = "convolution_window"


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
    hint_pin: str
    instructions: str


class Labels(Words):
    """All words of the drawing, with the title and the size of each of the three grids."""

    input: list[str]
    kernel: list[str]
    output: list[str]


class WindowData(Drawing):
    """What ``static/js/convolution/window.js`` is given; ``pin`` is the output cell at which it stands still."""

    labels: Labels
    pin: list[int] | None


def show(run: Scene, output: int) -> None:
    """Show the three grids and the sum of output channel ``output``."""
    data: WindowData = {**drawing(run, output), "labels": labels(run), "pin": _pin(run)}
    component("convolution/window")(data=data, key=KEY, default={"pin": None}, on_pin_change=_pinned)
    remember("convolution_pin", st.session_state.get("convolution_pin", ""), "")


def show_apart(layer: Layer, x: Tensor) -> None:
    """Show the padded input and the window of a layer that cannot be applied to it, in one scale."""
    drawn = apart(layer, x)
    rows, columns = drawn["size"]
    pads = f"+ {drawn['before'][0]}|{drawn['after'][0]}" if drawn["before"][0] else ""
    captions: Labels = {
        **_words(),
        "input": [_("Input"), f"{rows}×{columns} {pads}"],
        "kernel": [_("Window"), f"{drawn['kernel'][0]}×{drawn['kernel'][1]}"],
        "output": [_("Output"), "–"],
    }
    data: WindowData = {**drawn, "labels": captions, "pin": None}
    component("convolution/window")(data=data, key=KEY, default={"pin": None}, on_pin_change=_pinned)


def _pinned() -> None:
    """Keep the pinned output cell that the browser reports."""
    pin = st.session_state[KEY].pin
    st.session_state["convolution_pin"] = f"{pin[0]},{pin[1]}" if pin else ""


def _pin(run: Scene) -> list[int] | None:
    """Return the pinned cell that the address or the session keeps; None when it is no output cell."""
    text = kept("convolution_pin")
    if not re.fullmatch(r"\d{1,3},\d{1,3}", text):
        st.session_state["convolution_pin"] = ""
        return None
    i, j = map(int, text.split(","))
    rows, columns = run.y.shape[-2:]
    if i < rows and j < columns:
        return [i, j]
    st.session_state["convolution_pin"] = ""
    return None


def labels(run: Scene) -> Labels:
    """Return the words that the drawing shows, translated; {i}, {j}, {n} ... are filled in the browser."""
    height, width = run.layer.sizes()
    rows, columns = run.y.shape[-2:]
    middle = _("Filter: one kernel a channel") if len(run.x) > 1 else _("Kernel")
    pads = f"+ {height.before}|{height.after}" if height.before or height.after else ""
    return {
        **_words(),
        "input": [_("Input"), f"{height.input}×{width.input} {pads}"],
        "kernel": [
            middle if run.layer.has_weights else _("Window"),
            f"{height.kernel_size}×{width.kernel_size}",
        ],
        "output": [_("Output"), f"{rows}×{columns}"],
    }


def _words() -> Words:
    """Return the words that do not depend on the layer."""
    return {
        "channel": _("channel {c}", c="{c}"),
        "output_cell": _("Output row {i}, column {j}:", i="{i}", j="{j}"),
        "bias": _("bias"),
        "all_channels": _("all channels:"),
        "agrees": _("torch has the same: {torch}", torch="{torch}"),
        "differs": _("torch has {torch}", torch="{torch}"),
        "thrown": _("{n} numbers of this window are thrown away", n="{n}"),
        "input_used": _(
            "Input row {i}, column {j} ({value}) goes into {n} outputs.", i="{i}", j="{j}", value="{value}", n="{n}"
        ),
        "weight_used": _(
            "Kernel row {i}, column {j} ({value}) is used for {n} outputs: the same weight everywhere.",
            i="{i}",
            j="{j}",
            value="{value}",
            n="{n}",
        ),
        "play": _("Play"),
        "pause": _("Pause"),
        "hint_play": _("Point at any cell. Click to pin."),
        "hint_pin": _("Pinned. Arrow keys step, Esc plays on."),
        "instructions": _(
            "Sliding window: arrow keys step through the outputs and read each sum, Escape plays, space pauses."
        ),
    }
