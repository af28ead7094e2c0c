"""The autograd graph behind the loss: as the tutorial prints it, and drawn, each node in plain words."""

from __future__ import annotations

from typing import TypedDict

import streamlit as st

from core.trace.autograd_graph import Graph, GraphNode
from core.walk.walk import Walk
from pages.parts.lenet import labels
from pages.shared import component
from pages.shared.language import _


class NodeFacts(TypedDict):
    """A node, in plain words: what it kept (name, shape, text), and its step in the walk."""

    name: str
    leaf: str
    shape: list[int] | None
    row: int
    meaning: str
    saved: list[tuple[str, list[int] | None, str]]
    step: int | None


class GraphData(TypedDict):
    """What ``static/js/lenet/autograd.js`` is given; an edge leads from node to node, by their numbers."""

    labels: labels.GraphWords
    nodes: list[NodeFacts]
    edges: list[tuple[int, int]]


def show(walk: Walk) -> None:
    """Show the chain of ``grad_fn`` and the whole graph; a click on a node goes to its step in the walk."""
    graph = walk.record.graph
    if graph is None or not graph.nodes:
        return
    st.markdown(
        _(
            "While the forward pass ran, autograd recorded how to go back: one node for each operation, "
            "`grad_fn` at the result, `next_functions` towards the leaves. `backward()` walks this graph from "
            "the top."
        )
    )
    st.code(chain(graph, "loss" if walk.record.loss is not None else "output"), language="python")
    component.component("lenet/autograd")(data=message(walk, graph), key="lenet_autograd")


def chain(graph: Graph, name: str, depth: int = 5) -> str:
    """Return the chain as one prints it: ``loss.grad_fn.next_functions[0][0]`` and what it shows."""
    first: dict[int, int] = {}
    for edge in graph.edges:
        first.setdefault(edge.source, edge.target)
    lines, node, path = [], 0, f"{name}.grad_fn"
    for _step in range(depth):
        leaf = f" ({graph.nodes[node].leaf})" if graph.nodes[node].leaf else ""
        lines.append(f"print({path})\n# <{graph.nodes[node].name}>{leaf}")
        if node not in first:
            break
        node, path = first[node], f"{path}.next_functions[0][0]"
    return "\n".join(lines)


def message(walk: Walk, graph: Graph) -> GraphData:
    """Return the graph as plain data, with each node's step in the walk."""
    by_order = {step.node: step.number for step in walk.steps if step.node is not None}
    step_of = {node.id: by_order.get(node.order) for node in walk.record.backward}
    return {
        "labels": labels.of_graph(),
        "nodes": [_node(node, step_of.get(node.id)) for node in graph.nodes],
        "edges": [(edge.source, edge.target) for edge in graph.edges],
    }


def _node(node: GraphNode, step: int | None) -> NodeFacts:
    return {
        "name": node.name,
        "leaf": node.leaf,
        "shape": None if node.shape is None else list(node.shape),
        "row": node.row,
        "meaning": _(node.meaning),
        "saved": [
            (saved.name, None if saved.shape is None else list(saved.shape), saved.text) for saved in node.saved
        ],
        "step": step,
    }
