"""Seeds torch's global generator for a block and restores its state afterwards, one thread at a time."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

_ONE_AT_A_TIME = threading.RLock()  # the generator belongs to the process; each browser session is a thread


@contextmanager
def own_generator() -> Iterator[None]:
    """Hold the lock, so that the block may seed the global generator; restore its state afterwards."""
    with _ONE_AT_A_TIME, torch.random.fork_rng(devices=[]):
        yield


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Run the block with the global generator at ``seed``; restore its state afterwards."""
    with own_generator():
        seed_torch(seed)
        yield


def seed_torch(seed: int) -> None:
    """Seed torch's global generators as ``torch.manual_seed`` does; to be used inside ``own_generator``.

    Where there is nothing but a CPU, ``torch.manual_seed`` spends a hundred times as long on writing down, for each
    kind of device that is not there, who asked.
    """
    if torch.accelerator.is_available():
        torch.manual_seed(seed)
    else:
        torch.default_generator.manual_seed(seed)


def seed_all(seed: int) -> None:
    """Seed torch's, Python's and NumPy's global generators; to be used inside ``all_seeded``."""
    seed_torch(seed)
    random.seed(seed)
    np.random.seed(seed % 2**32)  # it takes no more


@contextmanager
def all_seeded(seed: int) -> Iterator[None]:
    """As ``seeded``, and Python's and NumPy's global generators too, which a reader's module may draw from."""
    with own_generator():
        python, numpy = random.getstate(), np.random.get_state()
        seed_all(seed)
        try:
            yield
        finally:
            random.setstate(python)
            np.random.set_state(numpy)
