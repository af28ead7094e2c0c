"""Conclusions: Welch's interval is SciPy's, a clear difference is said, and with few seeds nothing is claimed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from core.experiments.conclusions import conclusions, welch
from core.experiments.results import Outcome, Result
from core.i18n import translate

ACCURACIES = st.lists(st.integers(0, 360), min_size=2, max_size=6, unique=True).map(lambda n: [x / 360 for x in n])


def outcome(value: float, *accuracies: float | None) -> Outcome:
    """The outcome of a learning rate; None is a run that diverged."""
    results = [
        Result(f"run-{n}", n, "diverged" if accuracy is None else "finished", 1.0, accuracy)
        for n, accuracy in enumerate(accuracies)
    ]
    return Outcome((value,), tuple(results))


def sentences_of(*outcomes: Outcome) -> list[tuple[str, bool]]:
    results = conclusions(list(outcomes), lambda values: f"lr {values[0]:g}", images=360)
    return [(translate("en", each.message, **each.values), each.certain) for each in results]


@given(ACCURACIES, ACCURACIES)
def test_the_interval_is_scipys(a: list[float], b: list[float]) -> None:
    ours = welch(a, b, 0.95)
    theirs = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), rel=1e-9, abs=1e-12)


def test_a_clear_difference_is_said_with_its_interval() -> None:
    ((sentence, certain),) = sentences_of(outcome(0.1, 0.95, 0.951, 0.949), outcome(0.01, 0.80, 0.801, 0.799))
    assert certain
    assert sentence.startswith("lr 0.1 is better than lr 0.01: its accuracy is higher by +14")


def test_ranges_that_overlap_tell_nothing() -> None:
    ((sentence, certain),) = sentences_of(outcome(0.1, 0.95, 0.85, 0.90), outcome(0.01, 0.93, 0.84, 0.89))
    assert not certain and sentence.startswith("Cannot tell whether lr 0.1 or lr 0.01 is better")


@pytest.mark.parametrize("seeds", [1, 2])
def test_with_few_seeds_it_cannot_tell_however_large_the_difference_is(seeds: int) -> None:
    ((sentence, certain),) = sentences_of(outcome(0.1, *[0.99] * seeds), outcome(0.01, *[0.1] * seeds))
    assert not certain and sentence.startswith("Cannot tell for lr 0.1; lr 0.01: with fewer than 3 seeds")


def test_equal_seeds_do_not_make_a_tiny_difference_certain() -> None:
    ((_sentence, certain),) = sentences_of(outcome(0.1, *[0.9] * 3), outcome(0.01, *[0.9 - 1e-4] * 3))
    assert not certain


def test_many_settings_make_each_claim_harder() -> None:
    close = [outcome(0.1, 0.95, 0.94, 0.96), outcome(0.01, 0.92, 0.91, 0.93)]
    alone = sentences_of(*close)[0][1]
    among = sentences_of(*close, *[outcome(0.001 * n, 0.90, 0.91, 0.92) for n in range(1, 9)])[0][1]
    assert alone and not among


def test_runs_that_diverged_are_said_and_are_no_part_of_the_mean() -> None:
    sentences = sentences_of(outcome(1.0, None, None, 0.2), outcome(0.1, 0.9, 0.91, 0.92))
    assert sentences[0][0] == "With lr 1, 2 of 3 runs diverged; they are no part of its mean."
    assert outcome(1.0, None, 0.2).mean == 0.2


def test_while_runs_train_nothing_is_concluded() -> None:
    running = Outcome((0.1,), (Result("a", 1, "running", 0.5, 0.9),))
    assert sentences_of(running, outcome(0.01, 0.1, 0.1, 0.1)) == [("1 run has not ended: wait for it.", False)]


def test_two_settings_that_are_the_same_are_rarely_told_apart() -> None:
    draws = np.random.default_rng(1).normal(0.9, 0.02, (200, 2, 4))
    intervals = [welch(list(a), list(b), 0.95) for a, b in draws]
    assert sum(not interval.low <= 0 <= interval.high for interval in intervals) <= 20  # 5 % of 200 are 10
