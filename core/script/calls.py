"""Calls whose inputs are kept whole, so that each cell of what they made can be opened into its arithmetic."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from core.ops.explanation import Call, Slot
from core.ops.registry import DEFINITIONS
from core.script.kinds import is_a
from core.trace.binding import bind, options_in, tensors_in
from core.trace.forward import DROPOUTS, saved
from core.trace.torch_internals import is_traced, version

MOST_BYTES = 12_000_000  # of all tensors together
MOST_MADE = 20_000  # tensors whose maker is known; of the dead ones nothing is kept
DTYPES = ("float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool")


@dataclass(frozen=True)
class Numbers:
    """A whole tensor as bytes, row by row."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes = field(repr=False)

    def tensor(self) -> Tensor:
        """Return the tensor; ``ValueError`` where the bytes are not as many as the shape says."""
        dtype = getattr(torch, self.dtype)
        if not self.data:
            return torch.empty(self.shape, dtype=dtype)
        return torch.frombuffer(bytearray(self.data), dtype=dtype).reshape(self.shape)


@dataclass(frozen=True)
class RecordedCall:
    """``core.ops.explanation.Call`` with its tensors as bytes; ``outputs`` are all that it returned."""

    name: str
    tensors: dict[str, Numbers]
    options: dict[str, Any]
    outputs: tuple[Numbers, ...]
    saved: dict[str, Numbers]

    def call(self) -> tuple[Call, list[Tensor]]:
        """Return the call, and its outputs."""
        outputs = [one.tensor() for one in self.outputs]
        tensors = {name: one.tensor() for name, one in self.tensors.items()}
        saved_tensors = {name: one.tensor() for name, one in self.saved.items()}
        return Call(self.name, tensors, self.options, outputs[0], saved_tensors), outputs


@dataclass(frozen=True)
class Before:
    """What a call must be asked before it runs: tensors that it changes, and where the generator stands."""

    tensors: dict[str, Tensor]
    random_state: Tensor | None


class Calls:
    """Keeps calls while there is room: of what is left, each iteration may take half."""

    def __init__(self, room: int = MOST_BYTES) -> None:
        self.records: dict[int, RecordedCall] = {}
        self._room, self._share, self._iteration = room, 0, -1
        self._numbers_once: dict[Numbers, Numbers] = {}

    def before(
        self, name: str, func: Callable[..., Any], args: Any, kwargs: dict[str, Any], in_place: bool
    ) -> Before | None:
        """Look at a call that changes its input or draws random numbers, before it does so; None for any other."""
        if name not in DEFINITIONS or not (in_place or name in DROPOUTS) or self._room <= 0:
            return None
        if not may_be_asked((args, kwargs)):
            return None
        inputs = tensors_in(bind(func, args, kwargs))
        copies = {key: one.detach().clone() for key, one in inputs.items()} if in_place and _fit(inputs) else inputs
        return Before(copies, torch.get_rng_state() if name in DROPOUTS else None)

    def take(
        self,
        index: int,
        iteration: int,
        name: str,
        func: Callable[..., Any],
        args: Any,
        kwargs: dict[str, Any],
        outputs: list[Tensor],
        before: Before | None,
    ) -> bool:
        """Keep the call with number ``index``; False where it is not known how, or there is no room."""
        if iteration != self._iteration:
            self._iteration, self._share = iteration, self._room // 2
        if not may_be_asked((args, kwargs)):
            return False
        named = bind(func, args, kwargs)
        inputs = before.tensors if before is not None else tensors_in(named)
        options = {key: plain(value) for key, value in options_in(named).items()}
        everything = {str(number): one for number, one in enumerate(outputs)} | inputs
        if not outputs or not _fit(everything) or not all(map(is_plain, options.values())):
            return False
        call = Call(name, inputs, options, outputs[0])
        more = saved(call, before.random_state if before is not None else None)
        needed = [*inputs.values(), *outputs, *more.values()]
        if sum(one.numel() * one.element_size() for one in needed) > 4 * MOST_BYTES:
            return False
        numbers, cost = self._numbers(needed)
        if cost > self._share:
            return False
        self._share -= cost
        self._room -= cost
        self._numbers_once |= {one: one for one in numbers}
        names, parts = list(inputs), iter(numbers)
        recorded_inputs = {key: next(parts) for key in names}
        recorded_outputs = tuple(next(parts) for _ in outputs)
        self.records[index] = RecordedCall(
            name, recorded_inputs, options, recorded_outputs, dict(zip(more, parts, strict=True))
        )
        return True

    def keep(self, tensor: Tensor) -> Numbers | None:
        """Return the tensor as bytes, of the same room; None where there is none, or it is of another kind."""
        if not _fit({"": tensor}):
            return None
        (numbers,), cost = self._numbers([tensor])
        if cost > self._share:
            return None
        self._share -= cost
        self._room -= cost
        self._numbers_once[numbers] = numbers
        return numbers

    def _numbers(self, tensors: list[Tensor]) -> tuple[list[Numbers], int]:
        """Return the tensors as bytes, each once, and how many bytes are new."""
        numbers, new = [], dict[Numbers, int]()
        for one in tensors:
            flat = one.detach().clone(memory_format=torch.contiguous_format).reshape(-1)
            data = flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b""
            candidate = Numbers(str(one.dtype).removeprefix("torch."), tuple(one.shape), data)
            existing = self._numbers_once.get(candidate)
            numbers.append(existing or candidate)
            if existing is None:
                new[candidate] = len(data)
        return numbers, sum(new.values())


def _fit(tensors: dict[str, Tensor]) -> bool:
    """Return whether all are dense tensors on the CPU, of real numbers, and not too large together."""
    fine = all(
        one.layout == torch.strided
        and one.device.type == "cpu"
        and not is_traced(one)
        and str(one.dtype).removeprefix("torch.") in DTYPES
        for one in tensors.values()
    )
    return fine and sum(one.numel() * one.element_size() for one in tensors.values()) <= MOST_BYTES


def may_be_asked(value: Any) -> bool:
    """Return whether arguments hold no object of the program, which may lie when it is asked for its type."""
    if type(value) in (tuple, list):
        return all(map(may_be_asked, value))
    if type(value) is dict:
        return all(map(may_be_asked, value.values()))
    plain_types = (int, float, bool, str, complex, type(None), slice, type(Ellipsis), torch.dtype, torch.Size)
    return type(value) in (*plain_types, torch.device, torch.memory_format) or is_a(value, Tensor)


def plain(value: Any) -> Any:
    """Return an option with a shape as a plain tuple."""
    return tuple(value) if is_a(value, torch.Size) else value


def is_plain(value: Any) -> bool:
    """Return whether an option can be sent: numbers, texts, dtypes, and an index or a list of such."""
    if type(value) in (tuple, list):
        return len(value) <= 100 and all(map(is_plain, value))
    if type(value) is slice:
        return all(type(part) in (int, type(None)) for part in (value.start, value.stop, value.step))
    return type(value) in (int, float, bool, str, type(None), torch.dtype, Slot) or value is Ellipsis


class Makers:
    """Which operation made a tensor, as long as nobody has changed it since: (its number, which of its outputs)."""

    def __init__(self) -> None:
        self._makers: dict[int, tuple[weakref.ref[Tensor], int, tuple[int, int]]] = {}

    def note(self, index: int, outputs: list[Tensor]) -> None:
        """Remember what operation ``index`` returned."""
        if len(self._makers) > MOST_MADE:
            self._makers = {key: entry for key, entry in self._makers.items() if entry[0]() is not None}
        for part, one in enumerate(outputs):
            self._makers[id(one)] = (weakref.ref(one), version(one), (index, part))

    def of(self, tensor: Tensor) -> tuple[int, int] | None:
        """Return the maker of ``tensor``; None where it is not known."""
        entry = self._makers.get(id(tensor))
        if entry is None or entry[0]() is not tensor or entry[1] != version(tensor):
            return None
        return entry[2]
