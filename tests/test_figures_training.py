"""The figures of a trained network hold the numbers they were given."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures import palette
from core.figures.training import confusion_matrix, first_layer_filters, per_class_accuracy
from core.networks import registry


@pytest.fixture
def confusion() -> np.ndarray:
    """Four images of each digit, all read right; but one 7 read as 1, and no 5 at all."""
    counts = np.diag(np.full(10, 4))
    counts[7, 7], counts[7, 1] = 3, 1
    counts[5, 5] = 0
    return counts


def test_the_confusion_matrix_shows_each_count_in_its_row_and_column(confusion: np.ndarray) -> None:
    heatmap = confusion_matrix(confusion, "truth", "answer", "count").data[0]
    assert heatmap.text[7][1] == "1"
    assert heatmap.text[1][7] == ""
    assert heatmap.customdata[7][1].tolist() == [1, 0.25]
    assert heatmap.z[7][1] == pytest.approx(0.5)  # the square root of 1/4


def test_accuracy_of_a_digit_is_the_diagonal_over_its_row(confusion: np.ndarray) -> None:
    bars = per_class_accuracy(confusion, "digit", "accuracy").data[0]
    assert bars.y[7] == 0.75
    assert bars.y[0] == 1
    assert np.isnan(bars.y[5])
    assert bars.text[5] == ""


@pytest.mark.parametrize("name", registry.DIGIT_NETS)
def test_filters_are_drawn_whole_on_one_zero_centred_scale(name: str) -> None:
    weight = registry.build(name, seed=3).conv1.weight.detach().numpy()
    heatmap = first_layer_filters(weight, "filter").data[0]
    values = np.asarray(heatmap.z)
    assert np.isfinite(values).sum() == weight.size
    assert np.sort(values[np.isfinite(values)]) == pytest.approx(np.sort(weight.ravel()))
    assert heatmap.zmax == -heatmap.zmin == pytest.approx(np.abs(weight).max())
    assert tuple(tuple(stop) for stop in heatmap.colorscale) == tuple(tuple(stop) for stop in palette.SIGNED)


def test_the_pointer_over_a_filter_reads_its_own_weight() -> None:
    weight = registry.build("mnist", seed=3).conv1.weight.detach().numpy()
    heatmap = first_layer_filters(weight, "filter").data[0]
    places = np.argwhere(np.isfinite(np.asarray(heatmap.z)))
    for row, column in places[::17]:
        number, at_row, at_column = heatmap.customdata[row][column]
        assert heatmap.z[row][column] == pytest.approx(weight[number, 0, at_row, at_column])


def test_a_network_of_zeros_still_has_a_scale() -> None:
    heatmap = first_layer_filters(np.zeros((6, 1, 3, 3)), "filter").data[0]
    assert (heatmap.zmin, heatmap.zmax) == (-1, 1)
