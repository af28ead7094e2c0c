"""Keeps the latest results of an instrument, for the next user who asks the same."""

from __future__ import annotations

import threading
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Latest(dict[Key, Value]):
    """A dictionary of at most ``most`` entries, the newest; ``keep`` may be called from any thread."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self._lock = threading.Lock()

    def keep(self, key: Key, value: Value) -> None:
        """Add an entry, and drop the oldest where there are too many."""
        with self._lock:
            self[key] = value
            while len(self) > self.most:
                del self[next(iter(self))]
