"""A drawing as data: strokes with the canvas they were drawn on, read from JSON or from the app's canvas."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import N_, InvalidSetting

MOST_STROKES = 2_000
MOST_POINTS = 10_000  # of one drawing; a long signature has 2,000, and each costs 8 kB while it is drawn
MOST_VALUES = 6  # of one point: x, y, a time, a pressure, two tilts
FARTHEST = 1e9  # pixels; beyond it nobody drew

Stroke = NDArray[np.float64]  # (n, 2): x to the right, y downwards, in pixels of the canvas


@dataclass(frozen=True)
class Drawing:
    """Strokes on a canvas of ``width`` x ``height`` pixels, drawn with a pen ``stroke_width`` pixels wide."""

    strokes: tuple[Stroke, ...]
    width: float = 280.0
    height: float = 280.0
    stroke_width: float = 20.0

    @property
    def empty(self) -> bool:
        """Whether there is not a single point."""
        return not any(len(stroke) for stroke in self.strokes)


def scaled(drawing: Drawing, side: float) -> Drawing:
    """Return the drawing, pen and all, on a canvas of ``side`` by ``side`` pixels."""
    by = side / max(drawing.width, drawing.height)
    strokes = tuple(stroke * by for stroke in drawing.strokes)
    return replace(drawing, strokes=strokes, width=side, height=side, stroke_width=drawing.stroke_width * by)


def from_json(value: Any) -> Drawing:
    """Read ``{"width", "height", "stroke_width", "strokes": [[[x, y], …], …]}``.

    Only ``strokes`` must be there. A point may hold more than x and y (a time, a pressure); the rest is ignored.
    Raises ``InvalidSetting`` on anything else.
    """
    if not isinstance(value, dict) or not isinstance(value.get("strokes"), list):
        raise InvalidSetting(N_('a drawing has "strokes", a list of strokes, each of them a list of points [x, y]'))
    strokes = value["strokes"]
    if len(strokes) > MOST_STROKES:
        raise InvalidSetting(N_("{count} strokes are more than {most}"), count=len(strokes), most=MOST_STROKES)
    if _columns(strokes):
        raise InvalidSetting(
            N_("these strokes are lists of xs and ys, as Quick, Draw! has them: give points [x, y]")
        )
    parsed_strokes = tuple(_stroke(number, stroke) for number, stroke in enumerate(strokes, 1))
    points = sum(map(len, parsed_strokes))
    if points > MOST_POINTS:
        raise InvalidSetting(N_("{count} points are more than {most}"), count=points, most=MOST_POINTS)
    return Drawing(
        parsed_strokes,
        _size(value, "width", 280.0),
        _size(value, "height", 280.0),
        _size(value, "stroke_width", 20.0),
    )


def _columns(strokes: list[Any]) -> bool:
    """Return whether strokes are [[x, …], [y, …]] or [[x, …], [y, …], [t, …]] in place of lists of points.

    Points that hold more than x and y hold equally much in every stroke, and seldom more than ``MOST_VALUES``.
    """
    if not strokes or not all(isinstance(stroke, list) and len(stroke) in (2, 3) for stroke in strokes):
        return False
    if not all(isinstance(row, list) for stroke in strokes for row in stroke):
        return False
    lengths = [{len(row) for row in stroke} for stroke in strokes]
    if any(len(each) > 1 for each in lengths):
        return False
    counts = {each.pop() for each in lengths}
    return max(counts) > (3 if len(counts) > 1 else MOST_VALUES)


def _stroke(number: int, points: Any) -> Stroke:
    """Return one stroke as an array; ``InvalidSetting`` when a point is not two finite numbers."""
    try:
        if len(points) == 0:
            return np.empty((0, 2))
        try:
            stroke = np.asarray(points, np.float64)
        except ValueError:  # points of unequal length: take x and y of each
            stroke = np.asarray([point[:2] for point in points], np.float64)
        good = stroke.ndim == 2 and stroke.shape[1] >= 2
    except (ValueError, TypeError, OverflowError, KeyError, IndexError):
        good = False
    if not good:
        raise InvalidSetting(N_("stroke {number} is not a list of points [x, y]"), number=number)
    stroke = stroke[:, :2]
    if not (np.abs(stroke) <= FARTHEST).all():  # NaN fails too
        raise InvalidSetting(
            N_("stroke {number} has a coordinate that is not a number between −{far} and {far}"),
            number=number,
            far=f"{FARTHEST:.0e}",
        )
    return stroke


def _size(value: dict[str, Any], name: str, default: float) -> float:
    """Return a positive number from the drawing, ``default`` where it is missing or null."""
    size = value.get(name)
    if size is None:
        return default
    if isinstance(size, bool) or not isinstance(size, int | float) or not 0 < size <= FARTHEST:
        raise InvalidSetting(N_("{name} must be a positive number"), name=name)
    return float(size)


def from_canvas(state: dict[str, Any] | None, width: float, height: float, stroke_width: float) -> Drawing:
    """Read what ``streamlit-drawable-canvas`` reports: objects with SVG-like paths of M, Q and L.

    Any browser can report anything: raises ``InvalidSetting`` where it is no drawing, or one that is too large.
    """
    try:
        objects = [item for item in (state or {}).get("objects") or [] if item["type"].lower() == "path"]
        strokes = [_path(item["path"]) for item in objects]
        pen = max((item["strokeWidth"] for item in objects if item.get("strokeWidth")), default=stroke_width)
    except (AttributeError, LookupError, TypeError, ValueError):
        raise InvalidSetting(N_("what the canvas reports is no drawing: clear it and draw again")) from None
    return from_json({"width": width, "height": height, "stroke_width": pen, "strokes": strokes})


def _path(commands: list[list[Any]]) -> list[tuple[float, float]]:
    """Return the points of a path; a quadratic curve gives its middle and its end."""
    points: list[tuple[float, float]] = []
    for letter, *numbers in commands:
        if letter == "Q" and points:
            (x0, y0), (x1, y1, x2, y2) = points[-1], numbers
            points.append(((x0 + 2 * x1 + x2) / 4, (y0 + 2 * y1 + y2) / 4))
            points.append((x2, y2))
        elif letter in ("M", "L"):
            points.append((numbers[0], numbers[1]))
    return points
