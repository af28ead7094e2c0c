"""Every step from a drawing or a picture to 28x28, kept as one record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from core import mnist_framing
from core.mnist_framing import SIDE, Ink
from core.sketch import strokes as vectors
from core.sketch.drawing import Drawing

LONGEST = 280  # pixels of the longer side of the canvas as it is shown


@dataclass(frozen=True)
class Sketch:
    """What the network sees, and how it came about.

    ``canvas`` is the whole drawing, ``box`` the ink's (top, left, bottom, right) in it, ``crop`` what is inside;
    ``boxed`` is the ink scaled into 20x20, ``mass`` its centre of mass (row, column) there, ``corner`` where its
    top left pixel goes in ``image``, uint8 (28, 28), 0 paper, 255 ink. An empty canvas has no box. When
    ``centred`` is False the whole canvas was made 28x28 as it is, so there is no box either.
    """

    canvas: Ink
    box: tuple[int, int, int, int] | None
    crop: Ink | None
    boxed: Ink | None
    mass: tuple[float, float] | None
    corner: tuple[int, int] | None
    image: NDArray[np.uint8]
    centred: bool


def from_drawing(drawing: Drawing, centred: bool = True, pen: float = vectors.PEN) -> Sketch:
    """Frame one drawing; its ``image`` is the same as that of ``images`` for many."""
    canvas = paint(drawing)
    if drawing.empty:
        return _without_box(canvas, np.zeros((SIDE, SIDE), np.float32), centred)
    if not centred:
        return _without_box(canvas, vectors.draw_where_it_is(drawing), centred)
    boxed = vectors.draw_boxed([drawing.strokes], pen)[0]
    return _framed(canvas, mnist_framing.ink_box(canvas, 0.5), boxed, vectors.place_all(boxed[None])[0])


def from_ink(canvas: Ink, centred: bool = True) -> Sketch:
    """Frame the ink of a picture, float32 (height, width), 0 paper, 1 ink."""
    box = mnist_framing.ink_box(canvas)
    if box is None:
        return _without_box(canvas, np.zeros((SIDE, SIDE), np.float32), centred)
    if not centred:
        return _without_box(canvas, mnist_framing.squeeze(canvas), centred)
    top, left, bottom, right = box
    boxed = mnist_framing.scale_into_box(canvas[top:bottom, left:right])
    return _framed(canvas, box, boxed, mnist_framing.place_by_mass(boxed))


def _without_box(canvas: Ink, image: Ink, centred: bool) -> Sketch:
    return Sketch(canvas, None, None, None, None, None, as_bytes(image), centred)


def _framed(canvas: Ink, box: tuple[int, int, int, int] | None, boxed: Ink, image: Ink) -> Sketch:
    crop = None if box is None else canvas[box[0] : box[2], box[1] : box[3]]
    mass = mnist_framing.centre_of_mass(boxed)
    corner = mnist_framing.corner_of(boxed)
    return Sketch(canvas, box, crop, boxed, mass, corner, as_bytes(image), True)


def as_bytes(image: Ink) -> NDArray[np.uint8]:
    """Return ink in [0, 1] as MNIST holds it, 0 to 255."""
    return np.rint(image * 255).astype(np.uint8)


def images(drawings: list[Drawing], pen: float = vectors.PEN) -> NDArray[np.uint8]:
    """Frame many drawings at once, none of them empty: (N, 28, 28)."""
    if not drawings:
        return np.empty((0, SIDE, SIDE), np.uint8)
    return as_bytes(vectors.draw_all([drawing.strokes for drawing in drawings], pen))


def paint(drawing: Drawing) -> Ink:
    """Paint the drawing as it was drawn, for people to see: at most 280 pixels on the longer side."""
    factor = LONGEST / max(drawing.width, drawing.height)
    size = (max(round(drawing.width * factor), 1), max(round(drawing.height * factor), 1))
    picture = Image.new("L", size)
    brush = ImageDraw.Draw(picture)
    pen = min(max(round(drawing.stroke_width * factor), 1), LONGEST)
    for stroke in drawing.strokes:
        points = [tuple(point) for point in np.clip(stroke * factor, -LONGEST, 2 * LONGEST).tolist()]
        if len(points) > 1:
            brush.line(points, fill=255, width=pen, joint="curve")
        for x, y in points[:1] + points[-1:]:
            brush.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=255)
    return np.asarray(picture, np.float32) / np.float32(255)
