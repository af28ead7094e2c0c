"""Figures of an experiment: lines with bands, final accuracies, a heat map, parallel coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Any

import numpy as np

from core.experiments.range_test import RangeTest
from core.experiments.results import Band, Outcome
from core.figures import limits, palette
from core.figures.curves import plain
from core.figures.graph_objects import go

HEIGHT = 330  # pixels
LEGEND_ROW = 19  # pixels: on a phone each entry of the legend takes one
LEGEND = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "font": {"size": 11}}


def _color(index: int) -> str:
    return palette.CURVES[index % len(palette.CURVES)]


def _clear(color: str) -> str:
    red, green, blue = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.18)"


def lines(
    bands: Sequence[Band], labels: Sequence[str], colors: Sequence[int], x: str, y: str, share: bool = False
) -> go.Figure:
    """Draw the mean over the seeds of each setting, and behind it a band from the lowest seed to the highest.

    ``share``: no value is larger than 1.
    """
    figure = go.Figure()
    for band, name, index in zip(bands, labels, colors, strict=True):
        color = _color(index)
        figure.add_scatter(
            x=np.concatenate([band.x, band.x[::-1]]),
            y=np.concatenate([band.high, band.low[::-1]]),
            fill="toself",
            mode="lines",
            fillcolor=_clear(color),
            line={"width": 0},
            hoverinfo="skip",
            showlegend=False,
            legendgroup=name,
        )
        figure.add_scatter(
            x=band.x,
            y=band.mean,
            mode="lines+markers" if len(band.x) < 30 else "lines",
            name=plain(name),
            legendgroup=name,
            line={"color": color, "width": 2},
            cliponaxis=False,  # a point at 0 examples is drawn whole
            hovertemplate=f"{plain(name)}<br>%{{x}}: %{{y:{'.2%' if share else '.4g'}}}<extra></extra>",
        )
    figure.update_xaxes(title=x, fixedrange=True, autorangeoptions=limits.COUNT)
    figure.update_yaxes(title=y, fixedrange=True, autorangeoptions=limits.SHARE if share else limits.COUNT)
    if share:
        figure.update_yaxes(tickformat=".1%")  # as in the figure beside it
    if bands and not any(band.x.any() for band in bands):  # all evaluated before the first step, and no further
        figure.update_xaxes(tickvals=[0])
    if not bands:
        figure.update_xaxes(range=[0, 1], showticklabels=False).update_yaxes(range=[0, 1], showticklabels=False)
    height = HEIGHT + LEGEND_ROW * max(0, min(len(bands), 9) - 3)
    return _framed(figure, height).update_layout(showlegend=True, legend=LEGEND)


def final(outcomes: Sequence[Outcome], labels: Sequence[str], x: str, y: str, seed: str) -> go.Figure:
    """Draw each run's final accuracy as a point over its setting; of several, the mean ± one standard deviation.

    The points' ``customdata`` is the id of the run.
    """
    figure = go.Figure()
    for index, (outcome, name) in enumerate(zip(outcomes, labels, strict=True)):
        runs = outcome.finished
        figure.add_scatter(
            x=[plain(name)] * len(runs),
            y=[run.accuracy for run in runs],
            mode="markers",
            marker={"color": _color(index), "size": 11, "opacity": 0.75},
            customdata=[run.run for run in runs],
            text=[f"{seed} {run.seed}" for run in runs],
            hovertemplate="%{text}: %{y:.2%}<extra></extra>",
        )
    # of one run there is none: it would take the place of the run's point under the pointer
    means = [(name, outcome) for name, outcome in zip(labels, outcomes, strict=True) if outcome.std is not None]
    figure.add_scatter(
        x=[plain(name) for name, _outcome in means],
        y=[outcome.mean for _name, outcome in means],
        error_y={"array": [outcome.std for _name, outcome in means], "thickness": 2, "width": 9},
        mode="markers",
        marker={"symbol": "line-ew-open", "size": 22, "color": "#7a7a7a"},
        text=[f" ± {outcome.std:.2%}" for _name, outcome in means],
        hovertemplate="%{y:.2%}%{text}<extra></extra>",
    )
    order = [plain(name) for name in labels]
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=order, fixedrange=True)
    figure.update_xaxes(range=[-0.5, len(order) - 0.5])
    figure.update_xaxes(title={"text": plain(x), "standoff": 6}, automargin=True)  # names of many stand on end
    figure.update_yaxes(title=y, tickformat=".1%", fixedrange=True, autorangeoptions=limits.SHARE)
    if not any(outcome.finished for outcome in outcomes):  # else Plotly shows -100 % to 400 %
        figure.update_yaxes(range=[0, 1])
    return _framed(figure).update_layout(showlegend=False)


def heat_map(outcomes: Sequence[Outcome], texts: Sequence[Sequence[str]], names: Sequence[str]) -> go.Figure:
    """Draw the mean accuracy over two settings, rows and columns; where there are more, over all of their values.

    ``texts`` are the values of each outcome as text, ``names`` the names of the settings.
    """
    rows, columns = (list(dict.fromkeys(text[axis] for text in texts)) for axis in (0, 1))
    cells: dict[tuple[str, str], list[float]] = {}
    for outcome, text in zip(outcomes, texts, strict=True):
        cells.setdefault((text[0], text[1]), []).extend(outcome.accuracies)
    table = [[cells.get((row, column)) for column in columns] for row in rows]
    means = np.array([[fmean(cell) if cell else np.nan for cell in row] for row in table])
    look: dict[str, Any] = {
        "x": [plain(column) for column in columns],
        "y": [plain(row) for row in rows],
        "texttemplate": "%{text}",
        "textfont": {"color": palette.ON_COUNTS},
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
    }
    figure = go.Figure()
    if np.isnan(means).any():  # none finished
        none = np.where(np.isnan(means), 1.0, np.nan)
        ground = [[0.0, palette.NOTHING], [1.0, palette.NOTHING]]
        figure.add_heatmap(
            z=none, text=np.where(np.isnan(none), "", "–"), colorscale=ground, hoverinfo="skip", **look
        )
    percent = [["" if np.isnan(mean) else f"{mean:.1%}" for mean in row] for row in means]
    hover = "%{y}, %{x}: %{z:.2%}<extra></extra>"
    figure.add_heatmap(z=means, text=percent, hovertemplate=hover, colorscale=palette.COUNTS, **look)
    figure.update_xaxes(title=names[1], type="category", fixedrange=True)
    figure.update_yaxes(title=names[0], type="category", fixedrange=True)
    return _framed(figure)


def parallel(
    outcomes: Sequence[Outcome], texts: Sequence[Sequence[str]], names: Sequence[str], accuracy: str
) -> go.Figure:
    """Draw each combination as a line through its values, an upright axis a setting, the last the accuracy.

    The points' ``customdata`` is the id of its first run that has finished.
    """
    figure = go.Figure()
    means = [outcome.mean for outcome in outcomes]
    finite = [mean for mean in means if mean is not None] or [0.0]
    low, reach = min(finite), (max(finite) - min(finite)) or 1.0
    values = [list(dict.fromkeys(text[axis] for text in texts)) for axis in range(len(names))]
    for outcome, mean, text in zip(outcomes, means, texts, strict=True):
        if mean is None:
            continue
        heights = [values[axis].index(text[axis]) / max(1, len(values[axis]) - 1) for axis in range(len(names))]
        share = (mean - low) / reach
        figure.add_scatter(
            x=list(range(len(names) + 1)),
            y=[*heights, share],
            mode="lines+markers",
            customdata=[outcome.finished[0].run] * (len(names) + 1),
            line={"color": palette.POSITIVE if share > 0.5 else palette.NEGATIVE, "width": 1 + 2 * share},
            opacity=0.35 + 0.6 * abs(2 * share - 1),
            hovertemplate=plain(f"{', '.join(text)}: {mean:.2%}") + "<extra></extra>",
        )
    for axis, options in enumerate(values):
        for place, option in enumerate(options):
            height = place / max(1, len(options) - 1)
            above = 12 if height >= 0.5 else -12  # beside the point the lines would cross it
            figure.add_annotation(x=axis, y=height, text=plain(option), showarrow=False, yshift=above)
    for height, mean in ((0.0, low), (1.0, low + reach)):
        figure.add_annotation(x=len(names), y=height, text=f"{mean:.1%}", showarrow=False, xshift=8, xanchor="left")
    figure.update_xaxes(
        tickvals=list(range(len(names) + 1)),
        ticktext=[*names, accuracy],
        range=[-0.2, len(names) + 0.5],
        fixedrange=True,
    )
    figure.update_yaxes(visible=False, range=[-0.1, 1.1], fixedrange=True)
    return _framed(figure).update_layout(showlegend=False)


def range_curve(range_test: RangeTest, rate: str, loss: str) -> go.Figure:
    """Draw the losses of a range test over its rates, the smoothed loss, and the suggestion as a line."""
    figure = go.Figure()
    figure.add_scatter(
        x=range_test.rates, y=range_test.losses, line={"color": palette.POSITIVE, "width": 1}, opacity=0.35
    )
    figure.add_scatter(
        x=range_test.smoothed_rates, y=range_test.smoothed, line={"color": palette.POSITIVE, "width": 2}
    )
    figure.update_traces(hovertemplate="%{x:.3g}: %{y:.3f}<extra></extra>")
    if range_test.suggestion is not None:
        figure.add_vline(x=range_test.suggestion, line={"color": palette.NEGATIVE, "width": 2, "dash": "dot"})
    figure.update_xaxes(title=rate, type="log", exponentformat="power", fixedrange=True)
    top = 1.6 * range_test.losses[0] if range_test.losses else 1.0
    figure.update_yaxes(title=loss, range=[0, top], fixedrange=True)
    return _framed(figure, 260).update_layout(showlegend=False)


def _framed(figure: go.Figure, height: int = HEIGHT) -> Any:
    return figure.update_layout(height=height, margin={"l": 62, "r": 10, "t": 10, "b": 48}, dragmode=False)
