"""Limits the rate at which one user asks: questions, bytes and processor time, as token buckets.

A user who asks more waits; nothing is refused. All tabs of a user share one allowance.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]


@dataclass(frozen=True)
class Rates:
    """How much each second refills: questions, bytes in both directions, seconds of a processor."""

    requests: float = 150.0
    size: float = 4e6
    seconds: float = 1.0


class TokenBucket:
    """A token bucket: holds at most ``burst``, is refilled at ``rate`` a second, and may be overdrawn."""

    def __init__(self, rate: float, burst: float, clock: Clock) -> None:
        self.rate, self.burst, self.clock = rate, burst, clock
        self.level, self.filled = burst, clock()

    def take(self, amount: float) -> float:
        """Take ``amount`` and return the seconds until the level is no longer below zero."""
        now = self.clock()
        self.level = min(self.burst, self.level + (now - self.filled) * self.rate) - amount
        self.filled = now
        return max(0.0, -self.level / self.rate)

    def is_full(self) -> bool:
        """Return whether it holds ``burst``."""
        self.take(0)
        return self.level == self.burst


class Allowance:
    """The three buckets of one user; each holds what ``BURST`` seconds refill."""

    BURST = 2.0

    def __init__(self, rates: Rates = Rates(), clock: Clock = time.monotonic) -> None:
        self.requests = TokenBucket(rates.requests, rates.requests * self.BURST, clock)
        self.size = TokenBucket(rates.size, rates.size * self.BURST, clock)
        self.seconds = TokenBucket(rates.seconds, rates.seconds * self.BURST, clock)
        self.commands = asyncio.Lock()  # held while a command of the user is obeyed

    def take(self, requests: int = 0, size: int = 0, seconds: float = 0.0) -> float:
        """Count requests, bytes and seconds of a processor; return how many seconds the user has to wait."""
        return max(self.requests.take(requests), self.size.take(size), self.seconds.take(seconds))

    def is_full(self) -> bool:
        """Return whether all three buckets are full."""
        return all(bucket.is_full() for bucket in (self.requests, self.size, self.seconds))
