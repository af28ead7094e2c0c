"""The settings of one layer as widgets; each is in the address under its key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypedDict, TypeVar

import streamlit as st

from core.convolution.layer import CLASSES, Layer, Pair
from pages.shared import redraw
from pages.shared.address import choose
from pages.shared.language import _

SLIDER = 155  # pixels
RESULT = "convolution_result"  # the fragment that shows what follows from the settings
Value = TypeVar("Value")
MODES = ("number", "valid", "same")  # of padding


class Kept(TypedDict):
    """How Streamlit keeps a widget's value: in the address, and in the session while another page is shown."""

    bind: Literal["query-params"]
    persist_state: Literal["session"]


KEPT: Kept = {"bind": "query-params", "persist_state": "session"}


@dataclass(frozen=True)
class Setting:
    """A number that a slider sets: its address, its range, where it starts."""

    key: str
    least: int
    most: int
    start: int


SIZE = Setting("convolution_size", 1, 32, 28)
TARGET = Setting("convolution_target", 1, 16, 3)
KERNEL = Setting("convolution_kernel", 1, 11, 3)
STRIDE = Setting("convolution_stride", 1, 6, 1)
STEP = Setting("convolution_step", 1, 6, 2)  # of a pooling, which starts with another stride
PADDING = Setting("convolution_padding", 0, 5, 0)
DILATION = Setting("convolution_dilation", 1, 4, 1)
EXTRA = Setting("convolution_extra", 0, 3, 0)
INPUTS = Setting("convolution_in", 1, 4, 1)
OUTPUTS = Setting("convolution_out", 1, 4, 1)
GROUPS = Setting("convolution_groups", 1, 4, 1)
DILATED = ("conv", "max", "transposed")
POOLING = ("max", "avg")
WEIGHTED = ("conv", "transposed")


def show() -> None:
    """Show the widgets of the layer that is chosen."""
    kind = choose(
        st.selectbox, _("Layer"), list(CLASSES), "convolution_kind", format_func=lambda c: CLASSES[c].__name__
    )
    with st.container(horizontal=True, gap="small"):  # side by side on a phone, one below the other beside a figure
        _settings(kind)


def layer() -> Layer:
    """Return the layer that the widgets describe; sizes may still be refused."""
    kind = _kept("convolution_kind", "conv")
    inputs = _number(INPUTS)
    if kind == "adaptive":
        return Layer(kind, _pair(SIZE), output_size=_pair(TARGET), in_channels=inputs)
    weighted = kind in WEIGHTED
    return Layer(
        kind,
        _pair(SIZE),
        kernel_size=_pair(KERNEL),
        stride=_pair(STEP if kind in POOLING else STRIDE),
        padding=_padding(kind),
        dilation=_pair(DILATION) if kind in DILATED else (1, 1),
        in_channels=inputs,
        out_channels=_number(OUTPUTS) if weighted else inputs,
        groups=_number(GROUPS) if weighted else 1,
        bias=weighted and _kept("convolution_bias", True),
        ceil_mode=kind in POOLING and _kept("convolution_ceil", False),
        output_padding=_pair(EXTRA) if kind == "transposed" else (0, 0),
    )


def apart() -> bool:
    """Say whether height and width are set apart."""
    return _kept("convolution_apart", False)


def _kept(key: str, start: Value) -> Value:
    """Return a widget's value from the session, ``start`` while it has none."""
    value: Value = st.session_state.get(key, start)
    return value


def _number(setting: Setting, suffix: str = "") -> int:
    return _kept(setting.key + suffix, setting.start)


def _pair(setting: Setting) -> Pair:
    """Return height and width of a setting."""
    first = _number(setting)
    return first, _number(setting, "_w") if apart() else first


def _padding(kind: str) -> Pair | str:
    mode = _kept("convolution_pad", "number") if kind == "conv" else "number"
    return _pair(PADDING) if mode == "number" else mode


def _settings(kind: str) -> None:
    st.toggle(_("Separate height and width"), key="convolution_apart", **KEPT)
    _sliders(SIZE, _("Size"), _("height and width of the input, in cells"))
    if kind == "adaptive":
        _sliders(TARGET, "output_size", _("size of the output, in cells"))
        _channels(kind)
        return
    _sliders(KERNEL, "kernel_size", _("side of the window, in cells"))
    _sliders(STEP if kind in POOLING else STRIDE, "stride", _("how far the window moves in one step, in cells"))
    _paddings(kind)
    if kind in DILATED:
        _sliders(DILATION, "dilation", _("1: no gaps between the cells of the window"))
    if kind == "transposed":
        _sliders(EXTRA, "output_padding", _("cells added at the end of the output"))
    if kind in POOLING:
        st.checkbox(
            "ceil_mode",
            key="convolution_ceil",
            **KEPT,
            help=_("round up: the last window may extend past the border"),
        )
    _channels(kind)


def _sliders(setting: Setting, label: str, hint: str) -> None:
    """Show one slider, or two when height and width are set apart."""
    _slider(setting, f"{label} ↕" if apart() else label, hint)
    if apart():
        _slider(setting, f"{label} ↔", hint, "_w")


def _slider(setting: Setting, label: str, hint: str, suffix: str = "") -> None:
    key = setting.key + suffix
    st.slider(
        label,
        setting.least,
        setting.most,
        setting.start,
        key=key,
        help=hint,
        width=SLIDER,
        on_change=redraw.only(RESULT),
        **KEPT,
    )


def _paddings(kind: str) -> None:
    mode = "number"
    if kind == "conv":
        words = dict(zip(MODES, (_("a number"), "valid", "same"), strict=True))
        mode = choose(
            st.selectbox,
            "padding",
            MODES,
            "convolution_pad",
            format_func=lambda code: words[code],
            help=_("valid: none. same: as much as keeps the size. Or a number of cells on every side."),
        )
    if mode == "number":
        _sliders(PADDING, _("padding in cells"), _("cells added on every side, with the value 0"))


def _channels(kind: str) -> None:
    """Show channels, groups and bias."""
    with st.expander(_("Channels, groups, bias")):
        _slider(INPUTS, "in_channels", _("number of input channels"))
        if kind in WEIGHTED:
            _slider(OUTPUTS, "out_channels", _("number of filters"))
            _slider(GROUPS, "groups", _("in_channels groups: depthwise, a filter a channel"))
            st.toggle("bias", value=True, key="convolution_bias", **KEPT)
