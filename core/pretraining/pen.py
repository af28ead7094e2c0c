"""A digit's strokes, written again by another hand: slant, proportions, wobble, coarse points, flags and bars."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]  # (n, 2): x to the right, y downwards, in pixels of 28x28
Strokes = list[Points]


def rewrite(strokes: Strokes, label: int, rng: np.random.Generator) -> Strokes:
    """Return ``strokes`` of a digit as another writer and another tablet might have given them."""
    strokes = [resample(stroke, rng.uniform(0.7, 1.3)) for stroke in strokes]
    strokes = [with_other_ends(stroke, rng) for stroke in strokes]
    strokes = with_habits(strokes, label, rng)
    strokes = bend(turn(strokes, rng), rng)
    return as_a_tablet_would(strokes, rng)


def resample(stroke: Points, spacing: float) -> Points:
    """Return points about ``spacing`` pixels apart along the stroke, its two ends among them."""
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(stroke, axis=0), axis=1))])
    count = max(2, round(along[-1] / spacing) + 1)
    places = np.linspace(0, along[-1], count)
    return np.stack([np.interp(places, along, stroke[:, axis]) for axis in (0, 1)], axis=1).astype(np.float32)


def with_other_ends(stroke: Points, rng: np.random.Generator) -> Points:
    """Lengthen or shorten both ends by up to about two pixels, curving a little: pens start and lift elsewhere."""
    if len(stroke) < 6:
        return stroke
    for _ in range(2):
        stroke = stroke[::-1]
        change = rng.normal(0, 0.9)
        if change < 0 and len(stroke) > 8:
            stroke = stroke[: len(stroke) - min(2, round(-change))]
        elif change > 0:
            way = stroke[-1] - stroke[-4]
            angle = np.arctan2(way[1], way[0]) + rng.normal(0, 0.35)
            stroke = np.concatenate([stroke, stroke[-1:] + min(change, 2.5) * _direction(angle)])
    return stroke.astype(np.float32)


def _direction(angle: float) -> Points:
    return np.array([[np.cos(angle), np.sin(angle)]], np.float32)


def with_habits(strokes: Strokes, label: int, rng: np.random.Generator) -> Strokes:
    """Add what some people write and few in MNIST did: 1 with flag and foot, 7 with a bar, 0 with a slash."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    width, height = high - low
    if label == 1 and width < 0.45 * height and len(strokes) == 1:
        return _one(strokes, height, rng)
    if label == 7 and len(strokes) == 1 and rng.random() < 0.4:
        return [*strokes, _crossbar(strokes[0], height, rng)]
    if label == 0 and rng.random() < 0.02:
        corner = np.array([width, -height]) * rng.uniform(0.3, 0.55)
        middle = (low + high) / 2
        return [*strokes, np.stack([middle - corner, middle + corner]).astype(np.float32)]
    return strokes


def _one(strokes: Strokes, height: float, rng: np.random.Generator) -> Strokes:
    """Give a bare bar a flag (35 of 100) and a foot (a third of those, 3 of 100 without a flag)."""
    stem = strokes[0] if strokes[0][0, 1] <= strokes[0][-1, 1] else strokes[0][::-1]
    out = [stem]
    flagged = rng.random() < 0.35
    if flagged:
        angle = np.pi - rng.uniform(0.35, 1.2)  # down to the left of the tip, 20 to 70 degrees below level
        tip = stem[0] + height * rng.uniform(0.15, 0.55) * _direction(angle)[0]
        knee = (stem[0] + tip) / 2 + rng.normal(0, 0.03 * height, 2)
        flag = np.stack([tip, knee, stem[0]]).astype(np.float32)
        out = [np.concatenate([flag, stem[1:]])]
    if rng.random() < (0.33 if flagged else 0.03):
        half = height * rng.uniform(0.12, 0.4) * np.array([1, rng.normal(0, 0.12)])
        out.append(np.stack([stem[-1] - half, stem[-1] + half * rng.uniform(0.7, 1.3)]).astype(np.float32))
    return out


def _crossbar(stroke: Points, height: float, rng: np.random.Generator) -> Points:
    """Cross the stem of a 7 between a third and two thirds of its height."""
    level = stroke[:, 1].min() + height * rng.uniform(0.35, 0.65)
    below = stroke[stroke[:, 1] > stroke[:, 1].min() + 0.3 * height]
    where = below[np.argmin(np.abs(below[:, 1] - level))] if len(below) else stroke[len(stroke) // 2]
    half = height * rng.uniform(0.12, 0.32) * np.array([1, rng.normal(-0.1, 0.25)])
    return np.stack([where - half * rng.uniform(0.7, 1.3), where + half]).astype(np.float32)


def turn(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    """Rotate by up to 15 degrees or so, slant, and stretch one direction against the other."""
    angle, slant = rng.normal(0, 0.13), rng.normal(0, 0.22)
    stretch = np.exp(rng.normal(0, 0.18))
    cosine, sine = np.cos(angle), np.sin(angle)
    matrix = np.array([[cosine, -sine], [sine, cosine]]) @ np.array([[stretch, slant], [0, 1]])
    return [(stroke @ matrix.T).astype(np.float32) for stroke in strokes]


def bend(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    """Push the plane about by smooth waves of up to a pixel, and each stroke a little by itself."""
    out = [stroke.astype(np.float64) for stroke in strokes]
    for _ in range(3):
        wave = rng.normal(0, 1, 2) * 2 * np.pi / rng.uniform(14, 40)
        push = rng.normal(0, 0.45, 2)
        phase = rng.uniform(0, 2 * np.pi)
        out = [stroke + np.sin(stroke @ wave + phase)[:, None] * push for stroke in out]
    if len(out) > 1:
        out = [stroke + rng.normal(0, 0.35, 2) for stroke in out]
    return [stroke.astype(np.float32) for stroke in out]


def as_a_tablet_would(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    """Keep only points some way apart, make them tremble, round them to a grid: tablets sample coarsely."""
    spacing = np.exp(rng.uniform(np.log(0.8), np.log(4.5)))
    tremor = abs(rng.normal(0, 0.15))
    grid = np.exp(rng.uniform(np.log(0.02), np.log(0.6)))
    out = []
    for stroke in strokes:
        sparse = _thin_out(stroke, spacing)
        trembling = sparse + rng.normal(0, tremor, sparse.shape)
        out.append((np.round(trembling / grid) * grid).astype(np.float32))
    return out


def _thin_out(stroke: Points, spacing: float) -> Points:
    """Keep points at least ``spacing`` apart along the stroke, and both ends."""
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(stroke, axis=0), axis=1))])
    keep = np.flatnonzero(np.diff(np.floor(along / spacing), prepend=-1) > 0)
    if keep[-1] != len(stroke) - 1:
        keep = np.append(keep, len(stroke) - 1)
    return stroke[keep]
