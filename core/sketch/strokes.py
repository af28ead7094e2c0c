"""Strokes as vectors -> ink on a grid: each pixel's distance to the nearest segment decides how dark it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.mnist_framing import BOX, CENTRE, SIDE
from core.sketch.drawing import Drawing

PEN = 2.6  # pixels in the 20x20 box: the width of the pen that draws every drawing again
Points = NDArray[np.floating]  # (n, 2): x to the right, y downwards
Strokes = Sequence[Points]

SPECK = 0.02  # of the drawing's longer side
POINT = 1e-300  # strokes that extend no further are a point: to enlarge them is beyond float64
CHUNK = 8192  # segments drawn at once: 8192 x 400 float32 are 13 MB


def segments_of(strokes: Strokes) -> tuple[Points, Points]:
    """Return the starts and ends, each (S, 2), of the straight pieces; a single point is a piece of length 0."""
    starts = [stroke[:-1] if len(stroke) > 1 else stroke for stroke in strokes if len(stroke)]
    ends = [stroke[1:] if len(stroke) > 1 else stroke for stroke in strokes if len(stroke)]
    return np.concatenate(starts), np.concatenate(ends)


def fit_box(strokes: Strokes, pen: float = PEN, box: float = BOX) -> list[Points]:
    """Scale strokes so that their ink, pen included, just fits into ``box`` pixels, keeping proportions."""
    points = np.concatenate([stroke for stroke in strokes if len(stroke)]).astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    extent = float((high - low).max())
    factor = (box - pen) / extent if extent > POINT else 0.0
    return [((stroke - low) * factor + pen / 2).astype(np.float32) for stroke in strokes if len(stroke)]


def ink(
    starts: Points, ends: Points, counts: NDArray[np.int64], height: int, width: int, pen: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Draw N drawings of ``counts`` segments each with pens (N,) in pixels: (N, height, width), 0 paper, 1 ink.

    A pixel's darkness is clip(pen/2 - d + 1/2, 0, 1), where d is the distance from the pixel's centre to the
    nearest segment: an edge that is one pixel soft.
    """
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32) + np.float32(0.5)
    out = np.empty((len(counts), height * width), np.float32)
    first = np.concatenate([[0], np.cumsum(counts)])
    begin = 0
    while begin < len(counts):
        end = max(int(np.searchsorted(first, first[begin] + CHUNK, side="right")) - 1, begin + 1)
        part = slice(first[begin], first[end])
        squared = _squared_distance(starts[part], ends[part], columns.ravel(), rows.ravel())
        nearest = np.minimum.reduceat(squared, first[begin:end] - first[begin], axis=0)
        out[begin:end] = np.clip(pen[begin:end, None] / 2 - np.sqrt(nearest) + 0.5, 0, 1)
        begin = end
    return out.reshape(-1, height, width)


def _squared_distance(
    starts: Points, ends: Points, x: NDArray[np.float32], y: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return (S, P): the squared distance of pixel centre (x, y) to each segment.

    With a the start, v = end - start and t = clip((p - a)·v / v·v, 0, 1): |p - a - t v|².
    """
    v = ends - starts
    length = np.maximum((v * v).sum(axis=1, keepdims=True), np.float32(1e-12))
    dx = x[None] - starts[:, :1]
    dy = y[None] - starts[:, 1:]
    t = dx * (v[:, :1] / length)
    t += dy * (v[:, 1:] / length)
    np.clip(t, 0, 1, out=t)
    dx -= t * v[:, :1]
    dy -= t * v[:, 1:]
    return (dx * dx + dy * dy).astype(np.float32)


def without_specks(strokes: Strokes) -> list[Points]:
    """Drop strokes that are specks beside a digit: no larger than a fiftieth of it all.

    The touch of a finger far from the digit would otherwise decide where the digit's box is.
    """
    strokes = [stroke for stroke in strokes if len(stroke)]
    if len(strokes) < 2:
        return strokes
    points = np.concatenate(strokes)
    whole = float((points.max(axis=0) - points.min(axis=0)).max())
    large = [stroke for stroke in strokes if float((stroke.max(axis=0) - stroke.min(axis=0)).max()) > whole * SPECK]
    return large or strokes


def draw_boxed(drawings: Sequence[Strokes], pen: float | NDArray[np.float32] = PEN) -> NDArray[np.float32]:
    """Draw N drawings, each with its pen (pixels), into the top left of (N, 20, 20), 0 paper, 1 ink.

    Every drawing has at least one point.
    """
    pens = np.broadcast_to(np.asarray(pen, np.float32), (len(drawings),))
    pieces = [
        segments_of(fit_box(without_specks(strokes), float(width)))
        for strokes, width in zip(drawings, pens, strict=True)
    ]
    counts = np.array([len(starts) for starts, _ in pieces], np.int64)
    starts = np.concatenate([starts for starts, _ in pieces])
    ends = np.concatenate([ends for _, ends in pieces])
    return ink(starts, ends, counts, BOX, BOX, pens)


def draw_all(
    drawings: Sequence[Strokes], pen: float | NDArray[np.float32] = PEN, whole_box: bool = False
) -> NDArray[np.float32]:
    """Frame N drawings as MNIST does, each drawn with its pen (pixels): (N, 28, 28), 0 paper, 1 ink."""
    return place_all(draw_boxed(drawings, pen), whole_box)


def draw_where_it_is(drawing: Drawing) -> NDArray[np.float32]:
    """Make the whole canvas 28x28 as it is, digit off the middle or not: (28, 28), 0 paper, 1 ink."""
    factor = SIDE / max(drawing.width, drawing.height)
    edge = np.array([SIDE - drawing.width * factor, SIDE - drawing.height * factor]) / 2
    starts, ends = segments_of([(stroke * factor + edge).astype(np.float32) for stroke in drawing.strokes])
    pen = np.array([max(drawing.stroke_width * factor, 1.0)], np.float32)
    image: NDArray[np.float32] = ink(starts, ends, np.array([len(starts)]), SIDE, SIDE, pen)[0]
    return image


def place_all(boxed: NDArray[np.float32], whole_box: bool = False) -> NDArray[np.float32]:
    """Move each (20, 20) by whole pixels so that its centre of mass is on pixel (14, 14) of 28x28.

    The ink stays inside, and with ``whole_box`` the 20x20 box, so that a narrow digit then stands left of the
    middle.
    """
    index = np.arange(BOX, dtype=np.float32)
    mass = np.maximum(boxed.sum(axis=(1, 2)), np.float32(1e-6))
    out = np.zeros((len(boxed), SIDE, SIDE), np.float32)
    places = []
    for axis in (1, 2):  # rows, then columns
        profile = boxed.sum(axis=3 - axis)
        extent = BOX - (profile[:, ::-1] > 0).argmax(axis=1)
        middle = profile @ index / mass
        shift = np.floor(CENTRE - middle + 0.5).astype(np.int64)
        places.append(np.clip(shift, 0, SIDE - (BOX if whole_box else extent)))
    for image, small, top, left in zip(out, boxed, *places, strict=True):
        image[top : top + BOX, left : left + BOX] = small[: SIDE - top, : SIDE - left]
    return out
