"""The figure of a search: the best accuracy so far over its runs, and each setting against the accuracy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from core.experiments.plan import Axis
from core.experiments.results import Outcome
from core.experiments.search import Range, Search
from core.figures import limits, palette
from core.figures.curves import plain
from core.figures.graph_objects import go, make_subplots
from core.training.config import SettingValue

HEIGHT = 560  # pixels
COLUMNS = 2  # settings in a row


@dataclass(frozen=True)
class SearchWords:
    """What stands in the figure; ``settings`` are the names of the searched settings, ``values`` their choices."""

    run: str
    accuracy: str
    best: str
    diverged: str
    settings: Sequence[str]
    values: Sequence[Sequence[str]]


def search_figure(search: Search, outcomes: Sequence[Outcome], words: SearchWords) -> go.Figure:
    """Draw a point for each run that has ended, above over its number, below over each of its settings.

    The points' ``customdata`` is the id of the run; one that diverged is a cross at the lower edge. The line of the
    best so far cannot be pointed at: it would take the place of the points that it goes through.
    """
    columns = min(COLUMNS, len(search.space))
    rows = -(-len(search.space) // columns)
    figure = _places(rows, columns)
    points = [each for each in outcomes if each.mean is not None or each.diverged]
    means = [outcome.mean for outcome in points if outcome.mean is not None]
    low = min(means, default=0.0)
    heights = [low if outcome.mean is None else outcome.mean for outcome in points]
    _add_best_so_far(figure, search, points, heights, words)
    for index, dimension in enumerate(search.space):
        where = index // columns + 2, index % columns + 1
        values = [_along(dimension, outcome.values[index]) for outcome in points]
        _add_points(figure, points, values, heights, words, where)
        scale = _axis(dimension, words.values[index])
        figure.update_xaxes(title=words.settings[index], row=where[0], col=where[1], **scale)
    figure.update_xaxes(fixedrange=True)
    figure.update_yaxes(tickformat=".0%", fixedrange=True, autorangeoptions=limits.SHARE)
    if not means:
        figure.update_yaxes(range=[0, 1])
    figure.update_yaxes(title=words.accuracy, col=1)
    if columns > 1:
        figure.update_yaxes(showticklabels=False, col=2)
    return figure


def _places(rows: int, columns: int) -> go.Figure:
    """Return a figure with one wide place above and ``rows`` x ``columns`` places below it, all empty."""
    first: list[dict[str, int] | None] = [{"colspan": columns}, *[None] * (columns - 1)]
    figure = make_subplots(
        rows=rows + 1,
        cols=columns,
        specs=[first, *[[{}] * columns for _ in range(rows)]],
        row_heights=[1.3, *[1.0] * rows],
        vertical_spacing=0.32 / (rows + 1),
        horizontal_spacing=0.06,
    )
    return figure.update_layout(
        height=HEIGHT + 200 * (rows - 1),
        margin={"l": 62, "r": 10, "t": 10, "b": 48},
        showlegend=False,
        dragmode=False,
    )


def _add_best_so_far(
    figure: go.Figure, search: Search, points: Sequence[Outcome], heights: Sequence[float], words: SearchWords
) -> None:
    """Add the runs over their numbers, and behind them the line of the best accuracy so far."""
    numbers = [outcome.results[0].number for outcome in points]
    best = list(accumulate(heights, max))
    figure.add_scatter(
        x=numbers,
        y=best,
        mode="lines",
        line={"color": palette.NEGATIVE, "width": 2, "shape": "hv"},
        hoverinfo="skip",
        row=1,
        col=1,
    )
    notes = [f"{plain(words.best)}: {each:.2%}" for each in best]
    _add_points(figure, points, numbers, heights, words, (1, 1), notes)
    figure.update_xaxes(title=words.run, row=1, col=1, range=[0.5, search.count + 0.5])


def _add_points(
    figure: go.Figure,
    points: Sequence[Outcome],
    x: Sequence[float],
    y: Sequence[float],
    words: SearchWords,
    where: tuple[int, int],
    notes: Sequence[str] = (),
) -> None:
    """Add a point for each run, with a note where there are any; the later the run, the darker."""
    numbers = [outcome.results[0].number for outcome in points]
    state = [plain(words.diverged) if outcome.mean is None else f"{outcome.mean:.2%}" for outcome in points]
    figure.add_scatter(
        x=x,
        y=y,
        mode="markers",
        marker={
            "size": 9,
            "color": numbers,
            "colorscale": palette.COUNTS,
            "cmin": 1 - 0.5 * max(numbers, default=1),
            "cmax": max(numbers, default=1),
            "symbol": ["x" if outcome.mean is None else "circle" for outcome in points],
        },
        customdata=[outcome.results[0].run for outcome in points],
        text=[f"{plain(words.run)} {number}: {text}" for number, text in zip(numbers, state, strict=True)],
        hovertext=notes or None,
        hovertemplate="%{x:.4g}<br>%{text}" + ("<br>%{hovertext}" if notes else "") + "<extra></extra>",
        row=where[0],
        col=where[1],
    )


def _axis(dimension: Range | Axis, values: Sequence[str]) -> dict[str, object]:
    """Return the scale of a setting: linear, logarithmic, or a place for each choice."""
    if isinstance(dimension, Axis):
        places = list(range(len(dimension.values)))
        ends = [-0.5, len(places) - 0.5]
        return {"tickvals": places, "ticktext": [plain(value) for value in values], "range": ends}
    low, high = dimension.low, dimension.high
    if dimension.log:
        low, high = math.log10(low), math.log10(high)
    ends = [low - 0.05 * (high - low), high + 0.05 * (high - low)]
    if not dimension.log:
        return {"range": ends, "nticks": 5}
    ticks = _log_ticks(dimension.low, dimension.high)
    return {"type": "log", "range": ends, "tickvals": ticks, "ticktext": [f"{tick:g}" for tick in ticks]}


def _log_ticks(low: float, high: float) -> list[float]:
    """Return the powers of ten in a range; where there are fewer than three, also their double and fivefold."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in ((1,), (1, 2, 5)):
        ticks = [float(f"{step}e{power}") for power in powers for step in steps]
        ticks = [tick for tick in ticks if low <= tick <= high]
        if len(ticks) > 2:
            break
    return ticks


def _along(dimension: Range | Axis, value: SettingValue) -> float:
    """Return where a value stands on its axis: a number at itself, a choice at its place."""
    return dimension.values.index(value) if isinstance(dimension, Axis) else float(value)
