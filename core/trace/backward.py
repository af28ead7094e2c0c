"""Watches a backward pass: hooks on every node, so that gradients are seen in the engine's own order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor
from torch.autograd.graph import GradientEdge, Node

from core import autograd_graph
from core.trace.records import BackwardNode

Gradients = tuple[Tensor | None, ...]


class Listener:
    """Hooks on every node behind ``root``; ``nodes(...)`` returns what they saw, in the order of execution."""

    def __init__(self, root: Node | None) -> None:
        self.found = autograd_graph.nodes_behind(root)
        self.number = {node: i for i, node in enumerate(self.found)}
        self.order: list[Node] = []
        self.received: dict[Node, Gradients] = {}
        self.sent: dict[Node, Gradients] = {}
        self.before: dict[Node, Tensor | None] = {}
        self.after: dict[Node, Tensor | None] = {}
        self._handles: list[Any] = []
        for node in self.found:
            self._handles.append(node.register_prehook(lambda grads, node=node: self._start(node, grads)))
            self._handles.append(node.register_hook(lambda sent, _got, node=node: self._end(node, sent)))

    def _start(self, node: Node, grads: Gradients) -> None:
        self.order.append(node)
        self.received[node] = _copies(grads)
        if hasattr(node, "variable"):
            self.before[node] = _copies((node.variable.grad,))[0]

    def _end(self, node: Node, sent: Gradients) -> None:
        self.sent[node] = _copies(sent)
        if hasattr(node, "variable"):
            self.after[node] = _copies((node.variable.grad,))[0]

    def remove(self) -> None:
        """Take the hooks off again."""
        for handle in self._handles:
            handle.remove()

    def contribution(self, nodes: list[Node], edge: GradientEdge) -> Tensor | None:
        """Add up what ``nodes``, the nodes of one operation, sent along ``edge`` to one of its inputs."""
        total: Tensor | None = None
        for node in nodes:
            for (following, slot), grad in zip(node.next_functions, self.sent.get(node, ()), strict=False):
                if grad is not None and following is edge.node and slot == edge.output_nr:
                    total = grad.clone() if total is None else total + grad
        return total

    def nodes(self, owner: Mapping[Node, int], names: Mapping[int, str]) -> tuple[BackwardNode, ...]:
        """Return the records; ``owner`` says which operation created a node, ``names`` names leaves by identity."""
        return tuple(self._record(order, node, owner, names) for order, node in enumerate(self.order))

    def _record(self, order: int, node: Node, owner: Mapping[Node, int], names: Mapping[int, str]) -> BackwardNode:
        leaf: Tensor | None = getattr(node, "variable", None)
        return BackwardNode(
            id=self.number[node],
            order=order,
            name=node.name().removeprefix("torch::autograd::"),
            operation=owner.get(node),
            received=self.received[node],
            sent=self.sent.get(node, ()),
            next=tuple(None if n is None else self.number[n] for n, _ in node.next_functions),
            parameter="" if leaf is None else names.get(id(leaf), "?"),
            before=self.before.get(node),
            after=self.after.get(node),
        )


def _copies(grads: Gradients) -> Gradients:
    return tuple(None if grad is None else grad.detach().clone() for grad in grads)
