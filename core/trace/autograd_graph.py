"""The graph that autograd keeps behind a result: ``grad_fn`` and its ``next_functions`` as nodes and edges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from torch import Tensor
from torch.autograd.graph import Node

from core.errors import N_
from core.ops import nll_loss


@dataclass(frozen=True)
class SavedValue:
    """A tensor or number that a node keeps for its backward: "weight", shape (6, 1, 5, 5) or the number as text."""

    name: str
    shape: tuple[int, ...] | None
    text: str = ""


@dataclass(frozen=True)
class GraphNode:
    """One node: torch's name for it, what it means in plain words, the leaf it feeds, what it saved.

    ``row`` is its distance from the result by the longest way, for drawing.
    """

    id: int
    name: str
    meaning: str
    row: int
    leaf: str = ""
    shape: tuple[int, ...] | None = None
    saved: tuple[SavedValue, ...] = ()


@dataclass(frozen=True)
class GraphEdge:
    """A gradient flows from node ``source`` into output ``slot`` of node ``target``'s operation."""

    source: int
    target: int
    slot: int


@dataclass(frozen=True)
class Graph:
    """Nodes in the order in which a depth-first walk from the result meets them; node 0 is its ``grad_fn``."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]


OF_AUTOGRAD = {  # nodes that belong to no operation
    "AccumulateGrad": N_("A leaf: adds what arrives to this tensor's .grad. It never replaces it."),
    "CopySlices": N_("A part of a tensor was written in place: that part's gradient takes another way."),
}
FUNCTION = N_("The backward of a torch.autograd.Function: what the method backward of its class returns.")
OTHER = N_("The backward of one torch operation; its arithmetic is not written out here.")


def meaning_of(name: str, saved: tuple[SavedValue, ...] = ()) -> str:
    """Return what a node does, as a sentence to translate: ``AddmmBackward0`` -> "addmm is ...".

    ``saved`` is what the node saved: its reduction or its mode decides what some of them do.
    """
    from core.ops.registry import NODES, NODES_WITH  # every operation, and SciPy: only a graph needs them

    plain = name.removeprefix("torch::autograd::")
    if plain.endswith("Backward"):  # torch's own end with a number
        return FUNCTION
    kind = plain.rstrip("0123456789")
    special = [NODES_WITH.get((kind, value.name, value.text)) for value in saved]
    if kind in nll_loss.NODES and any(value.name == "weight" for value in saved):
        special = []  # a weighted mean: the general sentence holds
    return next(filter(None, special), None) or OF_AUTOGRAD.get(kind) or NODES.get(kind, OTHER)


def nodes_behind(root: Node | None) -> list[Node]:
    """Walk ``next_functions`` from ``root``, depth first, and return every node once."""
    nodes: dict[Node, None] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node is not None and node not in nodes:
            nodes[node] = None
            waiting += [following for following, _ in reversed(node.next_functions)]
    return list(nodes)


@cache
def saved_names(kind: type) -> tuple[str, ...]:
    """Return the ``_saved_*`` attributes of a kind of node."""
    return tuple(name for name in dir(kind) if name.startswith("_saved_"))


def saved_by(node: Node) -> tuple[SavedValue, ...]:
    """Return what ``node`` keeps for its backward (its ``_saved_*`` attributes); empty once it was freed."""
    attributes = []
    for attribute in saved_names(type(node)):
        try:
            value = getattr(node, attribute)
        except RuntimeError:
            continue  # freed by a backward pass
        name = attribute.removeprefix("_saved_")
        if isinstance(value, Tensor):
            attributes.append(SavedValue(name, tuple(value.shape)))
        elif value is not None and not callable(value):
            attributes.append(SavedValue(name, None, str(value)))
    return tuple(attributes)


def rows(nodes: list[Node]) -> dict[Node, int]:
    """Return each node's distance from the root by the longest way, so that every edge points downwards."""
    arriving = dict.fromkeys(nodes, 0)
    for node in nodes:
        for following, _ in node.next_functions:
            if following is not None:
                arriving[following] += 1
    row = dict.fromkeys(nodes, 0)
    ready = nodes[:1]
    while ready:
        node = ready.pop()
        for following, _ in node.next_functions:
            if following is None:
                continue
            row[following] = max(row[following], row[node] + 1)
            arriving[following] -= 1
            if not arriving[following]:
                ready.append(following)
    return row


def build(result: Tensor, names: Mapping[int, str] | None = None) -> Graph:
    """Return the graph behind ``result``; ``names`` maps ``id(tensor)`` to a leaf's name ("conv1.weight")."""
    nodes = nodes_behind(result.grad_fn)
    number = {node: i for i, node in enumerate(nodes)}
    row = rows(nodes)
    graph_nodes = []
    for node in nodes:
        leaf: Tensor | None = getattr(node, "variable", None)
        name = "" if leaf is None else (names or {}).get(id(leaf), "?")
        shape = None if leaf is None else tuple(leaf.shape)
        title = node.name().removeprefix("torch::autograd::")
        saved = saved_by(node)
        graph_nodes.append(GraphNode(number[node], title, meaning_of(title, saved), row[node], name, shape, saved))
    edges = [
        GraphEdge(number[node], number[following], slot)
        for node in nodes
        for following, slot in node.next_functions
        if following is not None
    ]
    return Graph(tuple(graph_nodes), tuple(edges))
