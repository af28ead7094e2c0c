"""The project's one palette; ``static/js/palette.js`` mirrors it for the drawings in the browser."""

from __future__ import annotations

NEGATIVE = "#d9730d"
NEUTRAL = "#f7f7f7"
POSITIVE = "#1f6feb"

# Plotly colour scales. A signed scale is used with equal bounds, so that the neutral colour means zero.
SIGNED = [[0.0, NEGATIVE], [0.5, NEUTRAL], [1.0, POSITIVE]]
COUNTS = [[0.0, "#f2f6fd"], [1.0, POSITIVE]]

# Curves that lie over each other, told apart by people who do not see red and green apart (Okabe and Ito).
CURVES = ("#1f6feb", "#d9730d", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#7f3fbf", "#7a7a7a")


def bound(values: list[float] | tuple[float, ...]) -> float:
    """Return the largest magnitude in ``values``, the bound of a zero-centred scale; 1 when all are zero."""
    return max((abs(value) for value in values), default=0.0) or 1.0
