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


def outcome(value: float, *accuracies: float | str | None) -> Outcome:
    """The outcome of a learning rate; None is a run that diverged, a word the state of one without an end."""
    results = []
    for number, accuracy in enumerate(accuracies):
        is_state = isinstance(accuracy, str)
        state = accuracy if is_state else "diverged" if accuracy is None else "finished"
        results.append(Result(f"run-{number}", number, state, 1.0, 0.99 if is_state else accuracy))
    return Outcome((value,), tuple(results))


def sentences_of(*outcomes: Outcome, goal: str = "run") -> list[tuple[str, bool]]:
    results = conclusions(list(outcomes), lambda values: f"lr {values[0]:g}", images=360, goal=goal)
    return [(translate("en", each.message, **each.values), each.certain) for each in results]


@given(ACCURACIES, ACCURACIES)
def test_the_interval_is_scipys(a: list[float], b: list[float]) -> None:
    ours = welch(a, b, 0.95)
    theirs = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), rel=1e-9, abs=1e-12)


def test_a_clear_difference_is_said_with_its_interval() -> None:
    ((sentence, certain),) = sentences_of(outcome(0.1, 0.95, 0.951, 0.949), outcome(0.01, 0.80, 0.801, 0.799))
    assert certain
    assert sentence == (
        "lr 0.1 is better than lr 0.01: its mean accuracy is higher by 14.8 to 15.2 percentage points."
    )


def of_two(rate: float, batch: int, *accuracies: float) -> Outcome:
    """The outcome of a learning rate and a batch size."""
    return Outcome((rate, batch), outcome(rate, *accuracies).results)


def test_of_two_settings_the_best_is_found_at_each_value_of_the_second() -> None:
    table = [of_two(0.2, 8, 0.1, 0.11, 0.12), of_two(0.02, 8, 0.9, 0.91, 0.92)]
    table += [of_two(0.2, 512, 0.6, 0.61, 0.62), of_two(0.02, 512, 0.2, 0.21, 0.22)]
    sentences = [
        translate("en", each.message, **each.values) for each in conclusions(table, lambda pair: f"{pair}", 360)
    ]
    assert [each.split(":")[0] for each in sentences] == [
        "(0.02, 8) is better than (0.2, 8)",
        "(0.02, 8) is better than (0.2, 512)",
        "(0.02, 8) is better than (0.02, 512)",
        "(0.2, 512) is better than (0.02, 512)",
        "Which is better depends on the other setting",
    ]
    table[2:] = [of_two(0.2, 512, 0.6, 0.61, 0.62), of_two(0.02, 512, 0.55, 0.61, 0.66)]
    unclear = conclusions(table, lambda pair: f"{pair}", 360)
    assert not any("depends on" in each.message for each in unclear)


def test_ranges_that_overlap_tell_nothing() -> None:
    ((sentence, certain),) = sentences_of(outcome(0.1, 0.95, 0.85, 0.90), outcome(0.01, 0.93, 0.84, 0.89))
    assert not certain and sentence.startswith("Cannot tell whether lr 0.1 or lr 0.01 is better")


@pytest.mark.parametrize("seeds", [1, 2])
def test_with_few_seeds_it_cannot_tell_however_large_the_difference_is(seeds: int) -> None:
    ((sentence, certain),) = sentences_of(outcome(0.1, *[0.99] * seeds), outcome(0.01, *[0.1] * seeds))
    assert not certain and sentence.startswith("Cannot tell which setting is better: with fewer than 3 seeds")
    more = [outcome(0.2, 0.5, 0.5, 0.5), outcome(0.1, *[0.99] * seeds), outcome(0.01, *[0.1] * seeds)]
    assert sentences_of(*more)[0][0].startswith("Cannot tell for lr 0.1; lr 0.01: with fewer than 3 seeds")


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


def test_what_stands_still_is_said_and_left_out_once_the_experiment_was_stopped() -> None:
    better, worse = outcome(0.1, 0.95, 0.951, 0.949, "stopped"), outcome(0.01, 0.8, 0.801, 0.799, "")
    for state in ("paused", "interrupted", "stopped"):
        halted = outcome(0.1, 0.95, 0.951, 0.949, state)
        assert sentences_of(halted, outcome(0.01, 0.8, 0.801, 0.799, 0.8)) in (
            [("1 run has not ended: press Resume, or Stop to do without.", False)],
            [
                ("With lr 0.1, 1 of 4 runs was stopped or deleted; it is no part of its mean.", False),
                ("1 run has not ended: press Resume, or Stop to do without.", False),
            ],
        )
    words = [sentence for sentence, _certain in sentences_of(better, worse, goal="stop")]
    assert words[0] == "With lr 0.1, 1 of 4 runs was stopped or deleted; it is no part of its mean."
    assert words[-1].startswith("Of the runs that finished, those with lr 0.1 are better than those with lr 0.01")


def test_one_setting_alone_is_compared_with_nothing() -> None:
    assert sentences_of(outcome(0.1, 0.9, 0.91, 0.92)) == [
        ("There is only one setting: nothing to compare.", False)
    ]
    sentences = sentences_of(outcome(0.1, 0.9, 0.91, 0.92), outcome(9.0, None, None, None))
    assert [sentence for sentence, _certain in sentences] == [
        "With lr 9, 3 of 3 runs diverged; they are no part of its mean.",
        "Only lr 0.1 has 3 seeds that finished: there is nothing to compare it with.",
    ]


def test_no_difference_is_larger_than_accuracies_can_have_and_none_is_rounded_to_nothing() -> None:
    ((wide, _certain),) = sentences_of(outcome(0.1, 0.0, 0.5, 1.0), outcome(0.01, 0.0, 0.4, 1.0))
    assert wide.endswith("the difference lies between -100.0 and 100.0 percentage points.")
    a, b = (0.900, 0.901, 0.902, 0.903), (0.8988, 0.8998, 0.8978, 0.8968)
    low = welch(list(a), list(b), 0.95, 1 / 360).low
    ((close, certain),) = sentences_of(outcome(0.1, *a), outcome(0.01, *b))
    assert certain and 0 < low < 0.001
    assert f"higher by {100 * low:.1g} to" in close


def test_two_settings_that_are_the_same_are_rarely_told_apart() -> None:
    draws = np.random.default_rng(1).normal(0.9, 0.02, (200, 2, 4))
    intervals = [welch(list(a), list(b), 0.95) for a, b in draws]
    assert sum(not interval.low <= 0 <= interval.high for interval in intervals) <= 20  # 5 % of 200 are 10


RESULTS = st.one_of(st.integers(0, 360).map(lambda right: right / 360), st.none(), st.just("stopped"))


@given(st.lists(st.lists(RESULTS, min_size=1, max_size=5), min_size=1, max_size=5))
def test_a_setting_is_said_to_be_better_only_where_scipy_says_so_too(table: list[list[float | str | None]]) -> None:
    """Any results: overlapping, one seed, equal ones, ties, failed and diverged runs; SciPy computes it again."""
    outcomes = [outcome(0.1 * (number + 1), *row) for number, row in enumerate(table)]
    sentences = conclusions(outcomes, lambda values: f"lr {values[0]:g}", images=360, goal="stop")
    usable = {f"lr {each.values[0]:g}": each.accuracies for each in outcomes if len(each.accuracies) >= 3}
    pairs = len(usable) * (len(usable) - 1) // 2
    compared = [each for each in sentences if "best" in each.values]
    assert len(compared) == max(0, len(usable) - 1)
    gaps = {f"lr {each.values[0]:g}": len(each.finished) < len(each.results) for each in outcomes}
    for each in compared:
        names = each.values["best"], each.values["other"]
        best, other = (usable[name] for name in names)
        assert np.mean(best) == max(map(np.mean, usable.values()))
        if each.certain and len(set(best)) > 1 and len(set(other)) > 1:
            theirs = stats.ttest_ind(best, other, equal_var=False).confidence_interval(1 - 0.05 / pairs)
            assert theirs.low > 0
        has_gaps = any(gaps[name] for name in names)
        assert ("Of the runs that finished" in each.message) == (each.certain and has_gaps)
    assert not any(each.certain for each in sentences if "best" not in each.values)
    assert all("nan" not in translate("en", each.message, **each.values) for each in sentences)


@pytest.mark.parametrize(("settings", "seeds"), [(2, 3), (3, 3), (5, 3), (3, 5)])
def test_of_settings_that_do_not_differ_one_is_called_better_in_at_most_one_experiment_of_twenty(
    settings: int, seeds: int
) -> None:
    draws = np.random.default_rng(2).normal(0.9, 0.02, (400, settings, seeds)).clip(0, 1)
    wrong = sum(
        any(certain for _sentence, certain in sentences_of(*(outcome(n, *row) for n, row in enumerate(table))))
        for table in np.round(draws * 360) / 360
    )
    assert stats.binomtest(wrong, len(draws), 0.05, alternative="greater").pvalue > 0.01
