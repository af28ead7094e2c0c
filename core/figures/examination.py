"""The figure of an examination: gradients, updates, dead units and values over time, on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.examination.examination import BINS, Examination, Histogram, Reading
from core.figures import limits, palette
from core.figures.graph_objects import go, make_subplots

HEIGHT = 520  # pixels: two rows on a screen of 800


@dataclass(frozen=True)
class Words:
    """The titles in the reader's language."""

    gradient: str
    update: str
    unanswering: str
    step: str


def examination(report: Examination, words: Words, weight: str, activation: str) -> go.Figure:
    """Draw each weight's gradient norm and update ratio, each activation's dead or saturated share, over steps.

    Below stand the values of the parameter ``weight`` and of ``activation`` ("" where there is none) over steps:
    the darker, the more values.
    """
    titles = (words.gradient, words.update, words.unanswering, weight, activation)
    three, two = [{"colspan": 2}, None] * 3, [{"colspan": 3}, None, None] * 2
    figure = make_subplots(
        2, 6, specs=[three, two], subplot_titles=titles, vertical_spacing=0.17, horizontal_spacing=0.09
    )
    steps = [reading.step for reading in report.readings]
    names = [each.name for each in report.readings[0].weights if each.name.endswith("weight")]
    for index, name in enumerate(names):
        readings = [reading.weight(name) for reading in report.readings]
        color = palette.CURVES[index % len(palette.CURVES)]
        _line(figure, steps, [each.gradient for each in readings], name, color, 1, True)
        _line(figure, steps, [each.ratio for each in readings], name, color, 3, False)
    for index, name in enumerate(activations(report)):
        shares = [_share(reading, name) for reading in report.readings]
        _line(figure, steps, shares, name, palette.CURVES[(index + 3) % len(palette.CURVES)], 5, True)
    _values(figure, steps, [reading.weight(weight).histogram for reading in report.readings], 1)
    if activation:
        activation_readings = [reading.activation(activation) for reading in report.readings]
        histograms = [
            (step, each.histogram)
            for step, each in zip(steps, activation_readings, strict=True)
            if each is not None
        ]
        _values(figure, [step for step, _ in histograms], [histogram for _, histogram in histograms], 4)
    figure.update_xaxes(title=words.step, fixedrange=True, row=2)
    figure.update_xaxes(fixedrange=True, autorangeoptions=limits.COUNT, row=1)
    figure.update_yaxes(fixedrange=True)
    figure.update_yaxes(type="log", exponentformat="power", row=1, col=1)
    figure.update_yaxes(type="log", exponentformat="power", row=1, col=3)
    figure.update_yaxes(range=[0, 1], tickformat=".0%", row=1, col=5)
    return figure.update_layout(
        height=HEIGHT,
        margin={"l": 52, "r": 8, "t": 30, "b": 70},
        dragmode=False,
        legend={"orientation": "h", "y": -0.14, "font": {"size": 11}},
    )


def activations(report: Examination) -> list[str]:
    """Return the names of the activations, in the order of the forward pass."""
    names: dict[str, None] = {}
    for reading in report.readings:
        names |= dict.fromkeys(each.name for each in reading.activations)
    return list(names)


def _share(reading: Reading, name: str) -> float:
    activation_reading = reading.activation(name)
    return np.nan if activation_reading is None else max(activation_reading.dead, activation_reading.saturated)


def _line(
    figure: go.Figure, x: Sequence[int], y: Sequence[float], name: str, color: str, column: int, named: bool
) -> None:
    values = np.array(y, dtype=np.float64)
    figure.add_trace(
        go.Scatter(
            x=list(x),
            y=np.where(np.isfinite(values) & ((values > 0) | (column == 5)), values, np.nan),  # 0 has no logarithm
            name=name,
            legendgroup=name,
            showlegend=named,
            line={"color": color, "width": 1.6},
            hovertemplate=f"{name}<br>%{{x}}: %{{y:.3g}}<extra></extra>",
        ),
        row=1,
        col=column,
    )


def _values(figure: go.Figure, steps: Sequence[int], histograms: Sequence[Histogram], column: int) -> None:
    edges = np.linspace(*_range(histograms), BINS + 1)
    shares = np.stack([_share_of_bins(histogram, edges) for histogram in histograms], axis=1)  # (BINS, steps)
    figure.add_trace(
        go.Heatmap(
            x=[str(step) for step in steps],
            y=(edges[:-1] + edges[1:]) / 2,
            z=np.sqrt(shares),
            customdata=shares,
            hovertemplate="%{x}: %{y:.3g}<br>%{customdata:.1%}<extra></extra>",
            colorscale=palette.COUNTS,
            showscale=False,
        ),
        row=2,
        col=column,
    )


def _range(histograms: Sequence[Histogram]) -> tuple[float, float]:
    low = min(histogram.low for histogram in histograms)
    high = max(histogram.high for histogram in histograms)
    return (low, high) if high > low else (low - 1, low + 1)


def _share_of_bins(histogram: Histogram, edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Spread the counts of a reading's own bins over common ones, by the middle of each bin."""
    counts = np.array(histogram.counts, dtype=np.float64)
    width = (histogram.high - histogram.low) / BINS
    middles = histogram.low + width * (np.arange(BINS) + 0.5)
    spread: NDArray[np.float64] = np.histogram(middles, bins=edges, weights=counts)[0] / max(counts.sum(), 1)
    return spread
