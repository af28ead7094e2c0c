"""The nodes of a graph in the order in which autograd's engine runs them, with what arrives at each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from torch import Tensor
from torch.autograd.graph import Node
from torch.utils.hooks import RemovableHandle

from core.script.gradients import Gradients
from core.script.kinds import is_a
from core.script.program_record import BackwardNode
from core.script.tensor_facts import facts
from core.trace.torch_internals import leaf_of

MOST = 600  # nodes of one backward pass

Owner = tuple[int, int, str]  # operation, line, expression
UNKNOWN: Owner = (-1, 0, "")


class EngineOrder:
    """Hooks on every node behind ``loss``, as long as they are not removed."""

    def __init__(
        self,
        loss: Tensor,
        makers: dict[Node, Owner],
        name_of: Callable[[Tensor], str],
        listen: Callable[[Node, tuple[Any, ...]], None],
        gradients: Gradients,
    ) -> None:
        self._listen = listen  # called with every node and what arrives there
        self.nodes: list[BackwardNode] = []
        self._numbers: list[list[int | None]] = []  # of the gradients of each node, where they open
        self._name_of = name_of
        self._handles: list[RemovableHandle] = []
        owned = _owned(loss.grad_fn, makers)
        self._pass = gradients.begin(loss.grad_fn, {node: owner[0] for node, owner in owned.items()})
        for node, owner in owned.items():
            self._handles.append(node.register_prehook(self._hook(node, owner)))

    def _hook(self, node: Node, owner: Owner) -> Callable[[tuple[Any, ...]], None]:
        def arrived(gradients: tuple[Any, ...]) -> None:
            if len(self.nodes) < MOST:
                self._listen(node, gradients)
                arriving = tuple(facts("", one, True) for one in gradients if is_a(one, Tensor))
                self._numbers.append(self._pass.arrive(node, gradients))
                leaf = leaf_of(node)
                name = "" if leaf is None else self._name_of(leaf)
                self.nodes.append(BackwardNode(node.name(), *owner, arriving, name))

        return arrived

    def end(self, index: int) -> tuple[BackwardNode, ...]:
        """Return the nodes of the backward pass that is operation ``index``."""
        self._pass.end(index)
        nodes = []
        for node, numbers in zip(self.nodes, self._numbers, strict=True):
            numbered = zip(node.gradients, numbers, strict=True)
            gradients = (replace(one, maker=None if n is None else (index, n)) for one, n in numbered)
            nodes.append(replace(node, gradients=tuple(gradients)))
        return tuple(nodes)

    def remove(self) -> None:
        """Take the hooks away."""
        for handle in self._handles:
            handle.remove()
        self._handles.clear()


def _owned(root: Node | None, makers: dict[Node, Owner]) -> dict[Node, Owner]:
    """Return every node behind ``root`` with the operation it is part of: its own, or that of the node above."""
    owners: dict[Node, Owner] = {}
    waiting: list[tuple[Node | None, Owner]] = [(root, UNKNOWN)]
    while waiting and len(owners) < MOST:
        node, above = waiting.pop()
        if node is None or node in owners:
            continue
        owners[node] = makers.get(node, above)
        waiting += [(following, owners[node]) for following, _ in reversed(node.next_functions)]
    return owners
