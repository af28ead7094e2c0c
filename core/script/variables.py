"""What is written down of a variable: numbers and texts as they are, tensors by their facts, others by their kind.

No method of an object of the program is called: its ``__repr__`` may lie, fail or never end.
"""

from __future__ import annotations

import sys
import types
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from core.script.kinds import is_a
from core.script.program_record import NumberSummary, TensorFacts, Variable
from core.script.tensor_facts import facts, scalar, values
from core.trace.torch_internals import is_traced, version

LONGEST = 120  # characters of a text
PLAIN = (int, float, bool, str, type(None), complex)
HIDDEN = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, type)
LARGE = 100_000  # numbers of a tensor that are summarised again and again
SMALL = 1024  # numbers of a tensor that is copied: its numbers are looked at only where they are kept to the end


@dataclass(frozen=True)
class Snapshot:
    """A small tensor as it was: its facts without numbers, and a copy."""

    summary: Variable
    copy: Tensor

    def variable(self) -> Variable:
        """Return the variable with its numbers."""
        tensor = self.summary.tensor
        assert tensor is not None
        return replace(self.summary, tensor=replace(tensor, values=values(self.copy)))

    def __eq__(self, other: object) -> bool:
        return is_a(other, Snapshot) and self.summary == other.summary and torch.equal(self.copy, other.copy)

    __hash__ = object.__hash__


def is_hidden(name: str, value: object) -> bool:
    """Return whether a variable is left out: what the program imports and defines."""
    return name.startswith("__") or is_a(value, HIDDEN)


def is_array(value: object) -> bool:
    """Return whether ``value`` is an array of NumPy."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and type(value) is numpy.ndarray


def mark(value: object) -> object:
    """Return what differs when the value has changed: of a tensor its version too, of a list its length."""
    if type(value) in PLAIN:
        return value
    if is_a(value, Tensor):
        return id(value), -1 if is_traced(value) else version(value)
    if type(value) in (list, dict, set, tuple):
        return id(value), len(value)  # type: ignore[arg-type]
    return id(value)


def number(value: object) -> float | None:
    """Return a real number that can be drawn: of Python, of NumPy, or of a tensor of one number."""
    if type(value) is float or type(value) is int:
        return float(value) if type(value) is float or abs(value) < 1 << 63 else None
    if is_a(value, Tensor):
        plain = value.dim() == 0 and not value.is_complex() and value.device.type in ("cpu", "cuda")
        return float(value.detach().item()) if plain and not is_traced(value) else None
    numpy = sys.modules.get("numpy")
    if numpy is not None and is_a(value, numpy.floating | numpy.integer):
        return float(value)
    return None


def describe(name: str, value: object, most: int = LARGE) -> Variable:
    """Return a variable in short; the numbers of a tensor of more than ``most`` are not summarised."""
    if type(value) in PLAIN:
        return _plain(name, value)
    if is_a(value, Tensor):
        return _tensor(name, value, most)
    if is_array(value):
        return _array(name, value, most)
    kind = type(value)
    if is_a(value, nn.Module):
        return Variable(name, "module", kind.__name__)
    if is_a(value, Optimizer):
        return Variable(name, "optimizer", kind.__name__)
    if kind in (list, tuple, dict, set):
        return Variable(name, kind.__name__, _container(value))
    plain = number(value)
    if plain is not None:
        return Variable(name, "number", repr(plain))
    return Variable(name, "object", kind.__name__)


def snapshot(name: str, value: Any) -> Variable | Snapshot:
    """Return a variable in short; of a small tensor a copy, which costs less than to look at its numbers."""
    if type(value) not in (Tensor, nn.Parameter) or is_traced(value) or not _is_small(value):
        return describe(name, value)
    return Snapshot(_tensor(name, value, 0), value.detach().clone())


def made_by(entry: Variable | Snapshot, maker: tuple[int, int] | None) -> Variable | Snapshot:
    """Return ``entry`` with the operation that made its tensor."""
    if maker is None:
        return entry
    if is_a(entry, Snapshot):
        summary = made_by(entry.summary, maker)
        return Snapshot(summary, entry.copy) if is_a(summary, Variable) else entry
    return entry if entry.tensor is None else replace(entry, tensor=replace(entry.tensor, maker=maker))


def _is_small(value: Tensor) -> bool:
    return value.device.type == "cpu" and value.layout == torch.strided and 0 < value.numel() <= SMALL


def _plain(name: str, value: Any) -> Variable:
    if is_a(value, str):
        text = repr(value[: LONGEST + 1])
        return Variable(name, "text", text if len(value) <= LONGEST else text[:LONGEST] + "…")
    if is_a(value, int) and not is_a(value, bool) and abs(value) >= 1 << 63:
        return Variable(name, "number", f"int of {value.bit_length()} bits")
    return Variable(name, "none" if value is None else "number", repr(value))


def _container(value: Any) -> str:
    """Return "[1, 2, 3]" for a short one of plain values, "list of 5" for any other."""
    items = [*value.keys(), *value.values()] if is_a(value, dict) else list(value)[:9]
    if len(value) <= 8 and all(type(item) in PLAIN and _is_short(item) for item in items):
        return repr(value)
    return f"{type(value).__name__} of {len(value)}"


def _is_short(item: object) -> bool:
    return len(item) <= 20 if is_a(item, str) else not is_a(item, int) or abs(item) < 1 << 63


def _tensor(name: str, value: Tensor, most: int) -> Variable:
    kind = "parameter" if isinstance(value, nn.Parameter) else "tensor"
    if is_traced(value):
        return Variable(name, kind, type(value).__name__)
    try:
        summary = facts(name, value, with_values=value.numel() <= most)
    except Exception:  # a tensor without numbers, as inside of torch.compile
        summary = facts(name, value, with_values=False)
    return Variable(name, kind, f"{list(summary.shape)} {summary.dtype}", summary)


def _array(name: str, value: Any, most: int) -> Variable:
    summary = array_facts(name, value, most)
    return Variable(name, "array", f"{list(summary.shape)} {summary.dtype}", summary)


def array_facts(name: str, value: Any, most: int = LARGE) -> TensorFacts:
    """Describe an array as a tensor is described."""
    values: NumberSummary = {}
    if 0 < value.size <= most and value.dtype.kind in "biuf":
        flat = value.reshape(-1)
        values["first"] = [scalar(one) for one in flat[:8].tolist()]
        if value.size > 1 and value.dtype.kind != "b":
            values |= {
                "min": scalar(flat.min().item()),
                "max": scalar(flat.max().item()),
                "mean": scalar(float(flat.mean())),
            }
    return TensorFacts(name, tuple(value.shape), str(value.dtype), "cpu", False, "", values)
