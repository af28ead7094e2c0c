"""How long something takes, counted in a fixed piece of work: seconds differ from machine to machine."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import lru_cache


@lru_cache
def unit() -> float:
    """Return this thread's seconds for the fixed piece of work, some milliseconds: 20,000 numbers as JSON."""
    return min(_seconds(lambda: json.dumps(list(range(20_000)))) for _ in range(9))


def within(units: float, work: Callable[[], object]) -> bool:
    """Do ``work`` up to three times until it takes less than so many units; other threads do not count.

    The garbage collector may strike once, and takes long in a process that holds torch.
    """
    return any(_seconds(work) < units * unit() for _ in range(3))


def at_once(work: Callable[[], object]) -> bool:
    """Return whether nobody would notice that ``work`` takes time."""
    return within(40, work)


def _seconds(work: Callable[[], object]) -> float:
    start = time.thread_time()
    work()
    return time.thread_time() - start
