"""The settings of one layer as widgets; each is in the address under its key."""

from __future__ import annotations

import streamlit as st

from core.convolution.layer import CLASSES, Layer, Pair
from pages.shared.address import choose
from pages.shared.language import _

SLIDER = 155  # pixels
FULL = {"bind": "query-params", "persist_state": "session"}


def layer() -> Layer:
    """Show the widgets and return the layer that they describe; sizes may still be refused."""
    kind = choose(st.selectbox, _("Layer"), list(CLASSES), "conv_kind", format_func=lambda c: CLASSES[c].__name__)
    with st.container(horizontal=True, gap="small"):  # side by side on a phone, one below the other beside a figure
        return _settings(kind)


def _settings(kind: str) -> Layer:
    st.toggle(_("Height and width apart"), key="conv_apart", **FULL)
    size = _pair(_("Size"), "conv_size", 1, 32, 7, _("height and width of the input, in cells"))
    if kind == "adaptive":
        target = _pair("output_size", "conv_target", 1, 16, 3, _("how many cells shall come out"))
        return Layer(kind, size, output_size=target, in_channels=_channels(kind)[0])
    kernel = _pair("kernel_size", "conv_kernel", 1, 11, 3, _("how many cells the window has on a side"))
    stride = _stride(kind)
    padding = _padding(kind)
    dilation, extra, ceil = (1, 1), (0, 0), False
    if kind in ("conv", "max", "transposed"):
        dilation = _pair("dilation", "conv_dilation", 1, 4, 1, _("1: the window's cells lie side by side"))
    if kind == "transposed":
        extra = _pair("output_padding", "conv_extra", 0, 3, 0, _("cells added at the end of the output"))
    if kind in ("max", "avg"):
        ceil = st.checkbox("ceil_mode", key="conv_ceil", **FULL, help=_("round up: a window may hang over"))
    inputs, outputs, groups, bias = _channels(kind)
    return Layer(kind, size, kernel, stride, padding, dilation, inputs, outputs, groups, bias, ceil, extra)


def apart() -> bool:
    """Say whether height and width are set apart."""
    return bool(st.session_state.get("conv_apart"))


def _pair(label: str, key: str, least: int, most: int, start: int, hint: str = "") -> Pair:
    """Show one slider, or two when height and width are set apart."""
    first = _slider(f"{label} ↕" if apart() else label, key, least, most, start, hint)
    if not apart():
        return first, first
    return first, _slider(f"{label} ↔", f"{key}_w", least, most, start, hint)


def _slider(label: str, key: str, least: int, most: int, start: int, hint: str) -> int:
    st.session_state.setdefault(key, start)
    return int(st.slider(label, least, most, key=key, help=hint or None, width=SLIDER, **FULL))


def _stride(kind: str) -> Pair:
    start = 2 if kind in ("max", "avg") else 1
    key = "conv_step" if kind in ("max", "avg") else "conv_stride"
    return _pair("stride", key, 1, 6, start, _("how many cells the window moves each time"))


def _padding(kind: str) -> Pair | str:
    mode = "number"
    if kind == "conv":
        words = {"number": _("a number"), "valid": "valid", "same": "same"}
        mode = choose(
            st.selectbox,
            "padding",
            list(words),
            "conv_pad",
            format_func=lambda code: words[code],
            help=_("valid: none. same: as much as keeps the size. Or a number of cells on every side."),
        )
    if mode != "number":
        return mode
    return _pair(_("padding in cells"), "conv_padding", 0, 5, 0, _("cells added on every side, with the value 0"))


def _channels(kind: str) -> tuple[int, int, int, bool]:
    """Show channels, groups and bias; return (in, out, groups, bias)."""
    with st.expander(_("Channels, groups, bias")):
        inputs = _slider("in_channels", "conv_in", 1, 4, 1, _("how many pictures lie over each other"))
        if kind not in ("conv", "transposed"):
            return inputs, inputs, 1, False
        outputs = _slider("out_channels", "conv_out", 1, 4, 1, _("how many filters there are"))
        groups = _slider("groups", "conv_groups", 1, 4, 1, _("in_channels groups: depthwise, a filter a channel"))
        bias = st.toggle("bias", value=True, key="conv_bias", **FULL)
    return inputs, outputs, groups, bool(bias)
