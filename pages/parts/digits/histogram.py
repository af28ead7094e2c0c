"""A histogram of pixels as HTML: bars on an axis that several histograms may share, with the mean marked."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 1e-4  # the share at the foot of the logarithmic axis
STYLE = """<style>
.sw-histogram {position: relative; height: 132px; margin: 0 1.2rem; font-size: .78rem;
  font-variant-numeric: tabular-nums}
.sw-histogram > div {position: absolute; bottom: 20px}
.sw-histogram .foot {left: 0; right: 0; height: 1px; background: #8888}
.sw-histogram .mean {top: 0; width: 0; border-left: 1px dashed}
.sw-histogram span {position: absolute; white-space: nowrap}
.sw-histogram .end {bottom: 0; transform: translateX(-50%)}
</style>"""


@dataclass(frozen=True)
class Histogram:
    """Shares of equal bins between ``low`` and ``high``, with a colour and the mean to mark."""

    low: float
    high: float
    shares: Sequence[float]
    mean: float
    colour: str


def height_of(share: float) -> float:
    """Return how high a bar is, 0 to 1: the logarithm of its share, from ``LEAST`` to all."""
    return 0.0 if share <= LEAST else 1 - math.log(share) / math.log(LEAST)


def html_of(histogram: Histogram, low: float, high: float, mean: str, words: str) -> str:
    """Draw ``histogram`` on an axis from ``low`` to ``high``; ``mean`` stands at its mean, ``words`` name it."""

    def percent(value: float) -> float:
        return 100 * (value - low) / (high - low)

    wide = (percent(histogram.high) - percent(histogram.low)) / len(histogram.shares)
    bars = [
        f'<div style="left:{percent(histogram.low) + place * wide:.2f}%;width:calc({wide:.2f}% - 1px);'
        f'height:{96 * height_of(share):.1f}px;background:{histogram.colour}" title="{share:.2%}"></div>'
        for place, share in enumerate(histogram.shares)
    ]
    ends = [
        f'<span class="end" style="left:{percent(value):.2f}%">{number(value)}</span>'
        for value in (histogram.low, histogram.high)
    ]
    at = f"left:{percent(histogram.mean):.2f}%"
    mean_label = f'<span style="{at};top:-2px;padding-left:4px">{html.escape(mean)}</span>'
    label = html.escape(words, quote=True)
    return (
        f'<div class="sw-histogram" role="img" aria-label="{label}">{"".join(bars)}<div class="foot"></div>'
        f'<div class="mean" style="{at}"></div>{mean_label}{"".join(ends)}</div>'
    )


def number(value: float) -> str:
    """Return a number with two decimals and a real minus sign."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")  # + 0.0: no minus before a zero
