"""The four programs in turn, some iterations at a time; and what the latest of them came to."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.foundations.two_layers import WAYS, Stepping, WaysSettings, program
from core.live.instrument import Later
from core.live.latest import Latest

Losses = Mapping[str, list[float]]  # of each program, the same number of iterations

SHORT, LONG = 0.004, 0.012  # seconds of a processor that a message may take, about
HAND = 1.0  # seconds after a question in which the next one is likely: messages are short, and a rest follows each
STEP = 4e-4  # seconds that an iteration of all four takes, however small
RATE = 4e10  # multiplications a second
MOST_KNOWN = 64  # of 500 iterations, 64 kB each
latest_losses = Latest[WaysSettings, Losses](MOST_KNOWN)


@dataclass(frozen=True)
class FirstLoss:
    """The loss of the first iteration, which is that of the first three programs but for its last digits."""

    loss: float


def at_a_time(settings: WaysSettings, seconds: float) -> int:
    """Return how many iterations of all four programs take about so long; one at least."""
    each = STEP + len(WAYS) * settings.work / settings.iterations / RATE
    return max(1, int(seconds / each))


def together(settings: WaysSettings) -> Iterator[FirstLoss | Losses | Later]:
    """Yield the first loss as soon as one program has it, then the losses of the next iterations of all four.

    Losses that are known come at once, in one part. In between others may have the thread: after each program of
    large ones, and, while the hand is likely to go on, after each message for as long as that took.
    """
    earlier = latest_losses.get(settings)
    if earlier is not None:
        yield FirstLoss(earlier["numpy"][0])
        yield earlier
        return
    begun = time.perf_counter()
    programs = {"numpy": Stepping(program("numpy", settings))}
    first = programs["numpy"].advance(1)
    yield FirstLoss(first[0])
    for way in [way for way in WAYS if way not in programs]:
        programs[way] = Stepping(program(way, settings))
        yield Later(0)
    is_large = at_a_time(settings, LONG) == 1
    count, left = at_a_time(settings, SHORT), settings.iterations
    losses: dict[str, list[float]] = {way: [] for way in WAYS}
    while left > 0:
        started = time.perf_counter()
        part: dict[str, list[float]] = {}
        for way, each in programs.items():
            ready = first if way == "numpy" and not losses[way] else []
            part[way] = ready + each.advance(count - len(ready))
            losses[way] += part[way]
            if is_large:
                yield Later(0)
        left -= count
        if left <= 0:
            latest_losses.keep(settings, losses)
        took = time.perf_counter() - started
        yield part
        is_hand_near = time.perf_counter() - begun < HAND
        if is_hand_near:
            yield Later(took)
        count = at_a_time(settings, SHORT if is_hand_near else LONG)
