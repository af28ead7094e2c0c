"""What the instrument needs beside its settings: a drawing, an upload, the filters of a network."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st
import torch
from PIL import Image
from torch import Tensor

from core.live.convolution.settings import WEIGHTED
from core.live.instrument import Array
from core.live.settings import Value
from core.sketch import drawing, image_file, record
from pages.parts.convolution import learned_filters, settings
from pages.shared import canvas, frame, offers, visitor, widgets
from pages.shared.language import _

CANVAS, SIDE = "convolution", 224  # of the canvas: its name, its pixels
PEN = 16
FILE = "convolution_file"  # the uploaded picture
SHOWN = 128  # pixels of the longer side of an uploaded picture


def tensors(now: Mapping[str, Value]) -> dict[str, Array]:
    """Show the widgets that belong to the chosen picture and kernel, and return what they hold.

    "picture" is (c, h, w), 0 to 1; "weight" and "bias" are those of the first layer of a network.
    """
    tensors_by_name: dict[str, Array] = {}
    with frame.error_boundary():
        picture = _picture(str(now["input"]))
        if picture is not None:
            tensors_by_name["picture"] = picture.numpy()
    if now["weights"] == "trained" and now["kind"] in WEIGHTED:
        with frame.error_boundary():
            tensors_by_name |= _learned()
    return tensors_by_name


def _picture(source: str) -> Tensor | None:
    """Show canvas or upload, and return the picture; None for one that the settings say, or that is not here.

    Raises ``InvalidSetting`` for a file that is no picture.
    """
    if source == "drawing":
        canvas.show(CANVAS, SIDE, PEN, canvas.BLANK)
        canvas.keep(CANVAS)
        return image_of(canvas.content(CANVAS))
    if source == "upload":
        st.file_uploader(_("Picture"), ["png", "jpg", "jpeg"], key=FILE, label_visibility="collapsed")
        return uploaded()
    return None


def _learned() -> dict[str, Array]:
    """Show which network's filters are taken, and return them; raises ``InvalidSetting``."""
    offered = offers.checkpoints(settings.NETWORK.name)
    names = {learned_filters.SHIPPED: _("the built-in network")} | {code: o.label for code, o in offered.items()}
    offers.say_missing(settings.NETWORK.name)
    source = widgets.choose(settings.NETWORK, _("Network"), names, widget=st.selectbox, width=360)
    st.caption(_("The learned filters decide kernel_size, channels and bias."))
    weight, bias = learned_filters.first_layer(visitor.folder(), source)
    return {"weight": weight.numpy()} | ({} if bias is None else {"bias": bias.numpy()})


def image_of(strokes: canvas.Content | None) -> Tensor:
    """Return the image (1, SIDE, SIDE), 0 to 1, of what the canvas holds; all 0 where nothing is drawn."""
    strokes_drawing = drawing.from_canvas(strokes, SIDE, SIDE, PEN)
    return torch.from_numpy(np.array(record.from_drawing(strokes_drawing, centred=False).image)).float()[None] / 255


def uploaded() -> Tensor | None:
    """Return the uploaded picture, 0 black to 1 white, (3, h, w); None before there is one."""
    file = st.session_state.get(FILE)
    if file is None:
        return None
    image = Image.fromarray(np.rint(image_file.load(file.getvalue()) * 255).astype(np.uint8))
    image.thumbnail((SHOWN, SHOWN))
    pixels = np.asarray(image, dtype=np.float32) / 255
    return torch.from_numpy(pixels.copy()).reshape(*pixels.shape[:2], -1).permute(2, 0, 1)
