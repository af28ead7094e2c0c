"""The picture of an examination: its numbers are those of the readings, and it fits a screen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.faulty_trainings import HEALTHY, examined
from core.examination.examination import BINS, Examination
from core.figures.examination import Words, activations, examination

WORDS = Words("gradient", "update / weight", "dead or saturated", "step")


@pytest.fixture(scope="module")
def record() -> Examination:
    """A healthy training of some steps."""
    return examined(replace(HEALTHY, steps=41))


def test_every_layer_has_its_gradient_its_update_and_its_share_of_silent_units(record: Examination) -> None:
    names = [each.name for each in record.readings[0].weights if each.name.endswith("weight")]
    figure = examination(record, WORDS, names[0], activations(record)[0])
    steps = [reading.step for reading in record.readings]
    assert len(steps) >= 4
    lines = [trace for trace in figure.data if trace.type == "scatter"]
    assert all(list(line.x) == steps for line in lines)
    by_place = {(line.name, line.xaxis): list(line.y) for line in lines}
    assert len(by_place) == len(lines) == 2 * len(names) + len(activations(record))
    for name in names:
        readings = [reading.weight(name) for reading in record.readings]
        assert by_place[name, "x"] == [each.gradient for each in readings]
        assert by_place[name, "x2"] == [each.ratio for each in readings]
    for name in activations(record):
        readings = [reading.activation(name) for reading in record.readings]
        assert by_place[name, "x3"] == [max(each.dead, each.saturated) for each in readings if each is not None]


def test_the_values_over_time_are_the_counts_of_the_histograms(record: Examination) -> None:
    weight = record.readings[0].weights[0].name
    figure = examination(record, WORDS, weight, activations(record)[0])
    maps = [trace for trace in figure.data if trace.type == "heatmap"]
    assert len(maps) == 2
    for trace in maps:
        assert list(trace.x) == [str(reading.step) for reading in record.readings]
        shares = np.array(trace.customdata)
        assert shares.shape == (BINS, len(record.readings))
        assert shares.sum(axis=0) == pytest.approx(1)  # no value is left out
        assert np.array(trace.z) == pytest.approx(np.sqrt(shares))
    histogram = record.readings[-1].weight(weight).histogram
    middles = histogram.low + (histogram.high - histogram.low) / BINS * (np.arange(BINS) + 0.5)
    mean = np.average(middles, weights=histogram.counts)
    cells = np.array(maps[0].y)
    assert np.average(cells, weights=np.array(maps[0].customdata)[:, -1]) == pytest.approx(
        mean, abs=np.diff(cells)[0]
    )


def test_all_of_it_is_one_picture_that_fits_a_screen_of_800_pixels(record: Examination) -> None:
    figure = examination(record, WORDS, record.readings[0].weights[0].name, "")
    assert figure.layout.height <= 600
    assert [note.text for note in figure.layout.annotations][:3] == [
        WORDS.gradient,
        WORDS.update,
        WORDS.unanswering,
    ]
