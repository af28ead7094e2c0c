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
    again: list[T] = field(default_factory=list)  # of those that wait: what had its turn and lost it

    def put(self, owner: str, item: T, again: bool = False) -> None:
        """Let ``item`` wait; ``again``: it had its turn already and comes before all that did not."""
        self.waiting.append((owner, item))
        if again:
            self.again.append(item)

    def in_order(self) -> list[T]:
        """Return what waits in the order in which it will be served if nobody else comes."""
        waiting, served, turns = list(self.waiting), dict(self.served), self.turns
        order = []
        while waiting:
            index = min(
                range(len(waiting)),
                key=lambda i: (waiting[i][1] not in self.again, served.get(waiting[i][0], -1), i),
            )
            owner, item = waiting.pop(index)
            if item not in self.again:
                turns += 1
                served[owner] = turns
            order.append(item)
        return order

    def take(self) -> T:
        """Remove and return what is next."""
        item = self.in_order()[0]
        owner = next(owner for owner, waiting in self.waiting if waiting == item)
        self.waiting.remove((owner, item))
        if item in self.again:
            self.again.remove(item)
        else:
            self.turns += 1
            self.served[owner] = self.turns
        return item

    def remove(self, item: T) -> bool:
        """Take ``item`` out; False when it does not wait."""
        others = [pair for pair in self.waiting if pair[1] != item]
        was_waiting = len(others) < len(self.waiting)
        self.waiting = others
        self.again = [each for each in self.again if each != item]
        return was_waiting

    def __len__(self) -> int:
        return len(self.waiting)
