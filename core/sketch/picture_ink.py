"""What is written on a picture: the page found, the ink told from it, and what is not the digit left out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image
from scipy import ndimage

from core.mnist_framing import BOX, SIDE, Ink, ink_box
from core.sketch import lines, masks, page, parts
from core.sketch.contrast import Mask, Pixels, difference_of, explained, otsu, strength_of

WORKING = 400  # pixels of the longer side that the ink is looked for in
SMALLEST = 150  # pixels: a smaller picture is enlarged before
COARSE = 200  # pixels of the longer side that the page is looked for in
FAINTEST = 0.12  # contrast between ink and paper, of 1, below which the paper counts as blank
FINEST = 1.7  # pixels in the 20x20 box: a finer pen is made this bold, as strokes are
TINY = 0.2  # of the picture's longer side: a smaller digit is looked at more closely


@dataclass(frozen=True)
class PictureInk:
    """The ink of a picture, and what was done to find it.

    ``seen`` is the part of the picture that was looked at, (height, width, 3) in [0, 1]; ``ink`` float32 (height,
    width), 0 paper, 1 ink, at most 400 pixels a side; ``removed`` names what was left out (``parts``); ``doubt``
    is a reason to doubt that what is left is one whole digit, or None; ``explained`` is how much of what is seen is
    one pen on one paper, at most 1; ``of_mnist`` says that it may be a picture of MNIST's own, taken as it is.
    """

    picture: Pixels
    ink: Ink
    removed: tuple[str, ...] = ()
    doubt: str | None = None
    explained: float = 1.0
    of_mnist: bool = False


def of_pixels(pixels: Pixels) -> PictureInk:
    """Find what is written on a picture, (height, width, 3) in [0, 1]."""
    own = _of_mnist(pixels)
    if own is not None:
        return own
    small = shrunk(pixels, COARSE)
    mask = page.page_of(small)
    if mask is None:
        return _closer(pixels, np.ones(pixels.shape[:2], bool), ())
    there = np.asarray(Image.fromarray(mask).resize(pixels.shape[1::-1], Image.Resampling.NEAREST))
    box = masks.box_of(there)
    margin = max(round(1.5 * max(pixels.shape) / COARSE), 1)
    inner = masks.eroded(there[box], margin)
    return _closer(pixels[box], inner, (parts.SHEET,))


def _of_mnist(pixels: Pixels) -> PictureInk | None:
    """Return the greys as they are for a picture of 28x28 with an even border: it may be one of MNIST's own."""
    if pixels.shape[:2] != (SIDE, SIDE) or np.ptp(pixels, axis=2).max() > 0.02:
        return None
    grey = pixels.mean(axis=2)
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    if np.ptp(border) > 0:
        return None
    strength = np.abs(grey - border[0])
    top = float(strength.max())
    ink = strength / top if top >= FAINTEST else np.zeros_like(strength)
    return PictureInk(pixels, ink.astype(np.float32), of_mnist=True)


def shrunk(pixels: Pixels, side: int) -> Pixels:
    """Return the picture with at most ``side`` pixels on its longer side."""
    if max(pixels.shape) <= side:
        return pixels
    factor = side / max(pixels.shape)
    return _resized(pixels, factor, Image.Resampling.BOX)


def _resized(values: Pixels, factor: float, way: Image.Resampling) -> Pixels:
    height, width = (max(round(length * factor), 1) for length in values.shape[:2])
    layers = [
        np.asarray(Image.fromarray(np.ascontiguousarray(values[..., c])).resize((width, height), way))
        for c in range(3)
    ]
    clipped: Pixels = np.clip(np.stack(layers, axis=-1), 0, 1)
    return clipped


def _closer(pixels: Pixels, there: Mask, removed: tuple[str, ...]) -> PictureInk:
    """Find the ink; where it is small or there is none, look for it in the finer picture and go closer."""
    extraction = _extract(pixels, there, removed)
    longest = max(pixels.shape)
    if longest <= WORKING:
        return extraction
    extent = _extent(extraction.ink)
    if extent >= TINY * WORKING:
        return extraction
    box = _small_ink(pixels, there)
    if box is None:
        return extraction
    near = _extract(pixels[box], there[box], removed)
    return near if near.ink.any() else extraction


def _extent(ink: Ink | Mask) -> int:
    """Return the longer side of the ink's box."""
    box = ink_box(ink.astype(np.float32), 0.3)
    return max(box[2] - box[0], box[3] - box[1]) if box else 0


def _small_ink(pixels: Pixels, there: Mask) -> tuple[slice, slice] | None:
    """Return the surroundings of the largest part of ink in the fine picture, None where there is only noise."""
    strength = ndimage.uniform_filter(strength_of(difference_of(pixels, there)), 2)
    grain = float(np.median(strength[there])) * 1.5
    threshold = max(0.4 * float(strength.max()), FAINTEST / 2, 6 * grain)
    _labels, all_parts = parts.parts_of(strength > threshold, there)
    free = [part for part in all_parts if not part.touches and part.size >= 5]
    if not free:
        return None
    part = free[0]
    around = max(part.size, 12)
    return np.s_[
        max(part.top - around, 0) : part.bottom + around,
        max(part.left - around, 0) : part.right + around,
    ]


def _extract(pixels: Pixels, there: Mask, removed: tuple[str, ...]) -> PictureInk:
    """Tell ink from paper and the digit from what stands round it, at the working size."""
    longest = max(pixels.shape)
    factor = WORKING / longest if longest > WORKING else 200 / longest if longest < SMALLEST else 1.0
    if factor != 1.0:
        way = Image.Resampling.BOX if factor < 1 else Image.Resampling.BICUBIC
        pixels = _resized(pixels, factor, way)
        there = np.asarray(Image.fromarray(there).resize(pixels.shape[1::-1], Image.Resampling.NEAREST))
    difference = difference_of(pixels, there)
    strength = strength_of(difference)
    empty = PictureInk(pixels, np.zeros(there.shape, np.float32), removed)
    top = float(np.quantile(strength, 0.999)) if strength.size > 2000 else float(strength.max())
    if top < FAINTEST:
        return empty
    grain = float(np.median(strength[there])) if there.any() else 0.0
    ruled = lines.ruling(strength, max(0.12 * top, FAINTEST / 3, 4 * grain), there)
    if ruled.any():
        removed = (*removed, parts.LINES)
        strength = lines.without(strength, ruled)
        top = float(np.quantile(strength, 0.999))
        if top < FAINTEST:
            return replace(empty, removed=removed)
    middle = otsu(np.minimum(strength, top))
    strong = _without_faint(strength, middle)
    if strong is not None:
        removed = (*removed, parts.LINES)
        strength, middle = strong, otsu(np.minimum(strong, top))
    soft = np.clip(strength / max(min(2 * middle, top), 1e-6), 0, 1).astype(np.float32)
    soft[strength < 0.35 * middle] = 0
    split = parts.split(soft > 0.4, there)
    near = masks.grown(split.digit, 2)  # the soft edge belongs to its part
    others = ndimage.binary_dilation((soft > 0.4) & ~split.digit)
    digit = np.where(near & ~(others & ~split.digit), soft, np.float32(0))
    other = ndimage.binary_dilation((strength > 0.35 * middle) & ~near) | ruled
    return PictureInk(
        pixels,
        bold_enough(digit),
        tuple(dict.fromkeys((*removed, *split.removed))),
        split.doubt,
        explained(difference, digit, other & (digit == 0)),
    )


def _without_faint(strength: Ink, middle: float) -> Ink | None:
    """Return the strength less that of faint ruling across the page, None where there is none.

    Where much of the ink is fainter than the rest and lies apart from it, all over the page, the rest is the
    writing.
    """
    ink = strength > 0.5 * middle
    if not ink.any():
        return None
    threshold = otsu(strength[ink])
    strong = strength > threshold
    faint = ink & ~masks.grown(strong, 3)
    if faint.sum() < 0.3 * strong.sum() or _extent(strong) < 0.15 * max(ink.shape):
        return None
    rows, columns = np.flatnonzero(faint.any(axis=1)), np.flatnonzero(faint.any(axis=0))
    if rows[-1] - rows[0] < 0.8 * ink.shape[0] and columns[-1] - columns[0] < 0.8 * ink.shape[1]:
        return None
    usual = float(np.quantile(strength[faint], 0.9))
    bare: Ink = np.maximum(strength - np.float32(usual), 0)
    return bare


def bold_enough(ink: Ink) -> Ink:
    """Make a fine pen bolder, so that it does not fade when the digit is scaled into 20x20.

    The pen's width is twice the mean distance of the ink's ridge to the paper.
    """
    solid = ink > 0.5
    if not solid.any():
        return ink
    own = solid[masks.box_of(solid)]
    depth = ndimage.distance_transform_edt(np.pad(own, 1))[1:-1, 1:-1]
    ridge = own & (depth >= ndimage.maximum_filter(depth, 3))
    pen = max(2 * float(depth[ridge].mean()) - 1, 1.0)
    extent = max(own.shape)
    target_pen = FINEST * extent / BOX
    if pen >= target_pen:
        return ink
    grow = (target_pen - pen) / 2
    padded = np.pad(ink, int(np.ceil(grow)) + 1)
    away = ndimage.distance_transform_edt(padded <= 0.5)
    bolder: Ink = np.maximum(padded, np.clip(grow + 1 - away, 0, 1)).astype(np.float32)
    return bolder
