"""The results of the calls since the last backward pass, held so that the engine's nodes are known by them."""

from __future__ import annotations

from dataclasses import dataclass, field

from torch import Tensor
from torch.autograd.graph import Node

from core.script.tensor_facts import grad_fn

MOST_CALLS = 300
MOST_NUMBERS = 20_000_000  # in all results together


@dataclass(frozen=True)
class CallResults:
    """One call: its number, its place, what it returned, and the node of each of these as it was then."""

    index: int
    line: int
    expression: str
    outputs: list[Tensor]
    nodes: list[Node | None]


@dataclass
class HeldResults:
    """Takes results until there are too many, and lets go of all of them at once."""

    calls: list[CallResults] = field(default_factory=list)
    numbers: int = 0

    def take(self, index: int, line: int, expression: str, outputs: list[Tensor]) -> bool:
        """Hold what a call returned; return False where there is no room, or nothing that has a gradient."""
        self.numbers += sum(tensor.numel() for tensor in outputs)
        has_room = len(self.calls) < MOST_CALLS and self.numbers < MOST_NUMBERS
        if not has_room or not any(one.is_floating_point() for one in outputs):
            return False
        # The nodes now: an operation that changes a result in place gives it another one.
        self.calls.append(CallResults(index, line, expression, outputs, [grad_fn(one) for one in outputs]))
        return True

    def makers(self) -> dict[Node, tuple[int, int, str]]:
        """Return the number, line and expression of the call, the last one, that made each node."""
        return {
            node: (one.index, one.line, one.expression)
            for one in self.calls
            for node in one.nodes
            if node is not None
        }

    def release(self) -> None:
        """Let go of everything."""
        self.calls.clear()
        self.numbers = 0
