"""From the drawing to the 28x28 that the network sees, one picture a step."""

from __future__ import annotations

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray

from core.datasets import MEAN, STD, normalise
from core.figures import digits, palette
from core.mnist_framing import CENTRE, Ink
from core.sketch.picture_ink import PictureInk
from core.sketch.record import Sketch
from core.sketch.strokes import PEN
from pages.parts.draw import settings
from pages.parts.draw.source import Source
from pages.shared import figures, widgets
from pages.shared.expander import lazy_expander
from pages.shared.language import _

WIDTH = "150px"


def show(source: Source) -> None:
    """Show every step with what it did, and the numbers at the end."""
    st.header(_("What the network sees, step by step"), anchor=False)
    sketch = source.sketch
    first = _("1 · As drawn") if source.picture is None else _("1 · The ink on it")
    parts = (
        []
        if source.picture is None
        else [figures.figure(_whole_picture(source.picture), WIDTH, _left_out(source.picture))]
    )
    parts.append(figures.figure(_with_box(sketch), WIDTH, first))
    if sketch.box is not None and sketch.crop is not None and sketch.boxed is not None:
        parts += _framed(source)
        parts.append(figures.figure(_with_cross(sketch.image), WIDTH, _middle(sketch)))
    else:
        caption = _("2 · The whole canvas made 28×28, nothing cropped, nothing centred")
        parts.append(figures.figure(255 - sketch.image, WIDTH, caption))
    st.html(figures.row(parts))
    _numbers(sketch)


def _whole_picture(picture: PictureInk) -> NDArray[np.uint8]:
    return np.rint(np.clip(picture.picture, 0, 1) * 255).astype(np.uint8)


def _left_out(picture: PictureInk) -> str:
    """Return the caption of the picture: what of it was not read."""
    words = {
        "page": _("what lies beyond the page"),
        "lines": _("ruled lines"),
        "frame": _("a frame"),
        "edge": _("what touches the edge"),
        "marks": _("marks beside the digit"),
    }
    if not picture.removed:
        return _("The picture; nothing was left out")
    names_left = _(", ").join(words[name] for name in picture.removed)
    return _("The picture. Left out: {what}", what=names_left)


def _framed(source: Source) -> list[str]:
    """Return the pictures of cropping and scaling."""
    sketch = source.sketch
    assert sketch.box is not None and sketch.crop is not None and sketch.boxed is not None
    height, width = sketch.crop.shape
    crop = _("2 · Cropped to the ink: {width}×{height} pixels", width=width, height=height)
    if source.strokes:
        scaled = _(
            "3 · Scaled into 20×20, and drawn again with one pen, {pen} pixels wide: how bold your pen was does"
            " not matter",
            pen=PEN,
        )
    else:
        scaled = _("3 · Scaled so that the longer side is 20 pixels")
    return [
        figures.figure(digits.square(_paper(sketch.crop)), WIDTH, crop),
        figures.figure(digits.square(_paper(sketch.boxed)), WIDTH, scaled),
    ]


def _middle(sketch: Sketch) -> str:
    assert sketch.mass is not None and sketch.corner is not None
    row, column = sketch.mass
    return _(
        "4 · Its centre of mass, row {row} column {column} of the box, moved to the middle pixel of 28×28"
        " (the cross): the box begins at row {top}, column {left}",
        row=f"{row:.1f}",
        column=f"{column:.1f}",
        top=sketch.corner[0],
        left=sketch.corner[1],
    )


def _numbers(sketch: Sketch) -> None:
    """Show the 784 numbers, as stored and as the network is given them."""

    def inside() -> None:
        words = {"bytes": _("0 to 255, as MNIST stores them"), "given": _("normalised, as the network gets them")}
        which = widgets.choose(settings.NUMBERS, _("Numbers"), words, label_visibility="collapsed")
        if which == "given":
            st.latex(rf"x = \frac{{p / 255 - {MEAN}}}{{{STD}}}")
        input_values = normalise(torch.from_numpy(sketch.image[None]))[0, 0].numpy() if which == "given" else None
        st.html(figures.number_grid(sketch.image, figures.texts(sketch.image, input_values), words[which]))

    lazy_expander(_("The 784 numbers"), "draw_784", inside, icon=":material/grid_on:")


def _paper(ink: Ink) -> NDArray[np.uint8]:
    """Return ink as dark on light."""
    return np.rint(255 - 255 * ink).astype(np.uint8)


def _with_box(sketch: Sketch) -> NDArray[np.uint8]:
    """Return the canvas with the ink's box drawn around it."""
    picture = np.repeat(_paper(sketch.canvas)[..., None], 3, axis=-1)
    if sketch.box is not None:
        top, left, bottom, right = sketch.box
        colour = [int(palette.POSITIVE[at : at + 2], 16) for at in (1, 3, 5)]
        picture[top : top + 2, left:right] = picture[bottom - 2 : bottom, left:right] = colour
        picture[top:bottom, left : left + 2] = picture[top:bottom, right - 2 : right] = colour
    return picture


def _with_cross(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the image, four times as large, with a cross on the middle pixel."""
    large = np.repeat(np.repeat(255 - image, 4, axis=0), 4, axis=1)
    picture = np.repeat(large[..., None], 3, axis=-1)
    middle = CENTRE * 4 + 2
    colour = [int(palette.NEGATIVE[at : at + 2], 16) for at in (1, 3, 5)]
    picture[middle - 6 : middle + 7, middle] = picture[middle, middle - 6 : middle + 7] = colour
    return picture
