"""The iterations of a fit in pieces that are small enough to be watched, and those of the latest fits again."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from dataclasses import replace

from core.foundations.linear_fit import FitSettings, Problem, Stretch, stretches

FIRST, NEXT = 100, 200  # iterations in the first message, and in each after it: 15 and 30 ms
SHOWN = 12  # sample numbers of a mini-batch
MOST_KNOWN = 16  # fits of 5,000 iterations, 0.7 MB each
known: dict[FitSettings, list[Stretch]] = {}
_lock = threading.Lock()


def trained(settings: FitSettings, given: Problem) -> Iterator[Stretch]:
    """Yield the iterations of the fit that starts from ``given``; of a mini-batch the first ``SHOWN`` samples."""
    kept = known.get(settings)
    if kept is not None:
        yield from kept
        return
    done = []
    for stretch in stretches(settings, given, itertools.chain([FIRST], itertools.repeat(NEXT))):
        done.append(replace(stretch, batches=stretch.batches[:, :SHOWN].int()))
        if is_last(settings, stretch):
            _keep(settings, done)
        yield done[-1]


def is_last(settings: FitSettings, stretch: Stretch) -> bool:
    """Return whether the fit ends with ``stretch``."""
    return stretch.diverged or stretch.first + len(stretch.losses) == settings.iterations


def _keep(settings: FitSettings, done: list[Stretch]) -> None:
    with _lock:
        known[settings] = done
        while len(known) > MOST_KNOWN:
            del known[next(iter(known))]
