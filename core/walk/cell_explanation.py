"""Opens one cell that you point at: finds the operation that made it and explains it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from core.errors import N_, InvalidSetting
from core.ops import explain
from core.ops.explanation import Explanation
from core.trace.trace_record import Operation, Record
from core.walk import optimizer
from core.walk.cell_request import CellRequest, GradientCell, Index, ValueCell, WeightCell, nothing_there
from core.walk.scene import TensorKey, Tensors, drawable, name_of
from core.walk.walk import Walk, grad_outputs_of, is_written, parts_of, weight


@dataclass(frozen=True)
class OpenedCell:
    """A cell, opened. One of ``explanation``, ``update`` and ``parts`` is there, or only ``sentence``.

    ``sources`` maps the names in the explanation's factors to the keys of the tensors (see ``Tensors``).
    ``parts`` are the summands of a gradient that came through several operations: (operation, argument, value).
    """

    title: str
    index: Index
    value: float
    key: TensorKey
    sentence: str = ""
    explanation: Explanation | None = None
    update: optimizer.Update | None = None
    parts: tuple[tuple[int, str, float], ...] = ()
    sources: tuple[tuple[str, TensorKey], ...] = ()


def open_cell(walk: Walk, request: CellRequest) -> OpenedCell:
    """Open the cell that ``request`` names; raises ``InvalidSetting`` where the walk has no such cell."""
    if isinstance(request, WeightCell):
        return _open_weight(walk, request.parameter, request.index)
    if request.value >= len(walk.record.values):
        raise nothing_there()
    _refuse_outside(drawable(walk.record.values[request.value].tensor).shape, request.index)
    if isinstance(request, ValueCell):
        return _open_value(walk, request.value, request.index)
    return _open_gradient(walk, request)


def _refuse_outside(shape: tuple[int, ...], index: Index) -> None:
    if len(index) != len(shape) or any(not 0 <= i < size for i, size in zip(index, shape, strict=True)):
        raise InvalidSetting(
            N_("{index} is not a cell of a tensor of shape {shape}"), index=index, shape=tuple(shape)
        )


def _open_value(walk: Walk, value: int, index: Index) -> OpenedCell:
    recorded = walk.record.values[value]
    number, key = _number(recorded.tensor, index), ("value", value)
    if recorded.producer is None:
        words = {
            "parameter": N_(
                "A weight: the network keeps it. It was drawn at random or loaded, and training moves it."
            ),
            "input": N_("A number of the input: it was given, not computed."),
            "changed": N_(
                "This result was changed afterwards where autograd does not see it, through a view, .data or NumPy:"
                " the gradient knows nothing of the change."
            ),
        }.get(recorded.kind, N_("A constant: it was given, not computed."))
        return OpenedCell(name_of(walk, value), index, number, key, words)
    operation = walk.record.operations[recorded.producer]
    call = dict(zip(operation.outputs, parts_of(walk.record, operation), strict=False)).get(value)
    explanation = explain.value(call, index) if call is not None and is_written(call) else None
    return OpenedCell(
        name_of(walk, value),
        index,
        number,
        key,
        _unless(explanation),
        explanation,
        sources=_sources(operation, value),
    )


def _unless(explanation: Explanation | None) -> str:
    return (
        ""
        if explanation
        else N_("The arithmetic of this operation is not written out here; the number is torch's.")
    )


def _open_gradient(walk: Walk, request: GradientCell) -> OpenedCell:
    record, value, index = walk.record, request.value, request.index
    grad = record.gradients.get(value)
    if grad is None:
        raise InvalidSetting(N_("no gradient reached this tensor"))
    uses = [(op.index, name) for op, name in record.uses.get(value, []) if (op.index, name) in record.contributions]
    title, key = name_of(walk, value), TensorKey(("grad", value))
    matches = [use for use in uses if use == (request.operation, request.argument)]
    if matches and len(uses) > 1:
        uses, key = matches, ("part", *matches[0])
    elif len(uses) != 1 or not _adds_up(record, value, uses, index):
        return _open_parts(walk, value, index, uses)
    op, name = uses[0]
    consumer = record.operations[op]
    part = record.contributions[op, name]
    calls, explanation = parts_of(record, consumer), None
    if is_written(consumer.call):
        explanation = explain.gradient_of_parts(calls, name, grad_outputs_of(record, consumer), part, index)
    return OpenedCell(
        title,
        index,
        _number(part, index),
        key,
        _unless(explanation),
        explanation,
        sources=_sources(consumer, consumer.outputs[0]),
    )


def _number(tensor: Tensor, index: Index) -> float:
    return float(drawable(tensor)[index].item())


def _adds_up(record: Record, value: int, uses: list[tuple[int, str]], index: Index) -> bool:
    """Return whether what came back through ``uses`` is the gradient, as far as its precision goes."""
    grad = record.gradients[value]
    parts = [_number(record.contributions[use], index) for use in uses]
    precision = torch.finfo(grad.dtype).eps if grad.dtype.is_floating_point or grad.dtype.is_complex else 0.0
    apart = abs(math.fsum(parts) - _number(grad, index)) if all(map(math.isfinite, parts)) else 0.0
    return apart <= 64 * precision * sum(map(abs, parts))


def _open_parts(walk: Walk, value: int, index: Index, uses: list[tuple[int, str]]) -> OpenedCell:
    """Open a gradient that is not one operation's: a sum, the start of the backward pass, or what a hook made."""
    record = walk.record
    parts = tuple((op, name, _number(record.contributions[op, name], index)) for op, name in uses)
    if not uses and value in (record.loss, record.output):
        words = N_("The backward pass starts here: the loss's gradient of itself is 1, or it was given.")
    elif not uses:
        words = N_(
            "This gradient came from a call that was not recorded: a backward pass inside the backward pass."
        )
    elif _adds_up(record, value, uses, index):
        words = N_(
            "This tensor was used {count} {count:time|times}; its gradient is the sum of what came back from "
            "each use."
        )
    else:
        words = N_(
            "This tensor was used {count} {count:time|times}. Its gradient is not the sum of what came back: a "
            "hook changed it, a view of it that was changed in place was used too,"
            " or a call that was not recorded took part."
        )
    number = _number(record.gradients[value], index)
    return OpenedCell(name_of(walk, value), index, number, ("grad", value), words, parts=parts)


def _sources(operation: Operation, output: int) -> tuple[tuple[str, TensorKey], ...]:
    sources: list[tuple[str, TensorKey]] = [(name, ("value", number)) for name, number in operation.inputs]
    names = ("grad_output", *(f"grad_output[{k}]" for k in range(1, len(operation.outputs))))
    sources += [
        ("output", ("value", output)),
        *((n, ("grad", o)) for n, o in zip(names, operation.outputs, strict=True)),
    ]
    sources += [(name, (name, operation.index)) for name in operation.call.saved]
    return tuple(sources)


def _open_weight(walk: Walk, parameter: str, index: Index) -> OpenedCell:
    update = weight(walk, parameter, index)
    if update is None:
        raise InvalidSetting(N_("no gradient reached this tensor"))
    key = ("value", walk.record.parameters[parameter])
    return OpenedCell(parameter, index, update.torch_after, key, update=update)


def add_saved(walk: Walk, tensors: Tensors) -> None:
    """Add what explanations point at and no step shows: the masks of the dropouts, the gradients of results."""
    for operation in walk.record.operations:
        for name, tensor in operation.call.saved.items():
            if name == "mask":
                tensors.add((name, operation.index), tensor)
        for number, grad in zip(operation.outputs, grad_outputs_of(walk.record, operation), strict=True):
            if grad is not None:
                tensors.add(("grad", number), grad)
