"""The message of a chart that grows in place: its curves, thinned to what a screen shows, and its axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from core.figures.curves import Curve, Mark, Values, decimate, plain

POINTS = 3000  # of one curve: the tutorial's 2,814 batches one by one, and more than a screen has columns


class CurveFacts(TypedDict):
    """How one curve is drawn; ``count`` numbers of x follow, then as many of y."""

    name: str
    label: str
    color: str
    mode: str
    width: float
    opacity: float
    hover: bool
    count: int


class MarkFacts(TypedDict):
    """A vertical line and its words."""

    x: float
    label: str


class ChartHeader(TypedDict):
    """A chart without its numbers."""

    curves: list[CurveFacts]
    marks: list[MarkFacts]
    xTitle: str
    yTitle: str
    revision: str
    xMax: float | None
    log: bool
    percent: bool
    note: str
    height: int


def live_chart(
    curves: Sequence[Curve],
    *,
    x_title: str,
    y_title: str,
    revision: str,
    marks: Sequence[Mark] = (),
    x_max: float | None = None,
    log: bool = False,
    percent: bool = False,
    note: str = "",
    height: int = 360,
) -> tuple[ChartHeader, list[Values]]:
    """Return the header and the numbers of ``curves``.

    While ``revision`` stays the same, the reader's zoom and hidden curves stay too. ``x_max`` fixes the end of the
    x axis, so that a growing curve does not move what is already drawn. ``note`` stands in the middle of a chart
    that has nothing to show yet.
    """
    thinned = [decimate(curve.x, curve.y, POINTS) for curve in curves]
    header: ChartHeader = {
        "curves": [
            {
                "name": curve.name,
                "label": plain(curve.name),
                "color": curve.color,
                "mode": curve.mode,
                "width": curve.width,
                "opacity": curve.opacity,
                "hover": curve.hover,
                "count": len(x),
            }
            for curve, (x, _y) in zip(curves, thinned, strict=True)
        ],
        "marks": [{"x": mark.x, "label": plain(mark.label)} for mark in marks],
        "xTitle": x_title,
        "yTitle": y_title,
        "revision": revision,
        "xMax": x_max,
        "log": log,
        "percent": percent,
        "note": note,
        "height": height,
    }
    return header, [array for pair in thinned for array in pair]
