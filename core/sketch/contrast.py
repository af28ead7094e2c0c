"""How far each pixel is from its paper, in brightness and colour alike."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy import ndimage

from core.mnist_framing import Ink, ink_box

Pixels = NDArray[np.float32]  # (height, width, 3) in [0, 1]
Mask = NDArray[np.bool_]

# Brightness, and how blue and how red (ITU-R BT.601): a yellow pen differs from white paper in the second.
YCC = np.array([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], np.float32)


def difference_of(pixels: Pixels, page: Mask) -> Pixels:
    """Return how far each pixel of the page is from its paper, (height, width, 3), 0 elsewhere."""
    colours = pixels @ YCC.T
    if not page.all():  # paper goes on beyond the page's edge
        nearest = ndimage.distance_transform_edt(~page, return_distances=False, return_indices=True)
        colours = colours[tuple(nearest)]
    difference: Pixels = colours - paper_of(colours)
    difference[~page] = 0
    return difference


def strength_of(difference: Pixels) -> Ink:
    """Return (height, width), how far each pixel is from paper towards the pen's colour.

    The differences from the paper are projected on their first principal direction d: max(0, (x - paper)·d). Of
    the two ways along it, the pen's is the one with the rarer and stronger differences.
    """
    colours = difference.reshape(-1, 3)
    spread = colours.T @ colours
    direction = np.linalg.eigh(spread)[1][:, -1].astype(np.float32)
    along: Ink = difference @ direction
    return np.maximum(along if points_to_the_pen(along) else -along, 0)


def explained(difference: Pixels, ink: Ink, other: Mask) -> float:
    """Return how much of what is seen round the ink is one pen on one paper, at most 1.

    1 - Σ|d - ink·d̄|² / Σ|d|² over the ink's box and a tenth of it around, d̄ the mean difference of solid ink; what
    is ``other`` does not count. A photograph has many tones where a pen has two.
    """
    solid = ink > 0.6
    box = ink_box(ink, 0.3)
    if box is None or not solid.any():
        return 0.0
    top, left, bottom, right = box
    around = max((bottom - top, right - left)) // 10 + 2
    near = np.s_[max(top - around, 0) : bottom + around, max(left - around, 0) : right + around]
    counts = ~other[near]
    colours = difference[near][counts]
    pen = difference[solid].mean(axis=0)
    rest = colours - ink[near][counts][:, None] * pen
    return 1 - float((rest**2).sum()) / max(float((colours**2).sum()), 1e-9)


def paper_of(values: Pixels) -> Pixels:
    """Return the colour of the paper, (height, width, 3): one colour, or in uneven light that of the surroundings.

    One colour is the border's, unless little else has it: a frame along the border is no paper.
    """
    border = np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
    level = np.median(border, axis=0)
    alike = np.count_nonzero(largest_channel(np.abs(values - level)) < 0.06)
    if alike < 0.35 * values[..., 0].size:
        level = np.median(values.reshape(-1, 3), axis=0)
    spread = np.quantile(border[:, 0], 0.9) - np.quantile(border[:, 0], 0.1)
    if max(values.shape) < 100 or float(spread) < 0.06:
        return np.broadcast_to(level, values.shape).astype(np.float32)
    step = max(max(values.shape) // 60, 1)
    small = values[::step, ::step]
    size = max(small.shape) // 2 | 1
    wide = median_around(small, size)
    zoom = (values.shape[0] / wide.shape[0], values.shape[1] / wide.shape[1], 1)
    soft = ndimage.gaussian_filter(wide, (2, 2, 0))
    smooth: Pixels = ndimage.zoom(soft, zoom, order=1, mode="nearest", grid_mode=True)
    return smooth


def median_around(values: Pixels, size: int) -> Pixels:
    """Return (height, width, 3), the median of the ``size`` x ``size`` pixels around each pixel; ``size`` is odd.

    The border's pixels go on beyond it. ``scipy.ndimage.median_filter`` returns the same, in five times the time
    where ``size`` is half of the picture.
    """
    margin = size // 2
    padded = np.pad(values, ((margin, margin), (margin, margin), (0, 0)), mode="edge")
    windows = sliding_window_view(padded, (size, size), axis=(0, 1))  # (height, width, 3, size, size)
    middle = size * size // 2
    medians: Pixels = np.empty_like(values)
    for row, windows_of_row in zip(medians, windows, strict=True):  # all at once are tens of megabytes
        flat = windows_of_row.reshape(*row.shape, -1)
        flat.partition(middle)
        row[:] = flat[..., middle]
    return medians


def largest_channel(values: Pixels) -> Ink:
    """Return ``values.max(axis=2)``, (height, width); NumPy takes many times as long over an axis of three."""
    largest: Ink = np.maximum(np.maximum(values[..., 0], values[..., 1]), values[..., 2])
    return largest


def points_to_the_pen(difference: Ink) -> bool:
    """Return whether the stronger differences are towards larger values."""
    more, less = np.quantile(difference, 0.99), np.quantile(difference, 0.01)
    return bool(max(more, difference.max() / 2) > max(-less, -difference.min() / 2))


def otsu(strength: Ink) -> float:
    """Return the threshold that splits values into two classes with the largest variance between them.

    Maximises w₀ w₁ (μ₀ − μ₁)² over 64 bins. Otsu, IEEE Trans. SMC 9 (1979).
    """
    counts, edges = np.histogram(strength, 64)
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)[:-1].astype(np.float64)
    sums = np.cumsum(counts * middles)
    above = below[-1] + counts[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums[:-1] / below - (sums[-1] - sums[:-1]) / above) ** 2
    return float(edges[1 + int(np.argmax(np.nan_to_num(between)))])
