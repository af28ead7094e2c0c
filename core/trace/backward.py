"""Watches a backward pass: hooks on every node, so that gradients are seen in the engine's own order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor
from torch.autograd.graph import GradientEdge, Node

from core.trace.autograd_graph import nodes_behind
from core.trace.torch_internals import leaf_of, version
from core.trace.trace_record import BackwardNode

Gradients = tuple[Tensor | None, ...]


@dataclass
class Run:
    """One execution of a node: its gradients as in a node's hook, and for a leaf ``.grad`` before and after."""

    node: Node
    grad_outputs: Gradients
    before: Tensor | None = None
    grad_inputs: Gradients = ()
    after: Tensor | None = None
    ended: bool = False


@dataclass
class Copies:
    """Copies of gradients, one for each tensor: what a node sends is, most often, what the next one receives."""

    _copies: dict[tuple[int, int], tuple[Tensor, Tensor]] = field(default_factory=dict)

    def of(self, grads: Gradients) -> Gradients:
        """Return copies of ``grads``; the originals are kept, so that no identity comes twice."""
        return tuple(None if grad is None else self._one(grad) for grad in grads)

    def _one(self, grad: Tensor) -> Tensor:
        key = (id(grad), version(grad))
        if key not in self._copies:
            self._copies[key] = (grad, grad.detach().clone())
        return self._copies[key][1]


class Listener:
    """Hooks on every node behind ``root`` and on ``leaves``, which a nested backward pass may reach alone."""

    def __init__(self, root: Node | None, leaves: Iterable[Node] = ()) -> None:
        nodes = dict.fromkeys(nodes_behind(root))
        nodes |= dict.fromkeys(leaves)
        self.number = {node: i for i, node in enumerate(nodes)}
        self.runs: list[Run] = []
        self._copies = Copies()
        self._by_node: dict[Node, list[Run]] = {}
        self._handles: list[Any] = []
        for node in nodes:
            self._handles.append(node.register_prehook(lambda grads, node=node: self._start(node, grads)))
            self._handles.append(
                node.register_hook(lambda grad_inputs, _got, node=node: self._end(node, grad_inputs))
            )

    def _start(self, node: Node, grads: Gradients) -> None:
        leaf = leaf_of(node)
        before = None if leaf is None else self._copies.of((leaf.grad,))[0]
        run = Run(node, self._copies.of(grads), before)
        self.runs.append(run)
        self._by_node.setdefault(node, []).append(run)

    def _end(self, node: Node, grad_inputs: Gradients) -> None:
        run = next(run for run in reversed(self._by_node[node]) if not run.ended)
        leaf = leaf_of(node)
        run.grad_inputs, run.ended = self._copies.of(grad_inputs), True
        if leaf is not None:
            run.after = self._copies.of((leaf.grad,))[0]

    def remove(self) -> None:
        """Take the hooks off again."""
        for handle in self._handles:
            handle.remove()
        self._copies = Copies()

    def unfinished(self) -> Node | None:
        """Return the node that was running last and did not end: where a backward pass broke off."""
        return next((run.node for run in reversed(self.runs) if not run.ended), None)

    def arrived(self, edge: GradientEdge) -> Tensor | None:
        """Add up what arrived at ``edge``: the gradient of the value that its node made."""
        return _total(
            run.grad_outputs[edge.output_nr] for run in self._by_node.get(edge.node, []) if run.grad_outputs
        )

    def sent_along(self, nodes: Iterable[Node], edge: GradientEdge) -> list[Tensor]:
        """Return what ``nodes``, the nodes of one operation, sent along ``edge``, in the order of their inputs."""
        return [
            grad
            for node in nodes
            for run in self._by_node.get(node, [])
            for (following, slot), grad in zip(node.next_functions, run.grad_inputs, strict=False)
            if grad is not None and following is edge.node and slot == edge.output_nr
        ]

    def nodes(
        self, owner: Mapping[Node, int], names: Mapping[int, str], values: Mapping[int, int]
    ) -> tuple[BackwardNode, ...]:
        """Return the records; ``owner`` says which operation created a node, the others name leaves by identity."""
        return tuple(self._record(order, run, owner, names, values) for order, run in enumerate(self.runs))

    def _record(
        self, order: int, run: Run, owner: Mapping[Node, int], names: Mapping[int, str], values: Mapping[int, int]
    ) -> BackwardNode:
        leaf = leaf_of(run.node)
        return BackwardNode(
            id=self.number[run.node],
            order=order,
            name=run.node.name().removeprefix("torch::autograd::"),
            operation=owner.get(run.node),
            grad_outputs=run.grad_outputs,
            grad_inputs=run.grad_inputs,
            next=tuple(None if n is None else self.number.get(n) for n, _ in run.node.next_functions),
            parameter="" if leaf is None else names.get(id(leaf), "leaf"),
            value=None if leaf is None else values.get(id(leaf)),
            before=run.before,
            after=run.after,
        )


def _total(grads: Iterable[Tensor | None]) -> Tensor | None:
    total: Tensor | None = None
    for grad in grads:
        if grad is not None:
            total = grad if total is None else total + grad
    return total
