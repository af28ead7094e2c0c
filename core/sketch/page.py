"""Which part of a picture is the page: the innermost even region that has something drawn on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import ConvexHull, QhullError

from core.sketch import masks
from core.sketch.contrast import largest_channel

Pixels = NDArray[np.float32]  # (height, width, 3) in [0, 1]
Mask = NDArray[np.bool_]  # (height, width)

EDGE = 0.12  # contrast between neighbouring pixels, of 1, at which one region ends
LEAST = 0.03  # of the picture: a smaller region is no page
CONTENT = 0.06  # of the page's longer side: less is no writing
RECTANGLE = 0.83  # of the smallest rectangle round it: a sheet covers so much


def page_of(pixels: Pixels) -> Mask | None:
    """Return where the page is, what is drawn on it included; None when it is the whole picture.

    A page is a region without sharp edges. A sheet on a desk and a square on a page lie in the hole of another
    region; the page is the one that has holes itself (its writing) but no further page in them.
    """
    smooth = median_of_nine(pixels)
    darkest, brightest = (
        extreme(smooth, (3, 3, 1)) for extreme in (ndimage.minimum_filter, ndimage.maximum_filter)
    )
    contrast = largest_channel(brightest - darkest)
    labels, count = ndimage.label(contrast < EDGE)
    if count < 2:
        return None
    areas = np.bincount(labels.ravel())[1:]
    large = [index + 1 for index in np.argsort(-areas) if areas[index] >= LEAST * labels.size][:12]
    pages = {}
    for index in large:
        region = ndimage.binary_dilation(labels == index, iterations=2)
        filled = masks.filled(region)
        if _is_a_sheet(filled) and _has_writing(filled & ~region, filled):
            pages[index] = filled
    inner = {
        index: filled
        for index, filled in pages.items()
        if not any(other != index and _inside(pages[other], filled) for other in pages)
    }
    if not inner:
        return None
    best = max(inner, key=lambda index: areas[index - 1])
    page: Mask = inner[best]
    return None if page.mean() > 0.97 else page


def median_of_nine(pixels: Pixels) -> Pixels:
    """Return the median of each pixel and the eight round it, a channel at a time; the border's go on beyond it.

    Of three rows in order, it is the median of the largest low, the middle middle and the smallest high value.
    """
    padded = np.pad(pixels, ((1, 1), (1, 1), (0, 0)), mode="edge")
    low, middle, high = in_order(padded[:-2], padded[1:-1], padded[2:])
    medians: Pixels = in_order(
        in_order(low[:, :-2], low[:, 1:-1], low[:, 2:])[2],
        in_order(middle[:, :-2], middle[:, 1:-1], middle[:, 2:])[1],
        in_order(high[:, :-2], high[:, 1:-1], high[:, 2:])[0],
    )[1]
    return medians


def in_order(one: Pixels, two: Pixels, three: Pixels) -> tuple[Pixels, Pixels, Pixels]:
    """Return the least, the middle and the largest of three values, element by element."""
    low, high = np.minimum(one, two), np.maximum(one, two)
    return np.minimum(low, three), np.maximum(low, np.minimum(high, three)), np.maximum(high, three)


def _is_a_sheet(filled: Mask) -> bool:
    """Return whether a region with its holes filled is nearly a rectangle, turned perhaps, or cut off by the edge.

    The bold loop of a 0 or a 6 is not: an ellipse covers π/4 of its rectangle.
    """
    points = np.argwhere(filled & ~masks.eroded(filled, 1))
    if len(points) < 20:
        return False
    try:
        hull = ConvexHull(points)
    except QhullError:  # all on one line
        return False
    corners = points[hull.vertices].astype(np.float64)
    area = float(filled.sum()) - len(points) / 2  # to the middles of the outline's pixels, as the hull is
    if area / max(smallest_rectangle(corners), 1.0) > RECTANGLE:
        return True
    border = filled[0].sum() + filled[-1].sum() + filled[:, 0].sum() + filled[:, -1].sum()
    return bool(border > 0.1 * len(points) and area > 0.95 * hull.volume)


def smallest_rectangle(corners: NDArray[np.float64]) -> float:
    """Return the area of the smallest rectangle, turned as need be, round a convex polygon (n, 2)."""
    ways = np.roll(corners, -1, axis=0) - corners
    angles = np.arctan2(ways[:, 1], ways[:, 0])
    along = np.stack([np.cos(angles), np.sin(angles)])  # (2, n): along each side
    across = np.stack([-np.sin(angles), np.cos(angles)])
    return float((np.ptp(corners @ along, axis=0) * np.ptp(corners @ across, axis=0)).min())


def _has_writing(holes: Mask, page: Mask) -> bool:
    """Return whether one of the holes in a page is large enough to be writing."""
    labels, count = ndimage.label(holes)
    if not count:
        return False
    side = max(part.stop - part.start for part in masks.box_of(page))
    sizes = [max(part.stop - part.start for part in box) for box in ndimage.find_objects(labels)]
    return bool(max(sizes) + 4 >= max(CONTENT * side, 6))


def _inside(inner: Mask, outer: Mask) -> bool:
    """Return whether one filled region lies within another, larger one."""
    beyond = int((inner & ~outer).sum())
    return int(inner.sum()) < int(outer.sum()) and beyond < 0.02 * int(inner.sum())
