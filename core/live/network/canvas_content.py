"""What a browser has drawn: strokes on a square, or an image of 28x28; all of it is checked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import N_, InvalidSetting
from core.live.instrument import Ask
from core.live.settings import RELOAD
from core.mnist_framing import SIDE
from core.recognise import doubt
from core.sketch import record
from core.sketch import strokes as vectors
from core.sketch.drawing import MOST_POINTS, MOST_STROKES, Drawing

FARTHEST = 1_000.0  # sides of the canvas: a pen that is dragged off it goes on to the edge of the screen


@dataclass(frozen=True)
class CanvasContent:
    """The framed image, uint8 (28, 28), why it may not be one digit, and whether it is from a larger picture."""

    image: NDArray[np.uint8]
    doubt: str | None
    of_page: bool = False


def read_content(ask: Ask) -> CanvasContent:
    """Return what the tab left to be read; raises ``InvalidSetting`` for what our own pages never send."""
    reads = str(ask.settings["reads"])
    if reads == "nothing":
        return CanvasContent(np.zeros((SIDE, SIDE), np.uint8), doubt.EMPTY)
    tensor = ask.tensors.get(reads)
    if tensor is None or not np.isfinite(tensor).all():
        raise InvalidSetting(RELOAD)
    if reads == "image":
        if tensor.shape != (SIDE, SIDE):
            raise InvalidSetting(RELOAD)
        reason = str(ask.settings["reason"]) or None
        return CanvasContent(record.as_bytes(np.clip(tensor, 0, 1)), reason, bool(ask.settings["of_page"]))
    return of_strokes(_drawing(tensor, float(ask.settings["pen"])), bool(ask.settings["centred"]))


def of_strokes(drawing: Drawing, centred: bool) -> CanvasContent:
    """Frame strokes, without the pictures of every step on the way that ``core.sketch.record`` makes."""
    ink = vectors.draw_all([drawing.strokes])[0] if centred else vectors.draw_where_it_is(drawing)
    return CanvasContent(record.as_bytes(ink), doubt.of_drawing(drawing))


def _drawing(points: NDArray[np.float32], pen: float) -> Drawing:
    """Return the points (n, 3), each x, y and the number of its stroke, as a drawing on a canvas of side 1."""
    if points.ndim != 2 or points.shape[1] != 3 or np.abs(points[:, :2]).max() > FARTHEST:
        raise InvalidSetting(RELOAD)
    if len(points) > MOST_POINTS:
        raise InvalidSetting(N_("{count} points are more than {most}"), count=len(points), most=MOST_POINTS)
    ends = np.flatnonzero(np.diff(points[:, 2])) + 1
    if len(ends) >= MOST_STROKES:
        raise InvalidSetting(N_("{count} strokes are more than {most}"), count=len(ends) + 1, most=MOST_STROKES)
    strokes = tuple(part[:, :2].astype(np.float64) for part in np.split(points, ends))
    return Drawing(strokes, 1.0, 1.0, pen)
