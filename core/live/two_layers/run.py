"""The four programs in turn, some iterations at a time; and what the latest of them came to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.foundations.two_layers import WAYS, Stepping, WaysSettings, program
from core.live.latest import Latest

Losses = Mapping[str, list[float]]  # of each program, the same number of iterations

FIRST, NEXT = 0.008, 0.03  # seconds of a processor that a message may take, about
STEP = 4e-4  # seconds that an iteration of all four takes, however small
RATE = 4e10  # multiplications a second
MOST_KNOWN = 64  # of 500 iterations, 64 kB each
latest_losses = Latest[WaysSettings, list[Losses]](MOST_KNOWN)


def at_a_time(settings: WaysSettings, seconds: float) -> int:
    """Return how many iterations of all four programs take about so long; one at least."""
    each = STEP + len(WAYS) * settings.work / settings.iterations / RATE
    return max(1, int(seconds / each))


def together(settings: WaysSettings) -> Iterator[Losses | None]:
    """Yield the losses of the next iterations of all four programs, until each has ended.

    None: large programs have not all had their iteration yet, and others may have the thread.
    """
    earlier = latest_losses.get(settings)
    if earlier is not None:
        yield from earlier
        return
    programs: dict[str, Stepping] = {}
    is_large = at_a_time(settings, NEXT) == 1
    for way in WAYS:
        programs[way] = Stepping(program(way, settings))
        if is_large:
            yield None
    count, parts, left = at_a_time(settings, FIRST), list[Losses](), settings.iterations
    while left > 0:
        part: dict[str, list[float]] = {}
        for way, each in programs.items():
            part[way] = each.advance(count)
            if is_large:
                yield None
        parts.append(part)
        left -= count
        if left <= 0:
            latest_losses.keep(settings, parts)
        yield part
        count = at_a_time(settings, NEXT)
