"""Figures of an experiment: every number that they show is computed again from the runs' accuracies."""

from __future__ import annotations

import itertools
from statistics import fmean, stdev

import numpy as np
import pytest

from core.experiments.results import Band, Outcome, Result
from core.experiments.search import Range, Search
from core.figures import experiments as figures
from core.figures import palette, training
from core.figures.search import SearchWords, search_figure
from core.training.config import TrainConfig

RATES, MOMENTA, SIZES = ("0.01", "0.1"), ("0", "0.5", "0.9"), ("64", "256")


def outcome(number: int, *accuracies: float | None) -> Outcome:
    """One combination; None is a run that diverged."""
    results = [
        Result(f"run-{number}-{seed}", seed, "diverged" if each is None else "finished", 1.0, each)
        for seed, each in enumerate(accuracies)
    ]
    return Outcome((number,), tuple(results))


def test_a_cell_of_the_heat_map_is_the_mean_of_its_seeds() -> None:
    texts = list(itertools.product(RATES, MOMENTA))
    rows = [(0.1, 0.3), (0.5, 0.6), (None, 0.7), (0.2, 0.2), (None, None), (0.9, 0.8)]
    outcomes = [outcome(number, *row) for number, row in enumerate(rows)]
    nothing, cells = figures.heat_map(outcomes, texts, ["Learning rate", "Momentum"]).data
    assert (list(cells.y), list(cells.x)) == (list(RATES), list(MOMENTA))
    assert cells.z == pytest.approx(np.array([[0.2, 0.55, 0.7], [0.2, np.nan, 0.85]]), nan_ok=True)
    assert [list(row) for row in cells.text] == [["20.0%", "55.0%", "70.0%"], ["20.0%", "", "85.0%"]]
    assert [list(row) for row in nothing.text] == [["", "", ""], ["", "–", ""]]


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Return WCAG's contrast of two colours, three channels in [0, 255] each."""
    low, high = sorted(palette.luminance(each) + 0.05 for each in (one, other))
    return high / low


def rgb(color: str) -> tuple[float, float, float]:
    """Return the channels of "#rrggbb" or "#rgb"."""
    digits = color[1:] if len(color) == 7 else "".join(2 * each for each in color[1:])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def test_the_text_of_each_cell_can_be_read_in_either_theme() -> None:
    """A cell has its own ground, so that the theme does not count."""
    rows = [outcome(number, number / 6, None) for number in range(5)] + [outcome(5, None, None)]
    heat = figures.heat_map(rows, list(itertools.product(RATES, MOMENTA)), ["a", "b"])
    confusion = training.confusion_matrix(np.arange(100).reshape(10, 10), "truth", "answer", "images")
    cells = [*heat.data, *confusion.data]
    assert len(cells) == 3
    for each in cells:
        (_, first), (_, last) = each.colorscale
        shades = [
            tuple(a + share * (b - a) for a, b in zip(rgb(first), rgb(last), strict=True))
            for share in np.linspace(0, 1, 51)
        ]
        assert min(contrast(rgb(each.textfont.color), shade) for shade in shades) >= 4.5


def test_the_heat_map_of_three_settings_is_the_mean_over_all_values_of_the_third() -> None:
    texts = list(itertools.product(RATES, MOMENTA, SIZES))
    outcomes = [outcome(number, number / 20, number / 10) for number in range(len(texts))]
    (cells,) = figures.heat_map(outcomes, texts, ["a", "b", "c"]).data
    for (row, rate), (column, momentum) in itertools.product(enumerate(RATES), enumerate(MOMENTA)):
        numbers = [number for number, text in enumerate(texts) if text[:2] == (rate, momentum)]
        assert cells.z[row][column] == pytest.approx(fmean(n / 20 for n in numbers for _ in "ab") * 1.5)


def test_a_line_of_the_parallel_coordinates_goes_through_its_values_to_its_accuracy() -> None:
    texts = list(itertools.product(RATES, MOMENTA, SIZES))
    accuracies = [0.40 + 0.05 * number for number in range(len(texts))]
    outcomes = [outcome(number, each, each) for number, each in enumerate(accuracies)]
    outcomes[3] = outcome(3, None, None)  # nothing is known of it: no line
    figure = figures.parallel(outcomes, texts, ["Rate", "Momentum", "Size"], "test accuracy")
    numbers = [number for number in range(len(texts)) if number != 3]
    assert len(figure.data) == len(numbers)
    low, high = accuracies[0], accuracies[-1]
    for line, number in zip(figure.data, numbers, strict=True):
        places = [
            values.index(text) / (len(values) - 1)
            for values, text in zip((RATES, MOMENTA, SIZES), texts[number], strict=True)
        ]
        share = (accuracies[number] - low) / (high - low)
        assert list(line.x) == [0, 1, 2, 3] and list(line.y) == pytest.approx([*places, share])
        assert line.line.color == (palette.POSITIVE if share > 0.5 else palette.NEGATIVE)
        assert line.hovertemplate.startswith(f"{', '.join(texts[number])}: {accuracies[number]:.2%}")
        assert set(line.customdata) == {f"run-{number}-0"}
    assert list(figure.layout.xaxis.ticktext) == ["Rate", "Momentum", "Size", "test accuracy"]
    labels = {(note.x, round(note.y, 3), note.text) for note in figure.layout.annotations}
    options = {(0, 0.0, "0.01"), (0, 1.0, "0.1"), (1, 0.0, "0"), (1, 0.5, "0.5"), (1, 1.0, "0.9")}
    assert labels == {*options, (2, 0.0, "64"), (2, 1.0, "256"), (3, 0.0, "40.0%"), (3, 1.0, "95.0%")}


def test_equal_accuracies_do_not_divide_by_nothing() -> None:
    texts = list(itertools.product(RATES, MOMENTA, SIZES))
    figure = figures.parallel([outcome(n, 0.5) for n in range(12)], texts, ["a", "b", "c"], "accuracy")
    assert all(line.y[-1] == 0 for line in figure.data)


def test_before_a_run_has_ended_no_axis_shows_what_cannot_be() -> None:
    figure = figures.final([outcome(0), outcome(1)], ["a", "b"], "setting", "accuracy", "seed")
    assert tuple(figure.layout.yaxis.range) == (0, 1)
    empty = figures.lines([], [], [], "examples", "accuracy")
    assert empty.layout.xaxis.showticklabels is False and empty.layout.yaxis.showticklabels is False
    ended = figures.final([outcome(0, 0.5)], ["a"], "setting", "accuracy", "seed")
    assert ended.layout.yaxis.range is None


def test_around_a_single_value_no_axis_shows_what_cannot_be() -> None:
    zero, half = np.array([0.0]), np.array([0.5])
    begun = figures.lines([Band((0,), zero, half, half, half, 1)], ["a"], [0], "examples", "accuracy", share=True)
    space = (Range("learning_rate", 0.01, 1.0),)
    search = search_figure(
        Search(TrainConfig(dataset="digits"), space, runs=2),
        [outcome(0, 0.5)],
        SearchWords("run", "accuracy", "best", "diverged", ["rate"], [[]]),
    )
    ended = figures.final([outcome(0, 0.5)], ["a"], "setting", "accuracy", "seed")
    for axis in (begun.layout.yaxis, ended.layout.yaxis, search.layout.yaxis, search.layout.yaxis2):
        assert -0.05 < axis.autorangeoptions.clipmin <= 0 and 1 <= axis.autorangeoptions.clipmax < 1.05
    assert begun.layout.xaxis.autorangeoptions.clipmin == 0 and begun.layout.xaxis.tickvals == (0,)
    loss = figures.lines([Band((0,), half, 4 * half, half, half, 1)], ["a"], [0], "examples", "loss")
    assert loss.layout.yaxis.autorangeoptions.clipmin == 0 and loss.layout.yaxis.autorangeoptions.clipmax is None
    assert loss.layout.xaxis.tickvals is None


def test_one_seed_has_no_spread() -> None:
    outcomes = [outcome(0, 0.5), outcome(1, 0.5, 0.7), outcome(2, None)]
    figure = figures.final(outcomes, ["a", "b", "c"], "setting", "accuracy", "seed")
    assert figure.layout.xaxis.automargin and figure.layout.xaxis.title.text == "setting"  # names are read whole
    means = figure.data[-1]
    assert list(means.x) == ["b"] and list(means.y) == pytest.approx([0.6])
    assert list(means.error_y.array) == pytest.approx([stdev([0.5, 0.7])])
    assert list(means.text) == [f" ± {stdev([0.5, 0.7]):.2%}"]
    assert [list(points.y) for points in figure.data[:-1]] == [[0.5], [0.5, 0.7], []]


def test_lines_of_many_settings_leave_room_below_their_legend() -> None:
    x = np.array([0.0, 1.0])
    few, many = (
        figures.lines([Band((n,), x, x, x, x, 1) for n in range(count)], ["a"] * count, range(count), "x", "y")
        for count in (3, 8)
    )
    assert many.layout.height - few.layout.height >= 5 * 15  # a row of the legend is at least so high
