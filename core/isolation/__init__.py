"""Functions that run in a process of their own: their crash, their memory and their time are theirs alone.

``call(function, *arguments)`` is the door. A helper process that has imported torch already forks a child for
each call (Linux) or does one call after the other itself (elsewhere); the limits are enforced on that process, and
its end is a ``InvalidSetting`` whose sentence a page can show.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from core.isolation.limits import CallFailed, Limits
from core.isolation.pool import Pool

__all__ = ["CallFailed", "Limits", "call", "close", "prepare"]

Result = TypeVar("Result")

_making = threading.Lock()
_pool: Pool | None = None


def pool() -> Pool:
    """Return the pool of this server, made when it is first asked for."""
    global _pool
    with _making:
        if _pool is None:
            _pool = Pool()
        return _pool


def prepare() -> None:
    """Start the helper process before a user waits for it."""
    pool().start()


def call(
    function: Callable[..., Result],
    *arguments: Any,
    limits: Limits = Limits(),  # noqa: B008  (frozen)
    owner: str = "",
) -> Result:
    """Return ``function(*arguments)``, computed in another process within ``limits``.

    ``function`` belongs to a module; its arguments, its result and what it raises are plain data that can be
    pickled. What it raises is raised here too; ``CallFailed`` says that the process crashed or met a limit, or that
    too many calls wait. Owners take turns.
    """
    return pool().call(function, arguments, limits, owner)  # type: ignore[no-any-return]


def close() -> None:
    """End the helper process; a later call starts another."""
    global _pool
    with _making:
        old, _pool = _pool, None
    if old is not None:
        old.close()
