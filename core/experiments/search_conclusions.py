"""What a search shows and what it cannot: its best run was chosen for its result, which is likely too high."""

from __future__ import annotations

from collections.abc import Callable

from core.errors import N_
from core.experiments.conclusions import Conclusion, Label, unfinished
from core.experiments.plan import Axis
from core.experiments.results import Outcome
from core.experiments.search import Range, Search, place
from core.training.status import FINAL

EDGE = 0.05  # of a range: nearer to its end, the best value may lie beyond it


def best(outcomes: list[Outcome]) -> int | None:
    """Return the place in ``outcomes`` of the best run, the first of equals; None while none has finished."""
    means = [-1.0 if outcome.mean is None else outcome.mean for outcome in outcomes]
    return None if max(means, default=-1.0) < 0 else means.index(max(means))


def search_conclusions(
    search: Search,
    outcomes: list[Outcome],
    states: list[str],
    label: Label,
    name: Callable[[str], str],
    goal: str = "run",
) -> list[Conclusion]:
    """Return what can be said of a search and what cannot.

    ``states`` are those of all its runs, also of those that are not proposed yet; ``name`` is what a setting is
    called, and ``goal`` what the search is told to do.
    """
    if waits := unfinished(states, goal):
        return [waits]
    ended = sum(state in FINAL for state in states)
    conclusions = _without_result(search, outcomes, ended)
    place_of_best = best(outcomes)
    if place_of_best is None:
        return conclusions
    winner = outcomes[place_of_best]
    after = sum(outcome.results[0].state in FINAL for outcome in outcomes[place_of_best + 1 :])
    return [
        *conclusions,
        _highest(search, outcomes, winner, label),
        *_at_ends(search, winner, name),
        _nothing_better_after(after, ended),
    ]


def _without_result(search: Search, outcomes: list[Outcome], ended: int) -> list[Conclusion]:
    """Say how many runs diverged, and of how many nothing is known."""
    conclusions = []
    if diverged := sum(outcome.diverged for outcome in outcomes):
        message = N_("{count} of {all} {all:run|runs} diverged; the search counts each as accuracy 0.")
        conclusions.append(Conclusion(message, {"count": diverged, "all": search.count}))
    if ended < search.count:
        message = N_(
            "{count} of {all} {all:run|runs} {count:was|were} stopped, deleted or not begun: nothing is known of"
            " {count:it|them}."
        )
        conclusions.append(Conclusion(message, {"count": search.count - ended, "all": search.count}))
    return conclusions


def _highest(search: Search, outcomes: list[Outcome], winner: Outcome, label: Label) -> Conclusion:
    """Say which run has the highest accuracy, or the first of how many."""
    accuracy = winner.mean or 0.0
    ties = sum(outcome.mean == accuracy for outcome in outcomes)
    values = {
        "number": winner.results[0].number,
        "all": search.count,
        "setting": label(winner.values),
        "accuracy": f"{accuracy:.2%}",
        "count": ties,
    }
    if ties > 1:
        message = N_(
            "{count} of {all} runs share the highest test accuracy, {accuracy}. The first is run {number}:"
            " {setting}."
        )
    else:
        message = N_("Run {number} of {all} has the highest test accuracy, {accuracy}: {setting}.")
    return Conclusion(message, values)


def _at_ends(search: Search, winner: Outcome, name: Callable[[str], str]) -> list[Conclusion]:
    """Say for which settings a wider range may hold a better value."""
    message = N_("Its value of {setting} is at the end of the range: a wider range may hold a better one.")
    return [
        Conclusion(message, {"setting": name(dimension.setting)})
        for dimension, value in zip(search.space, winner.values, strict=True)
        if not isinstance(dimension, Axis) and is_at_an_end(dimension, float(value))
    ]


def _nothing_better_after(after: int, ended: int) -> Conclusion:
    """Say how many runs after the best one found nothing better, or that it is among the last."""
    if after < ended / 4:
        return Conclusion(
            N_("The best run is among the last quarter of the runs: more runs may find a better one.")
        )
    return Conclusion(N_("{count} {count:run|runs} after it found nothing better."), {"count": after})


def is_at_an_end(dimension: Range, value: float) -> bool:
    """Return whether a value lies so near to an end of its range that a better one may lie beyond."""
    return not EDGE < place(dimension, value) < 1 - EDGE
