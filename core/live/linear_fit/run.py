"""The iterations of a fit in pieces that are small enough to be watched, and those of the latest fits again."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import replace

import torch

from core.foundations.linear_fit import FitSettings, Problem, Stretch, stretches
from core.live.instrument import Later
from core.live.latest import Latest

SIZES = (4, 16)  # iterations in the first messages: what is painted first waits for as little as possible
NEXT = 25  # and in each after it, 3 ms: no setting that is changed meanwhile waits longer for its first message
SHOWN = 12  # sample numbers of a mini-batch
MOST_KNOWN = 16  # fits of 5,000 iterations, 0.7 MB each
latest_fits = Latest[FitSettings, list[Stretch]](MOST_KNOWN)


def trained(settings: FitSettings, fit_problem: Problem) -> Iterator[Stretch | Later]:
    """Yield the iterations of the fit of ``fit_problem``; of a mini-batch the first ``SHOWN`` samples.

    After each stretch that it computes it rests for as long as that took: it is still ahead of what is played, and
    the browser that paints, or the next setting, has the processor at once.
    """
    earlier = latest_fits.get(settings)
    if earlier is not None:
        yield from earlier
        return
    pieces = []
    begun = time.perf_counter()
    for stretch in stretches(settings, fit_problem, itertools.chain(SIZES, itertools.repeat(NEXT))):
        took = time.perf_counter() - begun
        pieces.append(replace(stretch, batches=stretch.batches[:, :SHOWN].int()))
        if is_last(settings, stretch):
            latest_fits.keep(settings, _in_two(pieces))
        yield pieces[-1]
        if not is_last(settings, stretch):
            yield Later(took)
        begun = time.perf_counter()


def _in_two(pieces: list[Stretch]) -> list[Stretch]:
    """Return the first stretch, and all others as one: a hundred messages at once keep a browser busy."""
    first, *others = pieces
    if not others:
        return [first]
    weights, gradients, losses, batches = (
        torch.cat([getattr(each, name) for each in others])
        for name in ("weights", "gradients", "losses", "batches")
    )
    return [first, Stretch(others[0].first, weights, gradients, losses, batches, others[-1].diverged)]


def is_last(settings: FitSettings, stretch: Stretch) -> bool:
    """Return whether the fit ends with ``stretch``."""
    return stretch.diverged or stretch.first + len(stretch.losses) == settings.iterations
