"""Pictures that a person brings: a digit of the data set, a drawing, an upload, typed cells."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import streamlit as st
import torch
from PIL import Image
from torch import Tensor

from core import datasets, file_kind
from core.convolution import pictures
from core.errors import N_, InvalidSetting
from core.file_kind import NamedFile
from core.sketch import drawing, record
from pages.shared import canvas
from pages.shared.language import _

TYPED = "0 0 1 0 0;0 1 1 0 0;0 0 1 0 0;0 0 1 0 0;0 1 1 1 0"
CANVAS, SIDE = "convolution", 224  # of the canvas: its name, its pixels
PEN = 16
MOST_PIXELS = 25_000_000


def how_to_type() -> str:
    """Say how cells are typed."""
    return _("A new line or ; ends a row, spaces separate cells, an empty line begins the next channel.")


def show(source: str) -> None:
    """Show the widgets that belong to the source of the picture."""
    if source == "digit":
        st.number_input(_("Which digit of the data set"), 0, 999, 0, key="convolution_digit", bind="query-params")
    elif source == "typed":
        st.text_area(
            _("Cells of the input"), TYPED, key="convolution_typed", bind="query-params", help=how_to_type()
        )
        st.caption(_("The typed cells decide the size."))
    elif source == "drawing":
        canvas.show(CANVAS, SIDE, PEN, canvas.BLANK)
        canvas.keep(CANVAS)
    elif source == "upload":
        st.file_uploader(_("Picture"), ["png", "jpg", "jpeg"], key="convolution_file", label_visibility="collapsed")


def picture(source: str, channels: int, height: int, width: int) -> Tensor:
    """Return (channels, height, width) from the source; raises ``InvalidSetting`` for what cannot be read."""
    if source in pictures.PATTERNS:
        return pictures.pattern(source, channels, height, width)
    if source == "digit":
        first = int(st.session_state.get("convolution_digit") or 0)
        return pictures.resized(_digits(first, channels), height, width)
    if source == "typed":
        return pictures.repeated(pictures.typed(str(st.session_state.get("convolution_typed", ""))), channels)
    brought = _drawn(canvas.content(CANVAS)) if source == "drawing" else _uploaded(channels)
    return pictures.repeated(pictures.resized(brought, height, width), channels)


def _digits(first: int, channels: int) -> Tensor:
    """Return digits ``first``, ``first + 1``, ... as channels, 0 paper to 1 ink, (channels, 28, 28)."""
    images = datasets.preferred().test_images
    return torch.stack([images[(first + c) % len(images)] for c in range(channels)]).float() / 255


def _drawn(strokes: dict[str, Any] | None) -> Tensor:
    drawn = drawing.from_canvas(strokes, SIDE, SIDE, PEN)
    return torch.from_numpy(np.array(record.from_drawing(drawn, centred=False).image)).float()[None] / 255


def _uploaded(channels: int) -> Tensor:
    """Return the uploaded picture, 0 black to 1 white: (3, h, w) where colour is wanted, else (1, h, w)."""
    file = st.session_state.get("convolution_file")
    if file is None:
        raise InvalidSetting(N_("choose a picture first: PNG or JPEG"))
    try:
        with Image.open(io.BytesIO(file.getvalue()), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise InvalidSetting(N_("this picture has more than {most} pixels"), most=MOST_PIXELS)
            image.thumbnail((128, 128))
            pixels = np.asarray(image.convert("RGB" if channels > 1 else "L"), dtype=np.float32) / 255
    except InvalidSetting:
        raise
    except Exception as error:  # damaged pictures raise anything
        given, wanted = NamedFile(file.name, file.getvalue()), N_("a picture that can be read: use PNG or JPEG")
        told = file_kind.refusal(given, wanted, frozenset({"PNG", "JPEG"}))
        if told is not None:
            raise told from error
        raise InvalidSetting(N_("this file is not a picture that can be read: PNG or JPEG")) from error
    return torch.from_numpy(pixels.copy()).reshape(*pixels.shape[:2], -1).permute(2, 0, 1)
