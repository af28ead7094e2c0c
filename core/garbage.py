"""Python's garbage collection, out of the way while a process imports torch and what else is large.

Such imports create hundreds of thousands of objects, and most stay until the process ends. Each of Python's full
collections visits them all again: during the imports, and later, when a user may wait.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Switch collection off inside the block, and leave what is there at its end out of every later collection.

    Garbage among it keeps its memory until ``collect_once``.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


def collect_once() -> None:
    """Collect everything, what ``uncollected`` left out included, and leave what stays out of later collections."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


# Libraries which look for what is left at the end, as triton does, find nothing then.
atexit.register(gc.unfreeze)
