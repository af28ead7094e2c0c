"""Recorded calls as lines of JSON from a program's process to the server, which checks every piece on arrival."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import torch

from core.ops.explanation import Slot
from core.script.calls import DTYPES, MOST_BYTES, Numbers, RecordedCall
from core.script.gradients import RecordedGradient, Use

MOST_CALLS = 2_000
MOST_GRADIENTS = 20_000
NO_GRADIENTS: Mapping[tuple[int, int], RecordedGradient] = {}
MOST_PARTS = 200  # tensors of one call, options, items of a list
MOST_NUMBER = 1 << 62
SIZES = {name: getattr(torch, name).itemsize for name in DTYPES}


def lines(
    calls: Mapping[int, RecordedCall], gradients: Mapping[tuple[int, int], RecordedGradient] = NO_GRADIENTS
) -> Iterator[dict[str, Any]]:
    """Give each tensor once, before the first call or gradient that needs it, each call, and each gradient."""
    indices: dict[int, int] = {}
    for index, call in calls.items():
        yield from _new((*call.tensors.values(), *call.outputs, *call.saved.values()), indices)
        yield {
            "kind": "call",
            "operation": index,
            "name": call.name,
            "tensors": {name: indices[id(one)] for name, one in call.tensors.items()},
            "options": {name: _to_json(value) for name, value in call.options.items()},
            "outputs": [indices[id(one)] for one in call.outputs],
            "saved": {name: indices[id(one)] for name, one in call.saved.items()},
        }

    for (index, number), one in gradients.items():
        yield from _new((one.gradient, *(part for use in one.uses for part in use.arrived if part)), indices)
        yield {
            "kind": "gradient",
            "operation": index,
            "number": number,
            "gradient": indices[id(one.gradient)],
            "uses": [
                {
                    "operation": use.operation,
                    "argument": use.argument,
                    "arrived": [None if part is None else indices[id(part)] for part in use.arrived],
                }
                for use in one.uses
            ],
        }


def _new(tensors: Iterable[Numbers], indices: dict[int, int]) -> Iterator[dict[str, Any]]:
    for one in tensors:
        if id(one) not in indices:
            indices[id(one)] = len(indices)
            data = base64.b64encode(one.data).decode("ascii")
            yield {"kind": "numbers", "dtype": one.dtype, "shape": list(one.shape), "data": data}


class CallReader:
    """The calls and gradients that came; ``ValueError``, ``KeyError`` or ``TypeError`` for a line that is none."""

    def __init__(self) -> None:
        self.calls: dict[int, RecordedCall] = {}
        self.gradients: dict[tuple[int, int], RecordedGradient] = {}
        self._numbers: list[Numbers] = []
        self._room = MOST_BYTES

    def take(self, line: dict[str, Any]) -> None:
        """Take one line."""
        if line["kind"] == "numbers":
            self._numbers.append(self._tensor(line))
        elif line["kind"] == "gradient":
            if len(self.gradients) < MOST_GRADIENTS:
                place = _whole(line["operation"]), _whole(line["number"])
                uses = tuple(self._use(use) for use in _few(line["uses"]))
                self.gradients[place] = RecordedGradient(self._tensor_at(line["gradient"]), uses)
        elif len(self.calls) < MOST_CALLS:
            self.calls[_whole(line["operation"])] = RecordedCall(
                _text(line["name"]),
                self._named(line["tensors"]),
                {_text(name): _from_json(value) for name, value in _few(line["options"]).items()},
                tuple(self._tensor_at(number) for number in _few(line["outputs"])),
                self._named(line["saved"]),
            )

    def _use(self, use: Any) -> Use:
        arrived = (None if part is None else self._tensor_at(part) for part in _few(use["arrived"]))
        return Use(_whole(use["operation"]), _text(use["argument"]), tuple(arrived))

    def _tensor(self, line: dict[str, Any]) -> Numbers:
        dtype, shape = line["dtype"], tuple(_whole(size) for size in _few(line["shape"]))
        data = base64.b64decode(line["data"], validate=True)
        if dtype not in SIZES or len(shape) > 16 or math.prod(shape) * SIZES[dtype] != len(data):
            raise ValueError("not a tensor")
        self._room -= len(data)
        if self._room < 0 or len(self._numbers) > 10 * MOST_CALLS:
            raise ValueError("too many numbers")
        return Numbers(dtype, shape, data)

    def _tensor_at(self, number: Any) -> Numbers:
        place = _whole(number)
        if place >= len(self._numbers):
            raise ValueError("a tensor that has not come")
        return self._numbers[place]

    def _named(self, tensors: Any) -> dict[str, Numbers]:
        return {_text(name): self._tensor_at(number) for name, number in _few(tensors).items()}


def _to_json(value: Any) -> Any:
    """Return an option as JSON; what JSON does not know has its kind as a key."""
    if type(value) is list:
        return [_to_json(item) for item in value]
    if type(value) is tuple:
        return {"tuple": [_to_json(item) for item in value]}
    if type(value) is slice:
        return {"slice": [value.start, value.stop, value.step]}
    if type(value) is torch.dtype:
        return {"dtype": str(value).removeprefix("torch.")}
    if type(value) is Slot:
        return {"slot": value.tensor}
    if value is Ellipsis:
        return {"ellipsis": True}
    return {"float": str(value)} if type(value) is float and not math.isfinite(value) else value


def _from_json(value: Any, depth: int = 0) -> Any:
    """Return the option that ``_to_json`` wrote."""
    if depth > 4:
        raise ValueError("too deep")
    if type(value) is list:
        return [_from_json(item, depth + 1) for item in _few(value)]
    if type(value) is not dict:
        if type(value) is int and abs(value) > MOST_NUMBER:
            raise ValueError("too large")
        return value
    ((kind, inside),) = value.items()
    if kind == "tuple":
        return tuple(_from_json(item, depth + 1) for item in _few(inside))
    if kind == "slice":
        start, stop, step = (None if part is None else _from_json(int(part)) for part in inside)
        return slice(start, stop, step)
    if kind == "dtype":
        return getattr(torch, inside if inside in DTYPES else "")
    if kind == "slot":
        return Slot(_text(inside))
    if kind == "ellipsis":
        return Ellipsis
    if kind == "float":
        return float(_text(inside))
    raise ValueError("not an option")


def _few(value: Any) -> Any:
    if type(value) not in (list, dict) or len(value) > MOST_PARTS:
        raise ValueError("not a list or a dictionary, or too long")
    return value


def _text(value: Any) -> str:
    if type(value) is not str or len(value) > 200:
        raise ValueError("not a text, or too long")
    return value


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value < MOST_NUMBER:
        raise ValueError("not a whole number")
    return value
