"""Python's warnings of a short piece of code: one user of the process's warning filters at a time."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_ONE_AT_A_TIME = threading.RLock()  # catch_warnings changes the filters of the whole process


@contextmanager
def recorded_warnings() -> Iterator[list[str]]:
    """Yield a list that holds, once the body has ended, each warning as "UserWarning: its text".

    Take it before ``core.rng.seeded``, never inside, so that two threads never wait for each other.
    """
    texts: list[str] = []
    with _ONE_AT_A_TIME, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield texts
        finally:
            texts += dict.fromkeys(f"{one.category.__name__}: {one.message}" for one in caught)


@contextmanager
def keep_filters() -> Iterator[None]:
    """Run the body; afterwards the warning filters are what they were before. As above, never inside ``seeded``."""
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        yield


@contextmanager
def raised_warnings(category: type[Warning]) -> Iterator[None]:
    """Run the body; what would warn as ``category`` raises it. As above, never inside ``seeded``."""
    with keep_filters():
        warnings.simplefilter("error", category)
        yield
