"""A fair queue: owners take turns, so that one who asks for ten runs does not keep nine others waiting."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass
class FairQueue(Generic[T]):
    """First come, first served within an owner; among owners, who was served longest ago comes next.

    >>> queue = FairQueue()
    >>> for owner, item in (("a", 1), ("a", 2), ("b", 3)):
    ...     queue.put(owner, item)
    >>> queue.in_order()
    [1, 3, 2]
    """

    waiting: list[tuple[str, T]] = field(default_factory=list)
    served: dict[str, int] = field(default_factory=dict)  # owner -> when it last had its turn
    turns: int = 0

    def put(self, owner: str, item: T) -> None:
        """Let ``item`` wait."""
        self.waiting.append((owner, item))

    def in_order(self) -> list[T]:
        """Return what waits in the order in which it will be served if nobody else comes."""
        waiting, served, turns = list(self.waiting), dict(self.served), self.turns
        order = []
        while waiting:
            chosen = min(range(len(waiting)), key=lambda i: (served.get(waiting[i][0], -1), i))
            owner, item = waiting.pop(chosen)
            turns += 1
            served[owner] = turns
            order.append(item)
        return order

    def take(self) -> T:
        """Remove and return what is next."""
        item = self.in_order()[0]
        owner = next(owner for owner, waiting in self.waiting if waiting == item)
        self.waiting.remove((owner, item))
        self.turns += 1
        self.served[owner] = self.turns
        return item

    def remove(self, item: T) -> bool:
        """Take ``item`` out; False when it does not wait."""
        kept = [pair for pair in self.waiting if pair[1] != item]
        found = len(kept) < len(self.waiting)
        self.waiting = kept
        return found

    def __len__(self) -> int:
        return len(self.waiting)
