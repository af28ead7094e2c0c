"""Drawings to begin with: some that read well, and some that teach where it fails."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.sketch.drawing import Drawing, Stroke

# Knots on a canvas of 280x280, x then y; "~": a smooth curve goes through them, "-": straight lines.
KNOTS: dict[str, tuple[str, ...]] = {
    "seven": ("- 82 72 196 66 122 222", "- 104 148 176 142"),
    "three": ("~ 88 84 124 56 172 68 176 106 130 134 184 156 186 204 136 228 82 204",),
    "one": ("- 104 112 154 58 154 226",),
    "four": ("- 112 58 84 152 198 152", "- 166 104 160 228"),
    "corner": ("~ 22 38 38 22 60 26 64 44 46 62 24 84", "- 24 84 68 82"),
    "two_digits": ("- 58 86 58 200", "~ 180 84 132 104 126 164 160 204 212 184 222 124 180 84"),
    "scribble": ("~ 60 80 210 90 70 120 220 150 60 170 200 200 90 230 90 70 150 240 190 60",),
}


def example(name: str, stroke_width: float = 18.0) -> Drawing:
    """Return example ``name``, a key of ``KNOTS``, on a canvas of 280x280."""
    strokes = tuple(_stroke(*knots.split()) for knots in KNOTS[name])
    return Drawing(strokes, 280.0, 280.0, stroke_width)


def _stroke(kind: str, *numbers: str) -> Stroke:
    points = np.array(numbers, np.float64).reshape(-1, 2)
    return curve(points) if kind == "~" else points


def curve(knots: Stroke, pieces: int = 8) -> Stroke:
    """Go smoothly through the knots: Catmull and Rom's cubic, (n, 2) -> (pieces (n - 1) + 1, 2).

    Between p₁ and p₂: ½ (2p₁ + (p₂ − p₀) t + (2p₀ − 5p₁ + 4p₂ − p₃) t² + (3p₁ − p₀ − 3p₂ + p₃) t³).
    """
    padded = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    p0, p1, p2, p3 = (padded[k : len(padded) - 3 + k, None] for k in range(4))  # (n - 1, 1, 2)
    t = np.linspace(0, 1, pieces, endpoint=False)[None, :, None]
    between = (
        2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    ) / 2
    return np.concatenate([between.reshape(-1, 2), knots[-1:]])


def strokes_of(drawing: Drawing) -> list[list[list[float]]]:
    """Return the points [x, y] of each stroke on a square of side 1, as the browser takes them."""
    return [(stroke / drawing.width).round(6).tolist() for stroke in drawing.strokes if len(stroke)]


def to_canvas(drawing: Drawing, colour: str = "#000000") -> dict[str, Any]:
    """Return what ``streamlit-drawable-canvas`` takes as a first drawing: one path a stroke."""
    return {
        "version": "6.0.0",
        "objects": [_object(stroke, drawing.stroke_width, colour) for stroke in drawing.strokes],
    }


def _object(stroke: Stroke, width: float, colour: str) -> dict[str, Any]:
    points = [[round(float(x), 2), round(float(y), 2)] for x, y in stroke]
    return {
        "type": "Path",
        "path": [["M", *points[0]], *(["L", *point] for point in points[1:])],
        "stroke": colour,
        "strokeWidth": width,
        "fill": None,
        "strokeLineCap": "round",
        "strokeLineJoin": "round",
    }
