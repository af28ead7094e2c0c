"""What a search shows and what it cannot: its best run was chosen for its result, which is likely too high."""

from __future__ import annotations

from collections.abc import Callable

from core.errors import N_
from core.experiments.conclusions import Conclusion, Label
from core.experiments.plan import Axis
from core.experiments.results import Outcome
from core.experiments.search import Range, Search, place

EDGE = 0.05  # of a range: nearer to its end, the best value may lie beyond it


def best(outcomes: list[Outcome]) -> int | None:
    """Return the number of the best run, the first of equals; None while none has finished."""
    means = [-1.0 if outcome.mean is None else outcome.mean for outcome in outcomes]
    return None if max(means, default=-1.0) < 0 else means.index(max(means))


def search_conclusions(
    search: Search, outcomes: list[Outcome], unfinished: int, label: Label, name: Callable[[str], str]
) -> list[Conclusion]:
    """Return what can be said of a search and what cannot.

    ``unfinished``: so many of its runs have not ended. ``name`` is what a setting is called.
    """
    if unfinished:
        return [
            Conclusion(
                N_("{count} {count:run has|runs have} not ended: wait for {count:it|them}."), {"count": unfinished}
            )
        ]
    conclusions = []
    if diverged := sum(outcome.diverged for outcome in outcomes):
        message = N_("{count} of {all} {all:run|runs} diverged; the search counts each as accuracy 0.")
        conclusions.append(Conclusion(message, {"count": diverged, "all": search.count}))
    number = best(outcomes)
    if number is None:
        return conclusions
    accuracy = outcomes[number].mean or 0.0
    values = {
        "number": number + 1,
        "all": search.count,
        "setting": label(outcomes[number].values),
        "accuracy": f"{accuracy:.2%}",
    }
    message = N_("Run {number} of {all} is the best, with a test accuracy of {accuracy}: {setting}.")
    conclusions.append(Conclusion(message, values))
    conclusions += [
        Conclusion(
            N_("The best value of {setting} is at the end of its range: a wider range may hold a better one."),
            {"setting": name(dimension.setting)},
        )
        for dimension, value in zip(search.space, outcomes[number].values, strict=True)
        if not isinstance(dimension, Axis) and is_at_an_end(dimension, value)
    ]
    after = search.count - 1 - number
    if after < search.count / 4:
        message = N_("The best run is among the last quarter of the runs: more runs may find a better one.")
        conclusions.append(Conclusion(message))
    else:
        message = N_("{count} {count:run|runs} after it found nothing better.")
        conclusions.append(Conclusion(message, {"count": after}))
    return conclusions


def is_at_an_end(dimension: Range, value: float) -> bool:
    """Return whether a value lies so near to an end of its range that a better one may lie beyond."""
    return not EDGE < place(dimension, value) < 1 - EDGE
