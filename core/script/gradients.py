"""Gradients that arrive in a backward pass, kept with the calls that they came back from, so that cells open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge, Node

from core.script.calls import Calls, Numbers
from core.script.kinds import is_a
from core.trace.binding import bind, tensors_in
from core.trace.torch_internals import edge_of

Place = tuple[Node, int]  # where a gradient arrives: a node, and which of its inputs


@dataclass(frozen=True)
class Use:
    """A call that a tensor went into as ``argument``; ``arrived`` is the gradient of each of its outputs."""

    operation: int
    argument: str
    arrived: tuple[Numbers | None, ...]


@dataclass(frozen=True)
class RecordedGradient:
    """The gradient of a tensor, and the calls that it came back from; none where the backward pass starts."""

    gradient: Numbers
    uses: tuple[Use, ...]


@dataclass(frozen=True)
class Ends:
    """Where the gradients of a call's inputs and outputs arrive."""

    inputs: Mapping[str, Place]
    outputs: tuple[Place | None, ...]


class Gradients:
    """Follows one backward pass after another; ``records`` is by (backward pass, number of the gradient in it)."""

    def __init__(self, calls: Calls) -> None:
        self.records: dict[tuple[int, int], RecordedGradient] = {}
        self._calls = calls
        self._ends: dict[int, Ends] = {}

    def note(
        self,
        index: int,
        func: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        outputs: list[Tensor],
        in_place: bool,
    ) -> None:
        """Note where the gradients of call ``index`` will arrive."""
        if not torch.is_grad_enabled() or not any(one.requires_grad for one in outputs):
            return  # a weight that is changed under no_grad requires a gradient, and the change is in no graph
        tensors = tensors_in(bind(func, args, kwargs))
        inputs = {name: edge for name, one in tensors.items() if (edge := _place(edge_of(one))) is not None}
        output_places = tuple(_place(edge_of(one)) for one in outputs)
        if in_place and output_places[0] is not None and inputs.get("input") == output_places[0]:
            # The tensor was changed, and its node is now the call's own.
            node, number = next(iter(output_places[0][0].next_functions), (None, 0))
            inputs = {name: place for name, place in inputs.items() if name != "input"}
            if node is not None:
                inputs["input"] = (node, number)
        self._ends[index] = Ends(inputs, output_places)

    def begin(self, root: Node | None, owners: Mapping[Node, int]) -> Pass:
        """Begin a backward pass from ``root``; ``owners`` are the operations that the nodes are part of."""
        return Pass(self, self._ends.copy(), root, owners)

    def forget(self) -> None:
        """Let go of the graph."""
        self._ends.clear()

    def numbers(self, tensor: Tensor) -> Numbers | None:
        """Return a gradient as bytes; None where there is no room."""
        return self._calls.keep(tensor)


class Pass:
    """One backward pass: what arrived so far."""

    def __init__(
        self, gradients: Gradients, ends: Mapping[int, Ends], root: Node | None, owners: Mapping[Node, int]
    ) -> None:
        self._gradients, self._ends, self._root = gradients, ends, root
        self._arrived: dict[Place, Numbers | None] = {}
        self._records: dict[int, RecordedGradient] = {}
        self._count = 0
        self._uses: dict[Place, list[tuple[int, str]]] = defaultdict(list)
        for index, end in ends.items():
            for name, place in end.inputs.items():
                self._uses[place].append((index, name))
        self._above: dict[Place, set[int]] = defaultdict(set)
        for node, owner in owners.items():
            for following, number in node.next_functions:
                if following is not None:
                    self._above[following, number].add(owner)

    def arrive(self, node: Node, gradients: tuple[Any, ...]) -> list[int | None]:
        """Note what arrives at ``node``; return the number of each gradient that has a sentence or arithmetic."""
        numbers: list[int | None] = []
        for number, one in enumerate(gradients):
            if is_a(one, Tensor):
                numbers.append(self._one((node, number), one))
        return numbers

    def _one(self, place: Place, gradient: Tensor) -> int | None:
        numbers = self._arrived[place] = self._gradients.numbers(gradient)
        uses, above = self._uses[place], self._above[place]
        starts = place[0] is self._root
        if not starts and (not uses or not above <= {index for index, _name in uses}):
            return None  # inside of an operation, or of a call that was not kept
        self._count += 1
        if numbers is not None:
            self._records[self._count - 1] = RecordedGradient(numbers, tuple(self._use(*use) for use in uses))
        return self._count - 1

    def _use(self, index: int, argument: str) -> Use:
        arrived = (self._arrived.get(place) if place is not None else None for place in self._ends[index].outputs)
        return Use(index, argument, tuple(arrived))

    def end(self, index: int) -> None:
        """Keep what was found under the number of the operation ``backward``."""
        self._gradients.records |= {(index, number): one for number, one in self._records.items()}


def _place(edge: GradientEdge | None) -> Place | None:
    return None if edge is None else (edge.node, edge.output_nr)
