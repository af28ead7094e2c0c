"""Ruling: straight lines across the whole page, taken out of the ink without the strokes that cross them."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.mnist_framing import Ink
from core.sketch import masks

Mask = NDArray[np.bool_]  # (height, width)

SLOPES = np.linspace(-0.06, 0.06, 25)
COVERED = 0.75  # of the page's width: a line that long is ruling
THICKEST = 0.05  # of the page's height
SET_BITS = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).sum(axis=1)  # of each byte
STRONGER = 1.5  # times as strong as a line: what crosses it, not the line


def ruling(strength: Ink, threshold: float, page: Mask) -> Mask:
    """Return the pixels that belong to lines across the page, level or upright; strokes that cross them do not.

    ``strength`` (height, width) is how much ink there is; what is below ``threshold`` is none.
    """
    ink = strength > threshold
    level, band = _level(strength, ink, page)
    upright, standing = (each.T for each in _level(strength.T, ink.T, page.T))
    lines = level | upright
    if band.any() and standing.any():  # where lines cross, neither is short across the other
        usual = float(np.median(strength[lines])) if lines.any() else 0.0
        lines |= band & standing & (strength < STRONGER * usual)
    if not lines.any() or _is_a_tight_crop(ink, lines):
        return np.zeros_like(ink)
    return lines


def without(strength: Ink, lines: Mask) -> Ink:
    """Return the strength with paper in place of the lines, and ink where a stroke goes on beyond a line."""
    bare = np.where(lines, np.float32(0), strength)
    depth = ndimage.distance_transform_edt(lines)[lines]
    reach = 2 * int(np.ceil(np.quantile(depth, 0.9))) + 3
    bridged = np.maximum(ndimage.grey_closing(bare, (reach, 1)), ndimage.grey_closing(bare, (1, reach)))
    return np.where(lines, bridged, bare)


def _is_a_tight_crop(ink: Mask, lines: Mask) -> bool:
    """Return whether the "lines" are rather the bar of a digit that fills the picture: the rest fills it too."""
    labels, count = ndimage.label(ink & ~lines, np.ones((3, 3)))
    if not count:
        return True
    rest = labels == 1 + int(np.bincount(labels.ravel())[1:].argmax())
    rows, columns = masks.box_of(rest)
    high, wide = (rows.stop - rows.start) / ink.shape[0], (columns.stop - columns.start) / ink.shape[1]
    return bool(max(high, wide) > 0.85 and min(high, wide) > 0.3 and lines.sum() < 0.5 * rest.sum())


def _level(strength: Ink, ink: Mask, page: Mask) -> tuple[Mask, Mask]:
    """Return the pixels of level lines that go, and the bands in which the lines lie.

    The slope under which rows are covered best is undone by moving columns; a row that is then covered from side
    to side is part of a line. Of the line's pixels those go that lie in a vertical run no longer than the line is
    thick; of a line fainter than the pen all that are not stronger.
    """
    height, width = ink.shape
    wide = np.maximum(page.sum(axis=1), 0.5 * width)
    rows, columns = np.nonzero(ink)
    lines, bands = np.zeros_like(ink), np.zeros_like(ink)
    if not len(rows):
        return lines, bands
    scored = []
    for slope in SLOPES:
        cover = _cover(rows, columns, slope, height, width) / wide
        scored.append((float(np.sort(cover)[-3:].sum()), float(slope)))
    slope = max(scored)[1]
    lined = _cover(rows, columns, slope, height, width) / wide > COVERED
    if not lined.any():
        return lines, bands
    near = lined | np.roll(lined, 1) | np.roll(lined, -1)
    begins = np.concatenate([[0], np.flatnonzero(np.diff(near.astype(int))) + 1, [height]])
    run = _vertical_runs(ink)
    strongest = float(np.quantile(strength[ink], 0.95))
    moved = np.clip(np.round(rows - slope * (columns - width / 2)).astype(int), 0, height - 1)
    for begin, end in itertools.pairwise(begins):
        if not near[begin]:
            continue
        on = (moved >= begin - 1) & (moved < end + 1)
        if not on.any():
            continue
        lengths = run[rows[on], columns[on]]
        thick = float(np.quantile(lengths, 0.25))  # the digit's strokes in the band are longer
        if thick > max(THICKEST * height, 4):
            continue
        level = strength[rows[on], columns[on]]
        usual = float(np.median(level[lengths <= 1.5 * thick + 1]))
        goes = on.copy()
        faint = usual < 0.7 * strongest  # then what is as faint as the line is the line, over a stroke too
        goes[on] = ((lengths <= 1.5 * thick + 1) | faint) & (level < STRONGER * usual)
        lines[rows[goes], columns[goes]] = True
        bands[rows[on], columns[on]] = True
    return lines, bands


def _cover(
    rows: NDArray[np.int64], columns: NDArray[np.int64], slope: float, height: int, width: int
) -> NDArray[np.int64]:
    """Return how many columns have ink in each row once the slope is undone, half a pixel of play included."""
    moved = np.round(rows - slope * (columns - width / 2)).astype(int)
    inside = (moved >= 0) & (moved < height)
    flat = np.zeros((height, width), bool)
    flat[moved[inside], columns[inside]] = True
    bits = np.packbits(flat, axis=1)
    bits[1:] |= bits[:-1].copy()
    covered: NDArray[np.int64] = SET_BITS[bits].sum(axis=1)
    return covered


def _vertical_runs(ink: Mask) -> NDArray[np.int64]:
    """Return for each ink pixel how long the vertical run of ink is that it lies in."""
    height, width = ink.shape
    padded = np.zeros((height + 2, width), bool)
    padded[1:-1] = ink
    change = np.diff(padded.astype(np.int8), axis=0)  # (height + 1, width)
    out = np.zeros((height, width), np.int64)
    for column in np.flatnonzero(ink.any(axis=0)):
        begins, ends = np.flatnonzero(change[:, column] == 1), np.flatnonzero(change[:, column] == -1)
        for begin, end in zip(begins, ends, strict=True):
            out[begin:end, column] = end - begin
    return out
