"""torch's global random numbers, used for a while and put back: one user of them at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch

_ONE_AT_A_TIME = threading.RLock()  # the generator belongs to the process; each browser session is a thread


@contextmanager
def own_generator() -> Iterator[None]:
    """Let the body seed and use the global generator; afterwards it is where it was before."""
    with _ONE_AT_A_TIME, torch.random.fork_rng(devices=[]):
        yield


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Run the body with the global generator at ``seed``; afterwards it is where it was before."""
    with own_generator():
        torch.manual_seed(seed)
        yield
