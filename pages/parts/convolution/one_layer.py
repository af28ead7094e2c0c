"""One layer: the instrument with its settings, what belongs to the picture above it, and the code below."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.convolution.inputs import PATTERNS
from core.convolution.scene import Scene
from core.errors import InvalidSetting
from core.export.convolution_script import layer_script
from core.live.convolution import INSTRUMENT
from core.live.convolution.run import run
from core.live.convolution.settings import DIGIT_SIDE, NOT_IN_ADDRESS, NUMBERS_SIDE, PICTURES
from core.live.instrument import Array
from core.live.settings import Value
from pages.parts.convolution import control_words, inputs, why, window
from pages.shared import instruments
from pages.shared.code_panel import show_the_code
from pages.shared.language import _

PREFIX = "convolution"


class LayerLabels(window.Words):
    """The words of the drawing that do not depend on the layer; ``pin`` is the output cell where it stands still.

    ``sides`` are those of the pictures, by their codes.
    """

    pin: list[int] | None
    sides: dict[str, int]
    channels: str
    short: str
    one_channel: str
    settings: str
    lost: str


def show() -> None:
    """Show the part."""
    _layer()
    why.show()


@st.fragment
def _layer() -> None:
    """Show the instrument; runs again when the hand rests, with what was set."""
    now = instruments.values(INSTRUMENT, PREFIX, NOT_IN_ADDRESS)
    tensors = inputs.tensors(now)
    scene = _scene(now, tensors)
    labels: LayerLabels = {
        **window.words(),
        "pin": window.pin(scene),
        "sides": {code: NUMBERS_SIDE if code in PATTERNS else DIGIT_SIDE for code in PICTURES},
        "channels": _("Channels, groups, bias"),
        "short": _("The formula as it is often written"),
        "one_channel": _("Channel"),
        "settings": _("Settings of the layer"),
        "lost": _("The server does not answer. The page keeps trying; your settings stay."),
    }
    instruments.show(
        "convolution/layer",
        INSTRUMENT,
        PREFIX,
        now,
        control_words.words(),
        labels,
        tensors,
        on_pin_change=window.pinned,
    )
    if scene is not None:
        show_the_code(layer_script(scene), "convolution.py", "convolution_code")


def _scene(now: Mapping[str, Value], tensors: Mapping[str, Array]) -> Scene | None:
    """Return what the instrument shows; None where it says why there is nothing."""
    try:
        return run(now, tensors)
    except InvalidSetting:
        return None
