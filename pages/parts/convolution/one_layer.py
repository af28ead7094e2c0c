"""One layer: its settings on the left; formula, window and what follows from them on the right."""

from __future__ import annotations

import time
from contextlib import suppress

import streamlit as st

from core.convolution import scene
from core.convolution.layer import Layer
from core.errors import InvalidSetting
from core.export.convolution_script import layer_script
from pages.parts.convolution import bring, controls, guess, size, sources, why, window
from pages.shared import frame
from pages.shared.address import choose
from pages.shared.code_panel import show_the_code
from pages.shared.language import _, sentence

AHEAD = 0.08  # seconds: with less, the words about the figure are drawn before it has been painted


def show() -> None:
    """Show the part."""
    _layer()
    why.show()


@st.fragment
def _layer() -> None:
    """Show settings and result; a change in the settings runs this again, a slider only the result."""
    left, right = st.columns([1, 2.6], gap="large")
    with left:
        controls.show()
        sources.show(controls.layer())
    with right:
        _result()


@st.fragment(key=controls.RESULT)
def _result() -> None:
    """Show what follows from the settings that the session holds; where that is nothing, what goes in and why."""
    layer = controls.layer()
    choice = sources.chosen(layer)
    try:
        shown = sources.fit(layer, choice)
        size.refuse_early(shown.layer)
    except InvalidSetting as refusal:
        st.error(frame.plain(sentence(refusal)))
        with suppress(InvalidSetting):  # a picture that is not there yet
            window.show_apart(layer, bring.picture(choice.picture, layer.in_channels, *layer.size))
        return
    with frame.refusals():
        _follows(shown)


def _follows(shown: sources.Shown) -> None:
    layer = shown.layer
    if not guess.revealed(layer):
        return
    said = st.container()
    run = scene.run(layer, shown.x, shown.weight, shown.bias)
    output = _output_channel(layer)
    window.show(run, output)
    time.sleep(AHEAD)  # what stands above the figure is sent after it: the figure follows the handle
    with said:
        size.result(layer)
    size.details(layer, run, output)
    show_the_code(layer_script(run), "convolution.py", "convolution_code")


def _output_channel(layer: Layer) -> int:
    """Choose which output channel is shown, where there are several."""
    if layer.outputs == 1:
        return 0
    label = _("Filter (output channel)") if layer.has_weights else _("Channel")
    if layer.outputs > 6:
        chosen = st.slider(label, 0, layer.outputs - 1, key="convolution_shown", bind="query-params")
        return min(int(chosen), layer.outputs - 1)
    numbers = [str(number) for number in range(layer.outputs)]
    return int(choose(st.segmented_control, label, numbers, "convolution_filter", required=True))
