"""Curves over examples seen: thinned without losing a spike, smoothed, and ready for the live chart."""

from __future__ import annotations

import html
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """One line of the live chart: ``x`` and ``y`` of equal length, and how it is drawn.

    ``mode`` is Plotly's "lines" or "markers".
    A curve with ``hover=False`` is a pale companion that the pointer does not read out.
    """

    name: str
    x: Values
    y: Values
    color: str
    mode: str = "lines"
    width: float = 1.8
    opacity: float = 1.0
    hover: bool = True


@dataclass(frozen=True)
class Mark:
    """A vertical line at ``x`` with a few words, such as a change of the learning rate."""

    x: float
    label: str


def decimate(x: Values, y: Values, limit: int) -> tuple[Values, Values]:
    """Keep at most ``limit`` points: first, last, and the lowest and highest of each of ``(limit - 2) // 2`` bins.

    Every point kept is one of those given, in their order, so a spike survives and a value read off is exact.
    A bin that holds values that are not finite keeps the first of them: a gap stays a gap.
    """
    if len(x) <= limit:
        return x, y
    bins = np.array_split(np.arange(1, len(x) - 1), max((limit - 2) // 2, 1))
    indices = [0, len(x) - 1]
    for members in bins:
        values = y[members]
        finite = np.isfinite(values)
        if finite.all():
            indices += [int(members[values.argmin()]), int(members[values.argmax()])]
        else:
            indices.append(int(members[~finite][0]))
            if finite.any():
                indices.append(int(members[finite][values[finite].argmax()]))
    order = np.unique(np.asarray(indices))
    return x[order], y[order]


def smooth(y: Values, weight: float) -> Values:
    """Return the exponential moving average of ``y``, corrected for its start, as pandas computes it.

    s_t = weight · s_(t-1) + (1 - weight) · y_t from s_0 = 0, divided by 1 - weight^t, so the first value stays
    what it is. ``weight`` is from 0 to below 1; 0 changes nothing. Values that are not finite are passed over.
    Source: the correction of Adam (Kingma and Ba 2015, section 3).
    """
    if weight == 0:
        return y
    import pandas as pd  # 0.3 s: only smoothing needs it

    finite = pd.Series(np.where(np.isfinite(y), y, np.nan))
    averages: Values = finite.ewm(alpha=1 - weight, ignore_na=True).mean().to_numpy()
    return averages


def plain(text: str) -> str:
    """Escape what Plotly would read as markup, so that a name that the user typed is shown as it was typed."""
    return html.escape(text, quote=False)
