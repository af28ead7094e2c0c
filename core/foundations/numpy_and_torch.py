"""NumPy and torch, function by function: both expressions are run on the same numbers and compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from core.errors import N_


@dataclass(frozen=True)
class Pair:
    """The same idea in both libraries; ``note`` says what to watch out for."""

    numpy: str
    torch: str
    note: str = ""


PAIRS = (
    Pair("a.dot(b)", "a.mm(b)", N_("@ works in both; mm takes only matrices")),
    Pair("np.maximum(a, 0)", "a.clamp(min=0)"),
    Pair("np.square(a)", "a.pow(2)"),
    Pair("a.T", "a.t()", N_("t() takes at most two dimensions")),
    Pair("a.copy()", "a.clone()", N_("clone stays in the graph; detach().clone() leaves it")),
    Pair("a.sum(axis=1)", "a.sum(dim=1)", N_("axis is called dim")),
    Pair("a.sum(axis=1, keepdims=True)", "a.sum(dim=1, keepdim=True)", N_("keepdims is called keepdim")),
    Pair("a.max(axis=1)", "a.max(dim=1)", N_("torch also returns where the maximum is: (values, indices)")),
    Pair("a.std()", "a.std()", N_("NumPy divides by n, torch by n − 1 (correction=1)")),
    Pair("a.reshape(-1, 2)", "a.view(-1, 2)", N_("view never copies; reshape copies where it must")),
    Pair("np.transpose(a3, (2, 0, 1))", "a3.permute(2, 0, 1)"),
    Pair("np.concatenate([a, a], axis=0)", "torch.cat([a, a], dim=0)"),
    Pair("np.stack([a, a])", "torch.stack([a, a])"),
    Pair("np.expand_dims(a, 0)", "a.unsqueeze(0)"),
    Pair("np.repeat(a, 2, axis=0)", "a.repeat_interleave(2, dim=0)"),
    Pair("np.tile(a, (2, 1))", "a.repeat(2, 1)", N_("torch's repeat is NumPy's tile")),
    Pair("a.size", "a.size()", N_("NumPy counts the elements; torch's size() is the shape, numel() counts")),
    Pair("a.astype(np.int64)", "a.to(torch.int64)"),
    Pair("np.zeros(2).dtype", "torch.zeros(2).dtype", N_("NumPy's default is float64, torch's float32")),
)


@dataclass(frozen=True)
class ComparedPair:
    """A pair with the text of both results and whether they hold the same numbers in the same shape."""

    pair: Pair
    numpy: str
    torch: str
    equal: bool


def compare() -> list[ComparedPair]:
    """Evaluate every pair on the same small matrices."""
    a = np.array([[1.0, -2.0, 3.0, 0.5], [-1.0, 4.0, 2.0, -3.0]])
    arrays = {"a": a, "b": a.T, "a3": np.arange(6.0).reshape(1, 2, 3)}
    ours = {"np": np, **arrays}
    theirs = {"torch": torch, **{name: torch.from_numpy(array.copy()) for name, array in arrays.items()}}
    compared = []
    for pair in PAIRS:
        left, right = eval(pair.numpy, ours), eval(pair.torch, theirs)
        compared.append(ComparedPair(pair, _text(left), _text(right), _equal(left, right)))
    return compared


def _equal(left: Any, right: Any) -> bool:
    if not isinstance(right, torch.Tensor) or not isinstance(left, np.ndarray | np.generic):
        return False
    return tuple(left.shape) == tuple(right.shape) and bool(np.allclose(left, right.numpy(), atol=0, rtol=1e-12))


def _text(value: Any) -> str:
    if isinstance(value, torch.return_types.max):
        return f"{_text(value.values)}, {_text(value.indices)}"
    if isinstance(value, np.ndarray | np.generic | torch.Tensor):
        return str(value.tolist() if np.ndim(value) else round(float(value), 6))
    return str(value)
