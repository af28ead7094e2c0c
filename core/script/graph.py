"""The graph behind a tensor: the names of its nodes, and those that its gradient goes through."""

from __future__ import annotations

from collections.abc import Callable

from torch.autograd.graph import Node


def kind(node: Node) -> str:
    """Return "AddmmBackward", the name of a node without the number and the namespace that torch gives it."""
    return node.name().rstrip("0123456789").rsplit("::", 1)[-1]


def behind(node: Node | None, most: int, goes_on: Callable[[Node], bool] = lambda _node: True) -> set[Node]:
    """Return ``node`` and what lies behind it, ``most`` nodes in all; past a node where ``goes_on`` of it."""
    nodes, rest = set[Node](), [node]
    while rest and len(nodes) < most:
        one = rest.pop()
        if one is None or one in nodes:
            continue
        nodes.add(one)
        if goes_on(one):
            rest += [before for before, _number in one.next_functions]
    return nodes
