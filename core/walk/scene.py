"""What each step of a walk shows, as plain data: tensors by number, cells, shapes.

The drawing needs every tensor once; a step refers to them by number. Sentences are left to the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.layer_facts import LayerFacts
from core.walk.walk import Step, Walk, dense

LARGEST_DRAWN = 300_000  # numbers of one tensor; of a larger one the first are sent, with "cut"
MOST_SENT = 2_000_000  # numbers of all tensors together, 8 MB: where there are more, the largest are cut shorter

TensorKey = tuple[str | int, ...]  # ("value", 3), ("part", 5, "weight"), ("after",)


# `in` is a word of Python's own, so this one is not written as a class.
StepData = TypedDict(
    "StepData",
    {
        "phase": str,
        "name": str,
        "module": str,
        "words": str,
        "note": str,
        "in": list[list[int]],
        "out": list[list[int]],
        "lit": list[list[list[int]]],
        "check": "CheckData | None",
    },
)


class CellData(TypedDict, total=False):
    """What a click on a cell asks for, beside its index: a value, a gradient or a weight's step."""

    kind: str
    value: int
    operation: int | None
    argument: str | None
    parameter: str


class PaneData(TypedDict):
    """One drawing of a tensor: ``kind`` names its caption, ``ask`` what a click on a cell asks for."""

    kind: str
    tensor: int | None
    ask: CellData | None


class GroupData(TypedDict):
    """One tensor of a step with its drawings side by side."""

    role: str
    argument: str
    name: str
    shape: list[int]
    requires_grad: bool
    grad_fn: str | None
    panes: list[PaneData]


class CheckData(TypedDict):
    """The arithmetic by hand beside torch's: the largest difference, of how many cells, whether it is fine."""

    difference: str
    cells: int
    fine: bool
    beyond: int


class LayerTensors(TypedDict):
    """Where a layer's numbers are: tensors of the message, None for what there is none of.

    ``forward`` is the step that computes the layer, ``backward`` the first one at which the gradient of its values
    is there; None where none arrives.
    """

    value: int
    grad: int | None
    weight: int | None
    weight_grad: int | None
    bias: int | None
    forward: int
    backward: int | None


class NetworkData(TypedDict):
    """The picture: ``input`` is the tensor of the image.

    ``output`` names the operation that makes the ``probabilities``, [] where the loss is not one of classes.
    """

    image: list[int]
    input: int
    layers: list[LayerFacts]
    tensors: list[LayerTensors]
    output: str
    probabilities: list[float]


class TensorData(TypedDict):
    """A tensor of a step: its shape, and where its numbers lie in the message.

    ``same`` is the browser's number of the tensor of the step ``base`` that has the very same numbers, which are
    not in the message; None where they are.
    """

    shape: list[int]
    size: int
    form: str
    min: float | None
    max: float | None
    offset: int
    length: int
    cut: bool
    same: int | None


class ListingData(TypedDict):
    """The lines of a program; ``first`` is the number of the first, or 0."""

    title: str
    lines: list[str]
    first: int


class WalkHeader(TypedDict):
    """A step, as ``static/js/lenet/walk.js`` receives it; the numbers of its tensors follow in the message.

    ``groups`` are the tensors that each of the steps shows. ``base`` is the browser's name of a step that it has,
    "" for none: some tensors equal those of that step, and so do the groups where they are None.
    """

    key: str
    base: str
    tensors: list[TensorData]
    steps: list[StepData]
    groups: list[list[GroupData]] | None
    picture: NetworkData | None
    pictureNote: str
    listings: list[ListingData]


@dataclass
class Tensors:
    """The tensors that the browser is given, each once, by a key such as ("value", 3) or ("mask", 4)."""

    numbers: dict[TensorKey, int] = field(default_factory=dict)
    described: list[TensorData] = field(default_factory=list)
    flat: list[NDArray[np.float32]] = field(default_factory=list)

    def add(self, key: TensorKey, tensor: Tensor) -> int:
        """Return the number of ``tensor``, adding it when it is new."""
        if key not in self.numbers:
            self.numbers[key] = len(self.described)
            description, flat = _description(tensor)
            self.described.append(description)
            self.flat.append(flat)
        return self.numbers[key]

    def with_others(self, others: Mapping[TensorKey, Tensor]) -> Tensors:
        """Return the same tensors, with ``others`` in place of those with their keys."""
        result = Tensors(self.numbers, [*self.described], [*self.flat])
        for key, tensor in others.items():
            number = self.numbers[key]
            result.described[number], result.flat[number] = _description(tensor)
        return result

    def message(
        self, base: Tensors | None = None, most: int = MOST_SENT
    ) -> tuple[list[TensorData], list[NDArray[np.float32]]]:
        """Return what is told of each tensor, and the numbers of those that do not equal one of ``base``."""
        arrays: list[NDArray[np.float32]] = []
        descriptions, offset, theirs = [], 0, {} if base is None else base.heads(most)
        for (key, head), described in zip(self.heads(most).items(), self.described, strict=True):
            other = theirs.get(key)
            is_same = other is not None and _are_same(head, other)
            descriptions.append(
                described
                | {
                    "offset": offset,
                    "length": head.size,
                    "cut": described["size"] > head.size,
                    "same": base.numbers[key] if base is not None and is_same else None,
                }
            )
            if not is_same:
                offset += head.size
                arrays.append(head)
        return descriptions, arrays

    def heads(self, most: int) -> dict[TensorKey, NDArray[np.float32]]:
        """Return what is sent of each tensor where all together may have ``most`` numbers."""
        longest = largest_sent([flat.size for flat in self.flat], most)
        return {key: self.flat[number][:longest] for key, number in self.numbers.items()}


def _description(tensor: Tensor) -> tuple[TensorData, NDArray[np.float32]]:
    """Return what is told of a tensor before it is known what is sent of it, and its numbers."""
    values = drawable(tensor)
    flat = values.reshape(-1)[:LARGEST_DRAWN].float().numpy().astype("<f4")
    finite = flat[np.isfinite(flat)]
    description: TensorData = {
        "shape": list(values.shape),
        "size": values.numel(),
        "form": form_of(tensor),
        "min": float(finite.min(initial=np.inf)) if finite.size else None,
        "max": float(finite.max(initial=-np.inf)) if finite.size else None,
        "offset": 0,
        "length": flat.size,
        "cut": values.numel() > flat.size,
        "same": None,
    }
    return description, flat


def _are_same(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    """Return whether two tensors are the same bit for bit: a nan is itself, -0 is not 0."""
    return one is other or np.array_equal(one.view(np.int32), other.view(np.int32))


def drawable(tensor: Tensor) -> Tensor:
    """Return ``tensor`` dense and real: of a complex one, a last dimension of 2, as in ``torch.view_as_real``."""
    plain = dense(tensor.detach())
    return torch.view_as_real(plain.resolve_conj()) if plain.is_complex() else plain


def form_of(tensor: Tensor) -> str:
    """Return what ``drawable`` changed: "complex", "sparse", or "" for nothing."""
    if tensor.is_complex():
        return "complex"
    return "" if tensor.layout == torch.strided else "sparse"


def largest_sent(sizes: list[int], most: int = MOST_SENT) -> int:
    """Return the count at which to cut every longer tensor, so that all together have at most ``most`` numbers."""
    remaining = most
    for place, size in enumerate(sorted(sizes)):
        share = remaining // (len(sizes) - place)
        if size > share:
            return share
        remaining -= size
    return max(sizes, default=0)


def name_of(walk: Walk, value: int) -> str:
    """Return what to call a value: "input", "conv1.weight", or the operation that made it, "conv1 · conv2d"."""
    recorded = walk.record.values[value]
    if recorded.name or recorded.producer is None:
        return recorded.name or recorded.kind
    operation = walk.record.operations[recorded.producer]
    return f"{operation.module} · {operation.name}" if operation.module else operation.name


def pane(kind: str, number: int | None, ask: CellData | None = None) -> PaneData:
    """Return one drawing of a tensor: ``kind`` names its caption, ``ask`` what a click on a cell asks for."""
    return {"kind": kind, "tensor": number, "ask": ask}


def value_pane(walk: Walk, tensors: Tensors, value: int) -> PaneData:
    """Return the drawing of a value; a click opens what made the cell."""
    number = tensors.add(("value", value), walk.record.values[value].tensor)
    return pane("value", number, {"kind": "value", "value": value})


def grad_pane(walk: Walk, tensors: Tensors, value: int, operation: int | None, argument: str | None) -> PaneData:
    """Return the drawing of ∂L/∂value; through one operation only where a value has several uses."""
    ask: CellData = {"kind": "grad", "value": value, "operation": operation, "argument": argument}
    grad = walk.record.gradients.get(value)
    if operation is not None and argument is not None and len(walk.record.uses.get(value, ())) > 1:
        part = walk.record.contributions.get((operation, argument))
        if part is not None:
            return pane("part", tensors.add(("part", operation, argument), part), ask)
    if grad is None:
        return _no_gradient(walk.record.values[value].requires_grad)
    return pane("grad", tensors.add(("grad", value), grad), ask)


def _no_gradient(requires_grad: bool) -> PaneData:
    """Return the place of a gradient that is not there: the value requires none, or none arrived."""
    return pane("no_flow" if requires_grad else "no_grad", None)


def groups(walk: Walk, tensors: Tensors, step: Step) -> list[GroupData]:
    """Return the tensors that ``step`` shows, each with its drawings side by side."""
    if step.phase in ("zero_grad", "step"):
        return [_parameter(walk, tensors, name, step.phase) for name in walk.before]
    if step.phase == "after":
        return _after(walk, tensors)
    if step.node is not None and walk.record.backward[step.node].parameter:
        return _leaf(walk, tensors, step.node)
    if step.operation is None:
        return []
    operation = walk.record.operations[step.operation]
    entries = [("input", name, value) for name, value in operation.inputs]
    entries += [("output", "output", value) for value in operation.outputs]
    if step.phase == "backward":
        entries.reverse()
    return [_used(walk, tensors, step, role, name, value) for role, name, value in entries]


def _group(walk: Walk, role: str, argument: str, value: int, panes: list[PaneData]) -> GroupData:
    recorded = walk.record.values[value]
    return {
        "role": role,
        "argument": argument,
        "name": name_of(walk, value),
        "shape": list(recorded.tensor.shape),
        "requires_grad": recorded.requires_grad,
        "grad_fn": recorded.grad_fn,
        "panes": panes,
    }


def _used(walk: Walk, tensors: Tensors, step: Step, role: str, argument: str, value: int) -> GroupData:
    through = (step.operation, argument) if role == "input" else (None, None)
    panes = [value_pane(walk, tensors, value), grad_pane(walk, tensors, value, *through)]
    return _group(walk, role, argument, value, panes)


def _parameter(walk: Walk, tensors: Tensors, name: str, phase: str) -> GroupData:
    value = walk.record.parameters[name]
    ask: CellData = {"kind": "weight", "parameter": name}
    before = tensors.add(("value", value), walk.before[name])
    if phase == "zero_grad":
        return _group(walk, "parameter", name, value, [value_pane(walk, tensors, value), pane("none", None)])
    grad = walk.record.grads[name]
    change = tensors.add(("change", name), _change(walk, name))
    panes = [
        pane("before", before, ask),
        _no_gradient(walk.record.values[value].requires_grad)
        if grad is None
        else pane("grad", tensors.add(("grad", value), grad), ask),
        pane("change", change, ask),
    ]
    return _group(walk, "parameter", name, value, panes)


def _change(walk: Walk, name: str) -> Tensor:
    return walk.after[name] - walk.before[name]


def of_update(walk: Walk) -> dict[TensorKey, Tensor]:
    """Return the tensors in which a step differs from one that another optimizer, or rate, ends."""
    return {("after",): walk.output_after} | {("change", name): _change(walk, name) for name in walk.before}


def _after(walk: Walk, tensors: Tensors) -> list[GroupData]:
    output = walk.record.output
    before: PaneData = {**value_pane(walk, tensors, output), "kind": "before"}
    after = pane("after", tensors.add(("after",), walk.output_after))
    return [_group(walk, "output", "output", output, [before, after])]


def _leaf(walk: Walk, tensors: Tensors, order: int) -> list[GroupData]:
    node = walk.record.backward[order]
    if node.value is None:
        return []
    value = node.value
    panes = [value_pane(walk, tensors, value), grad_pane(walk, tensors, value, None, None)]
    return [_group(walk, "leaf", node.parameter, value, panes)]


def shapes(walk: Walk, step: Step) -> tuple[list[list[int]], list[list[int]]]:
    """Return the shapes that flow into a step and out of it: values forwards, gradients backwards."""
    record = walk.record
    if step.node is not None:
        node = record.backward[step.node]
        grad_inputs = [node.after] if node.after is not None else node.grad_inputs
        return _sizes(node.grad_outputs), _sizes(grad_inputs)
    if step.operation is not None:
        operation = record.operations[step.operation]
        inputs = [record.values[number].tensor for _, number in operation.inputs]
        return _sizes(inputs), _sizes([record.values[number].tensor for number in operation.outputs])
    return [], []


def _sizes(tensors: Iterable[Tensor | None]) -> list[list[int]]:
    return [list(tensor.shape) for tensor in tensors if tensor is not None]
