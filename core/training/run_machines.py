"""Where a run trained: the machines of a cluster that had it, one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from core.training.events import Event, Started


def machines(life: Iterable[tuple[float, Event]]) -> list[Started]:
    """Return the first start on each machine that had the run, in order; [] of a run that never left the server.

    Another torch or another processor is another place: there the last bits may be others.
    """
    starts = [event for _at, event in life if isinstance(event, Started)]
    if not any(start.node for start in starts):
        return []
    moves = groupby(starts, key=lambda start: (start.node, start.torch, start.processor))
    return [next(iter(group)) for _place, group in moves]
