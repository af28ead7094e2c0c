"""What goes into the layer and what its kernels hold: patterns, digits, a drawing, a picture, typed cells."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st
import torch
from torch import Tensor

from core.convolution import kernels, pictures, trained
from core.convolution.layer import Layer
from core.errors import N_, InvalidSetting
from pages.parts.convolution import bring, controls
from pages.shared import address, offers, visitor
from pages.shared.language import _

BIAS = 0.0  # then white in the output says "no edge here"
OF_NUMBERS = 7  # cells on a side: each number can be read
TYPED_KERNEL = "1 0 -1;2 0 -2;1 0 -1"


@dataclass(frozen=True)
class Chosen:
    """What was chosen: codes and what belongs to them; the pictures are made when the layer is known."""

    picture: str
    kernel: str
    bias: float


@dataclass(frozen=True)
class Shown:
    """The layer, with what typed cells and learned filters say of it, and its tensors: x (C, H, W)."""

    layer: Layer
    x: Tensor
    weight: Tensor | None
    bias: Tensor | None


def picture_names() -> dict[str, str]:
    """Return the pictures by code."""
    patterns = {
        "dice": _("numbers 0 to 9"),
        "counting": _("counting"),
        "edge": _("an edge"),
        "cross": _("a cross"),
        "diagonal": _("a diagonal"),
        "checkers": _("a chessboard"),
        "dot": _("one dot"),
    }
    other = {
        "digit": _("a digit"),
        "drawing": _("my drawing"),
        "upload": _("my picture"),
        "typed": _("typed cells"),
    }
    return other | patterns


def kernel_names() -> dict[str, str]:
    """Return the kernels by code."""
    return {
        "sobel_x": _("edges ↔ (Sobel)"),
        "sobel_y": _("edges ↕ (Sobel)"),
        "identity": _("identity"),
        "blur": _("blur"),
        "sharpen": _("sharpen"),
        "emboss": _("emboss"),
        "random": _("random"),
        "typed": _("typed cells"),
        "trained": _("learned by a network"),
    }


def show(layer: Layer) -> None:
    """Show the choices of picture and kernel."""
    names = picture_names()
    picture = address.choose(
        st.selectbox,
        _("Input"),
        list(names),
        "convolution_input",
        format_func=lambda code: names[code],
        on_change=_take_its_size,
    )
    bring.show(picture)
    if not layer.has_weights:
        return
    words = kernel_names()
    kernel = address.choose(
        st.selectbox, _("Kernel"), list(words), "convolution_weights", format_func=lambda code: words[code]
    )
    if kernel == "random":
        st.number_input(_("Seed"), 0, 9999, 0, key="convolution_seed", bind="query-params")
    if kernel == "typed":
        st.text_area(
            _("Cells of the kernel"),
            TYPED_KERNEL,
            key="convolution_cells",
            bind="query-params",
            help=bring.how_to_type(),
        )
        st.caption(_("The typed cells decide kernel_size."))
    if kernel == "trained":
        _choose_network()
    if layer.bias and kernel != "trained":
        st.number_input(_("Bias"), -100.0, 100.0, BIAS, 0.5, key="convolution_b", bind="query-params")


def _take_its_size() -> None:
    """Show numbers small enough to be read, and pictures whole, unless the reader set another size."""
    digit, numbers = controls.SIZE.start, OF_NUMBERS
    before, after = (
        (digit, numbers) if st.session_state["convolution_input"] in pictures.PATTERNS else (numbers, digit)
    )
    for key in (controls.SIZE.key, f"{controls.SIZE.key}_w"):
        if st.session_state.get(key) == before:
            st.session_state[key] = after


def chosen(layer: Layer) -> Chosen:
    """Return what the choices say for this layer."""
    picture = str(st.session_state.get("convolution_input", next(iter(picture_names()))))
    if not layer.has_weights:
        return Chosen(picture, "", 0.0)
    kernel = str(st.session_state.get("convolution_weights", next(iter(kernel_names()))))
    added = layer.bias and kernel != "trained"
    return Chosen(picture, kernel, float(st.session_state.get("convolution_b", BIAS)) if added else 0.0)


def _choose_network() -> None:
    offered = offers.checkpoints("convolution_network")
    names = {trained.SHIPPED: _("the built-in network")} | {code: o.label for code, o in offered.items()}
    offers.say_missing("convolution_network")
    address.choose(st.selectbox, _("Network"), list(names), "convolution_network", format_func=names.__getitem__)
    st.caption(_("The learned filters decide kernel_size, channels and bias."))


def fit(layer: Layer, chosen: Chosen) -> Shown:
    """Make the tensors; typed cells and learned filters decide the sizes they have. Raises ``InvalidSetting``."""
    if chosen.kernel == "typed":
        cells = pictures.typed(str(st.session_state.get("convolution_cells", "")))
        layer = replace(layer, kernel_size=(cells.shape[1], cells.shape[2]))
    if chosen.kernel == "trained":
        if layer.kind != "conv":
            raise InvalidSetting(N_("learned filters belong to a Conv2d; choose that layer, or another kernel"))
        learned, learned_bias = trained.first_layer(
            visitor.folder(), st.session_state.get("convolution_network", trained.SHIPPED)
        )
        outputs, inputs, height, width = learned.shape
        layer = replace(
            layer,
            in_channels=inputs,
            out_channels=outputs,
            groups=1,
            kernel_size=(height, width),
            bias=learned_bias is not None,
        )
    if chosen.picture == "typed":
        typed = pictures.typed(str(st.session_state.get("convolution_typed", "")))
        layer = replace(layer, size=(typed.shape[1], typed.shape[2]))
    layer.sizes()
    x = bring.picture(chosen.picture, layer.in_channels, *layer.size)
    if not layer.has_weights:
        return Shown(layer, x, None, None)
    if chosen.kernel == "trained":
        return Shown(layer, x, learned, learned_bias)
    if chosen.kernel == "typed":
        weight = _spread(cells, layer)
    else:
        weight = kernels.weights(
            chosen.kernel, layer.weight_shape, int(st.session_state.get("convolution_seed") or 0)
        )
    bias = torch.full((layer.out_channels,), chosen.bias) if layer.bias else None
    return Shown(layer, x, weight, bias)


def _spread(cells: Tensor, layer: Layer) -> Tensor:
    """Give every kernel of the layer typed cells: the first block to the first, and around again."""
    count = layer.weight_shape[0] * layer.weight_shape[1]
    return torch.stack([cells[n % len(cells)] for n in range(count)]).reshape(layer.weight_shape)
