"""A list with bounds: the first entries, the last ones, and of those between only how many there were."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

Entry = TypeVar("Entry")


class BoundedList(Generic[Entry]):
    """Keeps the ``first`` and the ``last`` entries, and between them those that ask for it, ``between`` at most."""

    def __init__(self, first: int, last: int, between: int = 0) -> None:
        self.first, self.between, self.total = first, between, 0
        self._entries: list[tuple[int, Entry]] = []
        self._last: deque[tuple[int, Entry]] = deque(maxlen=last)

    @property
    def at_beginning(self) -> bool:
        """Whether the next entry is among the first."""
        return self.total < self.first

    @property
    def has_room(self) -> bool:
        """Whether an entry between the first and the last can still be kept."""
        return len(self._entries) < self.first + self.between

    @property
    def is_complete(self) -> bool:
        """Whether no entry was left out."""
        return len(self) == self.total

    def __len__(self) -> int:
        return len(self._entries) + len(self._last)

    def add(self, entry: Entry, keep: bool = False) -> None:
        """Take the next entry; ``keep``: keep it between the first and the last too, while there is room."""
        if self.at_beginning or (keep and self.has_room):
            self._entries.append((self.total, entry))
        else:
            self._last.append((self.total, entry))
        self.total += 1

    def leave_out(self) -> None:
        """Count an entry that nobody looks at."""
        self.total += 1

    def __iter__(self) -> Iterator[tuple[int, int, Entry]]:
        """Give (number, how many were left out just before it, entry) in order."""
        before = -1
        for number, entry in sorted([*self._entries, *self._last], key=lambda pair: pair[0]):
            yield number, number - before - 1, entry
            before = number
