"""The project's one palette; ``static/js/lib/palette.js`` mirrors it for the drawings in the browser."""

from __future__ import annotations

NEGATIVE = "#d9730d"
NEUTRAL = "#f7f7f7"
POSITIVE = "#1f6feb"
DARK_NEUTRAL = "#1d2129"  # zero in a dark theme

# Plotly colour scales. A signed scale is used with equal bounds, so that the neutral colour means zero.
SIGNED = [[0.0, NEGATIVE], [0.5, NEUTRAL], [1.0, POSITIVE]]
COUNTS = [[0.0, "#f2f6fd"], [1.0, POSITIVE]]
ON_COUNTS = "#000"  # can be read on each of its colours; Plotly's own grey cannot
NOTHING = "#dcdcdc"  # a cell without a value, in either theme

# Curves that lie over each other, told apart by people who do not see red and green apart (Okabe and Ito).
CURVES = ("#1f6feb", "#d9730d", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#7f3fbf", "#7a7a7a")


def bound(values: list[float] | tuple[float, ...]) -> float:
    """Return the largest magnitude in ``values``, the bound of a zero-centred scale; 1 when all are zero."""
    return max((abs(value) for value in values), default=0.0) or 1.0


def ink(paper: tuple[float, float, float]) -> str:
    """Return black or white: what has the larger contrast (WCAG 2) with ``paper``, three channels in [0, 255]."""
    light = luminance(paper) + 0.05
    return "#fff" if 1.05 / light > light / 0.05 else "#000"


def luminance(channels: tuple[float, float, float]) -> float:
    """Return WCAG's relative luminance, 0 for black and 1 for white."""
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in (c / 255 for c in channels)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
