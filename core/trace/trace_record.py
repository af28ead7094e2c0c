"""What a trace holds: values, operations and backward nodes, all of it data that refers to itself by number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from torch import Tensor

from core.ops.explanation import Call
from core.trace.autograd_graph import Graph


@dataclass(frozen=True)
class Span:
    """A piece of source text: the expression between two positions; lines from 1, columns from 0 in characters."""

    file: str
    function: str
    line: int
    end_line: int
    column: int
    end_column: int


@dataclass(frozen=True)
class Value:
    """A tensor as it was at one moment: a detached copy, so that a later in-place operation cannot change it.

    ``kind`` is "input", "parameter", "buffer", "constant", "result", or "changed" (a result into which something
    wrote that autograd does not see: ``.data``, NumPy); ``name`` is "input", a parameter's path
    ("conv1.weight"), or empty for a result. ``producer`` is the number of the operation that made it.
    """

    id: int
    kind: str
    name: str
    tensor: Tensor
    requires_grad: bool
    is_leaf: bool
    grad_fn: str
    producer: int | None = None


@dataclass(frozen=True)
class Operation:
    """One torch call of the forward pass, in the order in which Python made it.

    ``inputs`` are its tensor arguments as (PyTorch's parameter name, number of the value); ``outputs`` the
    numbers of the values it returned (or changed in place). ``module`` is the path of the innermost module that
    was running ("" for the network itself), ``phase`` is "forward" or "loss". ``stack`` holds the expressions
    that were being evaluated, the innermost first, torch's own left out. ``call`` is what explanations read.
    ``again`` runs the operation once more on given tensors, in the order of ``inputs``.

    ``unseen``: no torch call was watched, only its result and the nodes behind it (a ``torch.autograd.Function``,
    ``torch.vmap``, a compiled function); it has the name of its backward node and cannot run again.
    """

    index: int
    name: str
    phase: str
    module: str
    stack: tuple[Span, ...]
    inputs: tuple[tuple[str, int], ...]
    outputs: tuple[int, ...]
    call: Call
    inplace: bool
    again: Callable[..., Any] | None = field(repr=False)
    unseen: bool = False

    @property
    def source(self) -> Span | None:
        """The innermost expression; None where torch alone was at work."""
        return self.stack[0] if self.stack else None


@dataclass(frozen=True)
class BackwardNode:
    """One node of the autograd graph, as the engine ran it.

    ``grad_outputs`` are the gradients of what its operation returned, ``grad_inputs`` those of what it took, one
    for each of ``next`` (the number of the next node, or None where no gradient is needed). An ``AccumulateGrad``
    node has a ``parameter`` ("leaf" where the tensor has no name) and a ``value``, that leaf's number where it was
    recorded; ``before`` and ``after`` are that leaf's ``.grad``. ``order`` is the place in the engine's own order,
    ``operation`` the forward operation that created the node. A node that ran twice is there twice.
    """

    id: int
    order: int
    name: str
    operation: int | None
    grad_outputs: tuple[Tensor | None, ...]
    grad_inputs: tuple[Tensor | None, ...]
    next: tuple[int | None, ...]
    parameter: str = ""
    value: int | None = None
    before: Tensor | None = None
    after: Tensor | None = None


@dataclass(frozen=True)
class Record:
    """A forward pass, and a backward pass if there was one.

    ``gradients`` maps a value's number to ∂L/∂value, ``contributions`` maps (operation, argument name) to the
    part of an input's gradient that came through this one argument of this one operation. ``backward`` is in the
    engine's order. ``parameters`` maps a parameter's path to its value's number; ``grads`` holds its ``.grad``
    afterwards. ``output`` is the value that the loss was taken of, ``output_path`` how to pick it out of what the
    network returned ("" where that was one tensor), ``outputs`` how many tensors there were. ``rng_states`` maps an
    operation to the state of torch's generator before it, where it drops out or uses one tensor twice.
    ``changed_from`` maps a value to the one that the same node returned, before it was changed unseen;
    ``written_over`` does so for every tensor, also one that no node made, such as a parameter.
    ``graph`` is the autograd graph before the backward pass freed it; its nodes have the numbers of ``backward``.
    """

    values: tuple[Value, ...]
    operations: tuple[Operation, ...]
    output: int
    loss: int | None
    backward: tuple[BackwardNode, ...]
    gradients: dict[int, Tensor]
    contributions: dict[tuple[int, str], Tensor]
    parameters: dict[str, int]
    grads: dict[str, Tensor | None]
    graph: Graph | None = None
    output_path: str = ""
    outputs: int = 1
    rng_states: dict[int, Tensor] = field(default_factory=dict)
    changed_from: dict[int, int] = field(default_factory=dict)
    written_over: dict[int, int] = field(default_factory=dict)

    @cached_property
    def uses(self) -> dict[int, list[tuple[Operation, str]]]:
        """Every use of a value, by its number: the operation that reads it and the name of the argument.

        A value that was changed where autograd does not see it has one gradient with what it was before.
        """
        users: dict[int, list[tuple[Operation, str]]] = {}
        for operation in self.operations:
            for name, number in operation.inputs:
                users.setdefault(self._first(number), []).append((operation, name))
        return users | {
            number: users[self._first(number)] for number in self.changed_from if self._first(number) in users
        }

    def _first(self, number: int) -> int:
        while number in self.changed_from:
            number = self.changed_from[number]
        return number
