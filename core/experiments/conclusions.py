"""What so many seeds can show and what they cannot, by one rule that is stated: Welch's interval.

For two settings with mean accuracies m, standard deviations s and n seeds each, the difference lies between
(m1 - m2) ± t · sqrt(s1²/n1 + s2²/n2), t of Student's distribution with Welch's degrees of freedom. With k settings
there are k(k-1)/2 pairs, and the level is shared among them (Bonferroni), so that all intervals hold together with
95 %.
Source: B. L. Welch, "The generalization of 'Student's' problem", Biometrika 34 (1947).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import fmean, variance

from core.errors import N_
from core.experiments.results import DELETED, ENDED, Outcome
from core.training.config import SettingValue

LEVEL = 0.95
SEEDS_LEAST = 3  # with fewer, the interval is so wide that it says nothing
Label = Callable[[tuple[SettingValue, ...]], str]


@dataclass(frozen=True)
class Conclusion:
    """A sentence, as core writes it, with its values; ``certain``: it tells one setting from another."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    certain: bool = False


@dataclass(frozen=True)
class Interval:
    """Between what bounds the difference of two mean accuracies lies."""

    low: float
    high: float


def welch(a: list[float], b: list[float], level: float, resolution: float = 0.0) -> Interval:
    """Return Welch's interval of mean(a) - mean(b); each has two values or more.

    ``resolution`` is the smallest difference that an accuracy can have, one image: equal values do not mean that
    the spread is 0, only that it is smaller than that.
    """
    from scipy.special import stdtrit

    least = resolution**2 / 12  # the variance of what is rounded to this step
    parts = [max(variance(values), least) / len(values) for values in (a, b)]
    error = math.sqrt(sum(parts))
    middle = fmean(a) - fmean(b)
    if error == 0:
        return Interval(middle, middle)
    freedom = sum(parts) ** 2 / sum(part**2 / (len(values) - 1) for part, values in zip(parts, (a, b), strict=True))
    reach = float(stdtrit(freedom, (1 + level) / 2)) * error
    return Interval(middle - reach, middle + reach)


def conclusions(outcomes: list[Outcome], label: Label, images: int, goal: str = "run") -> list[Conclusion]:
    """Return what can be concluded of ``outcomes`` and what cannot; ``images`` is how many the test set has.

    ``goal`` is what the experiment is told to do; see ``unfinished``. Where only one setting was tried there is
    nothing to compare.
    """
    sentences = _left_out(outcomes, label)
    states = [result.state for outcome in outcomes for result in outcome.results]
    if waits := unfinished(states, goal):
        return [*sentences, waits]
    if len(outcomes) < 2:
        return [*sentences, Conclusion(N_("There is only one setting: nothing to compare."))]
    compared = [outcome for outcome in outcomes if len(outcome.accuracies) >= SEEDS_LEAST]
    few = [outcome for outcome in outcomes if 0 < len(outcome.accuracies) < SEEDS_LEAST]
    if len(few) == len(outcomes):
        message = N_(
            "Cannot tell which setting is better: with fewer than {least} seeds that finished, a difference between"
            " two settings cannot be told from one between two seeds."
        )
        sentences.append(Conclusion(message, {"least": SEEDS_LEAST}))
    elif few:
        message = N_(
            "Cannot tell for {settings}: with fewer than {least} seeds that finished, a difference between two"
            " settings cannot be told from one between two seeds."
        )
        sentences.append(Conclusion(message, {"settings": _list(few, label), "least": SEEDS_LEAST}))
    if len(compared) == 1:
        message = N_("Only {setting} has {least} seeds that finished: there is nothing to compare it with.")
        sentences.append(Conclusion(message, {"setting": label(compared[0].values), "least": SEEDS_LEAST}))
    if len(compared) >= 2:
        sentences += _compare(compared, label, images)
    return sentences


def unfinished(states: list[str], goal: str) -> Conclusion | None:
    """Say that nothing is compared yet, because runs train or can go on; None when none of them will.

    Runs that were stopped, or not begun, count as given up once the whole experiment was stopped (``goal``).
    """
    given_up = ("stopped", "") if goal == "stop" else ()
    left = [state for state in states if state not in (*ENDED, *given_up)]
    if not left:
        return None
    if any(state in ("running", "waiting") for state in left) or not any(left):
        message = N_("{count} {count:run has|runs have} not ended: wait for {count:it|them}.")
    else:
        message = N_("{count} {count:run has|runs have} not ended: press Resume, or Stop to do without.")
    return Conclusion(message, {"count": len(left)})


def _left_out(outcomes: list[Outcome], label: Label) -> list[Conclusion]:
    """Say which runs are no part of a mean: those that diverged, and those that were stopped or deleted."""
    sentences = []
    for outcome in outcomes:
        absent = sum(result.state in ("stopped", DELETED) for result in outcome.results)
        for count, message in (
            (
                outcome.diverged,
                N_(
                    "With {setting}, {count} of {all} {all:run|runs} diverged; {count:it is|they are} no part of "
                    "its mean."
                ),
            ),
            (
                absent,
                N_(
                    "With {setting}, {count} of {all} {all:run|runs} {count:was|were} stopped or deleted;"
                    " {count:it is|they are} no part of its mean."
                ),
            ),
        ):
            if count:
                values = {"setting": label(outcome.values), "count": count, "all": len(outcome.results)}
                sentences.append(Conclusion(message, values))
    return sentences


def _compare(compared: list[Outcome], label: Label, images: int) -> list[Conclusion]:
    """Compare the best setting with every other one, and of two settings the best at each value of the second."""
    pairs = len(compared) * (len(compared) - 1) // 2
    level = 1 - (1 - LEVEL) / pairs
    sentences, certain = [], []
    for best, other in _pairs(compared):
        interval = welch(best.accuracies, other.accuracies, level, 1 / images)
        values = {
            "best": label(best.values),
            "other": label(other.values),
            "low": _points(max(interval.low, -1.0)),  # no two accuracies differ by more
            "high": _points(min(interval.high, 1.0)),
        }
        if interval.low <= 0:
            message = N_(
                "Cannot tell whether {best} or {other} is better: the difference lies between {low} and {high}"
                " percentage points."
            )
        elif all(len(each.finished) == len(each.results) for each in (best, other)):
            message = N_(
                "{best} is better than {other}: its mean accuracy is higher by {low} to {high} percentage points."
            )
            certain.append((best, other))
        else:
            message = N_(
                "Of the runs that finished, those with {best} are better than those with {other}: their mean"
                " accuracy is higher by {low} to {high} percentage points."
            )
        sentences.append(Conclusion(message, values, interval.low > 0))
    return [*sentences, *_depends(certain, label)]


def _pairs(compared: list[Outcome]) -> list[tuple[Outcome, Outcome]]:
    """Return what is compared: the highest mean with every other one, then the highest of each other column."""
    columns: dict[SettingValue | None, list[Outcome]] = {}  # the second of two settings: its values
    for outcome in compared:
        columns.setdefault(outcome.values[1] if len(outcome.values) == 2 else None, []).append(outcome)
    groups = [compared, *columns.values()]
    pairs: list[tuple[Outcome, Outcome]] = []
    for group in groups:
        best = max(group, key=lambda outcome: fmean(outcome.accuracies))
        pairs += [(best, other) for other in group if other is not best and (best, other) not in pairs]
    return pairs


def _depends(certain: list[tuple[Outcome, Outcome]], label: Label) -> list[Conclusion]:
    """Say it where a value of the first setting is better at one value of the second, and worse at another."""
    by_values = {
        (best.values[0], other.values[0]): (label(best.values), label(other.values))
        for best, other in certain
        if len(best.values) == 2 and best.values[1] == other.values[1]
    }
    for (first, second), (best, other) in by_values.items():
        if (second, first) in by_values:
            best_there, other_there = by_values[second, first]
            message = N_(
                "Which is better depends on the other setting: {best} is better than {other}, but {best_there} is"
                " better than {other_there}."
            )
            values = {"best": best, "other": other, "best_there": best_there, "other_there": other_there}
            return [Conclusion(message, values)]
    return []


def _points(difference: float) -> str:
    """Return a difference of accuracies in percentage points, never rounded to 0."""
    points = 100 * difference
    return f"{points:.1f}" if abs(points) >= 0.1 or points == 0 else f"{points:.1g}"


def _list(outcomes: list[Outcome], label: Label) -> str:
    return "; ".join(label(outcome.values) for outcome in outcomes)
