"""Is it one digit at all? What speaks against it is looked for in the ink itself, apart from the network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.mnist_framing import BOX, Ink
from core.sketch.drawing import Drawing
from core.sketch.strokes import without_specks

if TYPE_CHECKING:
    from core.sketch.picture_ink import PictureInk

# Reasons, and the confidence that is left that it is one digit.
EMPTY, SEVERAL, SCRIBBLE, SPOT = "empty", "several", "scribble", "spot"
PHOTOGRAPH, FILLED, CUT, UNSURE = "photograph", "filled", "cut", "unsure"  # of pictures alone
CONFIDENCE = {
    EMPTY: 0.0,
    SEVERAL: 0.2,
    SCRIBBLE: 0.2,
    SPOT: 0.2,
    PHOTOGRAPH: 0.2,
    FILLED: 0.2,
    CUT: 0.2,
    UNSURE: 1.0,
}

# Found on MNIST's training digits, traced: see tests/test_recognise.py for how seldom a digit is doubted.
GAP = 0.07  # of the longer side: paper between two parts side by side
WIDE_GAP = -0.03  # the same for a drawing wider than high: parts may even touch
TALL = 0.55  # of the drawing's height: both parts reach it, so neither is a bar or a dot
WIDE, WIDEST = 1.15, 2.1  # width over height
LONGEST = 5.0  # length of the line over the longer side of the drawing; of 1000 digits 999 have at most 3.9
MOST_TURNS = 3.0  # full circles that the line turns, all told; of 1000 digits 999 have at most 2.2

# Found on series of pictures made by code: see benchmarks/pictures.py.
LEAST_SURE = 0.6  # probability of the digit; what was left of a frame or of ruling seldom gets it
EXPLAINED = (
    0.91  # of what is seen is one pen on one paper; writing in bad light has 0.93, beside a hard shadow less
)
THICKEST = 0.38  # thickest place over the longer side; the boldest digits have 0.33
LONGEST_INK = 3.9  # area over the pen's width and the longer side; digits have at most 3.6
MOST_HOLES = 4  # larger than a speck; an 8 in a bad picture has 3
FINE = 100  # pixels of the longer side: a smaller picture is enlarged before its ink is measured

Boxes = NDArray[np.float64]  # (n, 4): left, top, right, bottom of each part


def of_drawing(drawing: Drawing) -> str | None:
    """Return why the drawing is not one digit, or None."""
    strokes = without_specks(drawing.strokes)
    if not strokes:
        return EMPTY
    boxes = np.array([(*stroke.min(axis=0), *stroke.max(axis=0)) for stroke in strokes])
    width, height = boxes[:, 2].max() - boxes[:, 0].min(), boxes[:, 3].max() - boxes[:, 1].min()
    size = max(width, height)
    if size <= 0 or size < 0.6 * drawing.stroke_width:
        return SPOT
    if side_by_side(boxes):
        return SEVERAL
    even = [evenly((stroke - boxes[:, :2].min(axis=0)) * (BOX / size)) for stroke in strokes]
    length = sum(float(np.linalg.norm(np.diff(stroke, axis=0), axis=1).sum()) for stroke in even) / BOX
    if length > LONGEST or sum(map(turns, even)) > MOST_TURNS:
        return SCRIBBLE
    return SEVERAL if width > WIDEST * height and length > 2.5 else None


def of_picture(picture: PictureInk) -> str | None:
    """Return why what is written on a picture is not one whole digit, or None."""
    reason = of_ink(picture.ink)
    if reason is not None or picture.of_mnist:
        return reason
    if picture.explained < EXPLAINED:
        return PHOTOGRAPH
    return of_shape(picture.ink) or picture.doubt


def of_shape(ink: Ink) -> str | None:
    """Return "filled" where the ink is thicker than any pen's, "scribble" where its line is longer or knotted."""
    from scipy import ndimage  # 0.2 s: only pictures need it, drawings do not

    from core.sketch import masks

    if max(ink.shape) < FINE:
        ink = ndimage.zoom(ink, FINE / max(ink.shape), order=1)
    dark = ink > 0.5
    if not dark.any():
        return None
    solid = np.pad(dark[masks.box_of(dark)], 1)
    size = max(solid.shape) - 2
    depth = ndimage.distance_transform_edt(solid)
    if 2 * float(depth.max()) > THICKEST * size:
        return FILLED
    ridge = solid & (depth >= ndimage.maximum_filter(depth, 3))
    pen = max(2 * float(depth[ridge].mean()) - 1, 1.0)
    holes, _count = ndimage.label(masks.filled(solid) & ~solid)
    large = int((np.bincount(holes.ravel())[1:] > 0.0005 * size**2).sum())
    return SCRIBBLE if float(solid.sum()) > LONGEST_INK * pen * size or large > MOST_HOLES else None


def unless_sure(
    probabilities: NDArray[np.float64], reasons: Sequence[str | None], of_pages: Sequence[bool]
) -> list[str | None]:
    """Add "unsure" as the reason for each image of a page whose most probable digit is not probable enough."""
    best = probabilities.max(axis=1, initial=0)
    return [
        UNSURE if reason is None and of_page and top < LEAST_SURE else reason
        for reason, top, of_page in zip(reasons, best, of_pages, strict=True)
    ]


def of_ink(ink: Ink) -> str | None:
    """Return why the ink of a picture, (height, width), is not one digit, or None."""
    from scipy import ndimage

    labels, count = ndimage.label(ink > 0.3, np.ones((3, 3)))
    if not count:
        return EMPTY
    slices = ndimage.find_objects(labels)
    boxes = np.array([(b[1].start, b[0].start, b[1].stop, b[0].stop) for b in slices], np.float64)
    sizes = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    boxes = boxes[sizes > sizes.max() * 0.1]
    if side_by_side(boxes):
        return SEVERAL
    width, height = boxes[:, 2].max() - boxes[:, 0].min(), boxes[:, 3].max() - boxes[:, 1].min()
    covered = float((ink > 0.5).sum()) / float(width * height)
    if len(boxes) > 6 or (covered > 0.8 and min(width, height) > 0.5 * max(width, height)):
        return SCRIBBLE
    return SEVERAL if width > WIDEST * height and covered < 0.5 else None


def side_by_side(boxes: Boxes) -> bool:
    """Return whether the parts fall into two groups beside each other, each of them tall, with paper between.

    The top bar of a 5, the bar of a 7 and the two strokes of a 4 overlap sideways or are not tall.
    """
    left, top, right, bottom = boxes.T
    height = bottom.max() - top.min()
    width = right.max() - left.min()
    gap = (WIDE_GAP if width > WIDE * height else GAP) * max(height, width)
    order = np.argsort(left)
    reach = np.maximum.accumulate(right[order])
    for cut in range(1, len(order)):
        if left[order[cut]] - reach[cut - 1] > gap:
            groups = (order[:cut], order[cut:])
            if all(bottom[group].max() - top[group].min() > TALL * height for group in groups):
                return True
    return False


def evenly(stroke: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return points one pixel of the 20x20 box apart along the stroke, so that trembling is not turning."""
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(stroke, axis=0), axis=1))])
    places = np.linspace(0, along[-1], max(2, round(along[-1] / 1.5) + 1))
    points = np.stack([np.interp(places, along, stroke[:, axis]) for axis in (0, 1)], axis=1)
    if len(points) > 4:
        points[1:-1] = (points[:-2] + points[1:-1] + points[2:]) / 3
    return points


def turns(points: NDArray[np.float64]) -> float:
    """Return how many full circles the line turns, left and right both counted."""
    steps = np.diff(points, axis=0)
    steps = steps[np.linalg.norm(steps, axis=1) > 1e-6]
    angle = np.arctan2(steps[:, 1], steps[:, 0])
    change = np.abs((np.diff(angle) + np.pi) % (2 * np.pi) - np.pi)
    return float(change.sum() / (2 * np.pi))


def believe(probabilities: NDArray[np.float64], reasons: Sequence[str | None]) -> NDArray[np.float64]:
    """Spread probabilities: p' = q p + (1 − q)/10, q the confidence that it is one digit. (N, 10) -> (N, 10)."""
    q = np.array([1.0 if reason is None else CONFIDENCE[reason] for reason in reasons])[:, None]
    return q * probabilities + (1 - q) / 10
