"""Gradients that are part of a loss and have no graph: the loss has their number, and no step makes it smaller."""
# ruff: noqa: ARG002  (the methods of a watch have one signature, whatever each of them needs)

from __future__ import annotations

from typing import Any
from weakref import ref

from torch import Tensor, nn
from torch.autograd.graph import Node

from core.errors import N_
from core.script.causes.silent_losses import TO_A_LOSS
from core.script.events import Progress, TorchCall, Watch
from core.script.graph import behind, kind
from core.script.kinds import is_a
from core.script.tensor_facts import grad_fn

# What a penalty is computed with, from the gradient to one number.
ON_THE_WAY = (
    *("norm", "linalg_vector_norm", "linalg_norm", "pow", "square", "sqrt", "abs", "clamp", "relu", "neg"),
    *("view", "reshape", "flatten", "squeeze", "unsqueeze", "getitem", "sum", "mean"),
    *("sub", "rsub", "mul", "rmul", "truediv", "div", "float"),
)
SUMS = ("add", "radd", "iadd", "sub", "rsub")
MOST = 200  # tensors that are followed
MOST_NODES = 200


class PenaltyWithoutGraph(Watch):
    """``torch.autograd.grad`` without ``create_graph=True``: what is computed from its result has no gradient."""

    operations = ("grad", *dict.fromkeys((*ON_THE_WAY, *SUMS)))

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        # by the identity of what was computed from such a gradient: a weak reference to it, and the gradient's line
        self.without_graph: dict[int, tuple[Any, int]] = {}
        self.terms: dict[Node, tuple[int, float]] = {}  # where it was added to a loss -> its line, its value

    def operation(self, call: TorchCall) -> None:
        """Follow such gradients to a sum with what has a graph."""
        if call.name == "grad":
            self._begin(call)
            return
        if not self.without_graph:
            return
        lines = [line for one in call.args if (line := self.line_of(one))]
        result = call.result
        if not lines or not is_a(result, Tensor):
            return
        if not _reaches_a_parameter(result):
            if len(self.without_graph) < MOST:
                self.without_graph[id(result)] = (ref(result), lines[0])
            return
        node = grad_fn(result)
        if call.name in SUMS and result.numel() == 1 and node is not None:
            term = next(one for one in call.args if self.line_of(one))
            if term.numel() == 1:
                self.terms[node] = (lines[0], term.item())

    def _begin(self, call: TorchCall) -> None:
        outputs = call.args[0] if call.args else call.kwargs.get("outputs")
        is_kept = call.kwargs.get("create_graph") or (len(call.args) > 4 and call.args[4])
        gradients = [one for one in call.result if is_a(one, Tensor)] if is_a(call.result, tuple) else []
        if is_kept or not is_a(outputs, Tensor | tuple | list):
            return
        for one in gradients:
            if not one.requires_grad and len(self.without_graph) < MOST:
                self.without_graph[id(one)] = (ref(one), call.line)

    def line_of(self, value: Any) -> int:
        """Return the line of the ``grad`` that a tensor was computed from; 0 for any other value."""
        entry = self.without_graph.get(id(value))
        return entry[1] if entry is not None and entry[0]() is value else 0

    def before_backward(self, loss: Tensor, line: int) -> None:
        """Tell of what was added to this loss, or of the loss itself."""
        node, where = grad_fn(loss), self.line_of(loss)
        if where and node is not None:
            self._report(where, loss.item() if loss.numel() == 1 else 0.0)
        if self.terms and node is not None:
            for one in _terms(node) & set(self.terms):
                self._report(*self.terms[one])

    def after_backward(self, loss: Tensor, line: int) -> None:
        """Forget this step."""
        self.without_graph, self.terms = {}, {}

    def _report(self, line: int, value: float) -> None:
        self.report(
            "create_graph",
            line,
            N_(
                "{value:.4g} of the loss was computed from gradients without a graph: no parameter gets a gradient"
                " from it, so no step makes it smaller."
            ),
            N_("Write torch.autograd.grad(…, create_graph=True)."),
            value=value,
        )


def _reaches_a_parameter(tensor: Tensor) -> bool:
    """Return whether a backward pass from here would reach what is trained; True where the graph is too large."""
    nodes = behind(grad_fn(tensor), MOST_NODES + 1) if tensor.requires_grad else set[Node]()
    return len(nodes) > MOST_NODES or any(is_a(getattr(node, "variable", None), nn.Parameter) for node in nodes)


def _terms(node: Node) -> set[Node]:
    """Return the nodes of a loss that add up its terms."""
    return behind(node, MOST_NODES, lambda one: kind(one) in TO_A_LOSS)


WATCHES: tuple[type[Watch], ...] = (PenaltyWithoutGraph,)
