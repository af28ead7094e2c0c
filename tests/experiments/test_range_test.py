"""The range test: rates by equal factors, losses of real batches, and a suggestion only where the loss falls."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import datasets
from core.experiments.range_test import (
    BATCHES,
    HIGHEST,
    LOWEST,
    SMOOTHING,
    SmoothCurve,
    range_test,
    smooth,
    suggest,
)
from core.training.config import NETWORKS, OPTIMIZERS, TrainConfig
from core.training.events import Batch
from core.training.events import Tested as AfterTest
from core.training.loop import train
from tests.training.data import SMALL, tiny_dataset

DATA = tiny_dataset()


def test_rates_grow_by_equal_factors_from_the_lowest() -> None:
    result = range_test(SMALL, 30, DATA)
    steps = np.diff(np.log(result.rates))
    assert result.rates[0] == LOWEST and result.rates[-1] <= HIGHEST
    assert steps == pytest.approx(np.full(len(steps), math.log(HIGHEST / LOWEST) / 29))
    assert len(result.rates) == len(result.losses) == len(result.smoothed) == len(result.smoothed_rates)
    assert all(map(math.isfinite, result.losses))


def test_the_first_loss_is_that_of_the_runs_first_batch() -> None:
    first = next(event for event in train(SMALL, DATA) if isinstance(event, Batch))
    assert range_test(SMALL, 5, DATA).losses[0] == first.loss


RATES = [LOWEST * (HIGHEST / LOWEST) ** (index / (BATCHES - 1)) for index in range(BATCHES)]


def falling(steepest: float, noise: float = 0.0, seed: int = 0) -> tuple[list[float], list[float]]:
    """Rates and losses of a test whose loss falls most steeply at that rate, and rises beyond the thirtyfold."""
    random = np.random.default_rng(seed)
    losses = [
        2.3
        - 2 / (1 + (steepest / rate) ** 1.3)
        + 3 * max(0.0, math.log10(rate / (30 * steepest))) ** 2
        + random.normal(0, noise)
        for rate in RATES
    ]
    return RATES, losses


@given(st.floats(-3.5, -1))
def test_the_suggestion_is_where_the_loss_falls_most_steeply(power: float) -> None:
    rates, losses = falling(10**power)
    assert suggest(rates, losses) == pytest.approx(10**power, rel=0.2)  # two batches are 1.3 times the rate


def test_under_noise_the_suggestions_lie_around_the_steepest_place() -> None:
    suggestions = [suggest(*falling(0.01, 0.05, seed)) for seed in range(100)]
    assert np.median([each or 0.0 for each in suggestions]) == pytest.approx(0.01, rel=0.2)


def test_the_smoothed_curve_lies_on_a_straight_one() -> None:
    slope = [3 - math.log10(rate) for rate in RATES]
    assert smooth(slope) == pytest.approx(3 - smooth(np.log10(RATES)))


def test_noise_alone_suggests_nothing() -> None:
    for seed in range(300):
        random = np.random.default_rng(seed)
        losses = 2.3 + 0.05 * (random.normal(size=BATCHES) if seed % 2 else random.standard_t(3, BATCHES))
        assert suggest(RATES, list(losses)) is None, seed
        assert suggest(RATES, list(losses + np.linspace(0, 0.5, BATCHES))) is None, "a loss that rises"


@given(st.integers(0, 2**32 - 1), st.floats(0.03, 0.3))
def test_a_small_fall_that_noise_does_not_explain_suggests_a_rate_in_it(seed: int, fall: float) -> None:
    random = np.random.default_rng(seed)
    losses = [2.3 - fall / (1 + (0.01 / rate) ** 1.3) + random.normal(0, fall / 20) for rate in RATES]
    suggestion = suggest(RATES, losses)
    assert suggestion is not None and 0.0005 < suggestion < 0.2


@pytest.mark.parametrize("losses", [[2.3] * 20, [2.3, 2.2, 2.1], list(np.linspace(2.3, 9, 20)), []])
def test_where_the_loss_does_not_fall_nothing_is_suggested(losses: list[float]) -> None:
    assert suggest([10.0**-n for n in range(len(losses))], losses) is None


def test_the_average_is_the_one_of_all_losses_so_far() -> None:
    losses = np.random.default_rng(0).normal(size=30)
    average = SmoothCurve()
    for index, loss in enumerate(losses):
        weights = SMOOTHING ** np.arange(index, -1, -1)
        assert average.add(loss) == pytest.approx(np.average(losses[: index + 1], weights=weights))


@pytest.mark.long
@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_nearly_every_seed_suggests_a_rate_from_which_the_loss_falls(network: str, optimizer: str) -> None:
    results = [
        range_test(TrainConfig(dataset="digits", threads=1, network=network, optimizer=optimizer, seed=seed))
        for seed in range(1, 9)
    ]
    suggestions = [each.suggestion for each in results if each.suggestion is not None]
    assert len(suggestions) >= 7
    middle = float(np.median(suggestions))
    assert all(middle / 8 < rate < 8 * middle for rate in suggestions)


@pytest.mark.heavy
def test_on_the_digits_the_suggestion_learns_and_a_hundred_times_less_does_not() -> None:
    config = TrainConfig(dataset="digits", threads=1)
    suggestion = range_test(config).suggestion
    assert suggestion is not None
    accuracies = []
    for rate in (suggestion, suggestion / 100):
        events = list(train(config.with_(learning_rate=rate), datasets.load("digits")))
        accuracies.append(next(event.accuracy for event in reversed(events) if isinstance(event, AfterTest)))
    assert accuracies[0] > 0.4 > 0.3 > accuracies[1]
