"""The words for the settings of one layer."""

from __future__ import annotations

from core.convolution.layer import CLASSES
from core.live.convolution.settings import KERNELS, MODES, PICTURES
from pages.shared.instruments import ControlWords
from pages.shared.language import _


def words() -> dict[str, ControlWords]:
    """Return name and meaning of each setting, translated."""
    return {**_layer(), **_what_goes_in(), **_channels()}


def _pair(name: str, label: str, hint: str) -> dict[str, ControlWords]:
    """Return the words for a setting of height and width; the width has them too, where it is set apart."""
    return {name: {"label": label, "hint": hint}, f"{name}_w": {"label": f"{label} ↔", "hint": hint}}


def _layer() -> dict[str, ControlWords]:
    stride = _("how far the window moves in one step, in cells")
    modes = dict(zip(MODES, (_("a number"), "valid", "same"), strict=True))
    return {
        "kind": {
            "label": _("Layer"),
            "options": {code: module_class.__name__ for code, module_class in CLASSES.items()},
        },
        "apart": {"label": _("Separate height and width")},
        **_pair("size", _("Size"), _("height and width of the input, in cells")),
        **_pair("target", "output_size", _("size of the output, in cells")),
        **_pair("kernel", "kernel_size", _("side of the window, in cells")),
        **_pair("stride", "stride", stride),
        **_pair("step", "stride", stride),
        "pad": {
            "label": "padding",
            "options": modes,
            "hint": _("valid: none. same: as much as keeps the size. Or a number of cells on every side."),
        },
        **_pair("padding", _("padding in cells"), _("cells added on every side, with the value 0")),
        **_pair("dilation", "dilation", _("1: no gaps between the cells of the window")),
        **_pair("extra", "output_padding", _("cells added at the end of the output")),
        "ceil": {"label": "ceil_mode", "hint": _("round up: the last window may extend past the border")},
    }


def _what_goes_in() -> dict[str, ControlWords]:
    how_to_type = _("A new line or ; ends a row, spaces separate cells, an empty line begins the next channel.")
    return {
        "input": {"label": _("Input"), "options": picture_names()},
        "digit": {"label": _("Which digit of the data set")},
        "typed": {
            "label": _("Cells of the input"),
            "hint": f"{how_to_type} " + _("The typed cells decide the size."),
        },
        "weights": {"label": _("Kernel"), "options": kernel_names()},
        "seed": {"label": _("Seed")},
        "cells": {
            "label": _("Cells of the kernel"),
            "hint": f"{how_to_type} " + _("The typed cells decide kernel_size."),
        },
        "b": {"label": _("Bias")},
        "filter": {"label": _("Filter (output channel)")},
        "guess": {"label": _("Let me guess the size first")},
        "guessed": {"label": _("What size comes out?")},
    }


def _channels() -> dict[str, ControlWords]:
    return {
        "in": {"label": "in_channels", "hint": _("number of input channels")},
        "out": {"label": "out_channels", "hint": _("number of filters")},
        "groups": {"label": "groups", "hint": _("in_channels groups: depthwise, a filter a channel")},
        "bias": {"label": "bias"},
    }


def picture_names() -> dict[str, str]:
    """Return the pictures by code."""
    names = {
        "digit": _("a digit"),
        "drawing": _("my drawing"),
        "upload": _("my picture"),
        "typed": _("typed cells"),
        "dice": _("numbers 0 to 9"),
        "counting": _("counting"),
        "edge": _("an edge"),
        "cross": _("a cross"),
        "diagonal": _("a diagonal"),
        "checkers": _("a chessboard"),
        "dot": _("one dot"),
    }
    return {code: names[code] for code in PICTURES}


def kernel_names() -> dict[str, str]:
    """Return the kernels by code."""
    names = {
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
    return {code: names[code] for code in KERNELS}
