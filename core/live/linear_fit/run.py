"""The iterations of a fit in pieces that are small enough to be watched, and those of the latest fits again."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from core.foundations.linear_fit import FitSettings, Problem, Stretch, stretches
from core.live.latest import Latest

SIZES = (20, 50)  # iterations in the first messages: 3 and 7 ms of work
NEXT = 100  # and in each after them, 13 ms: no setting that is changed meanwhile waits longer for its first message
SHOWN = 12  # sample numbers of a mini-batch
MOST_KNOWN = 16  # fits of 5,000 iterations, 0.7 MB each
latest_fits = Latest[FitSettings, list[Stretch]](MOST_KNOWN)


def trained(settings: FitSettings, fit_problem: Problem) -> Iterator[Stretch]:
    """Yield the iterations of the fit of ``fit_problem``; of a mini-batch the first ``SHOWN`` samples."""
    earlier = latest_fits.get(settings)
    if earlier is not None:
        yield from earlier
        return
    pieces = []
    for stretch in stretches(settings, fit_problem, itertools.chain(SIZES, itertools.repeat(NEXT))):
        pieces.append(replace(stretch, batches=stretch.batches[:, :SHOWN].int()))
        if is_last(settings, stretch):
            latest_fits.keep(settings, pieces)
        yield pieces[-1]


def is_last(settings: FitSettings, stretch: Stretch) -> bool:
    """Return whether the fit ends with ``stretch``."""
    return stretch.diverged or stretch.first + len(stretch.losses) == settings.iterations
