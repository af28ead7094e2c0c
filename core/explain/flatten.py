"""``flatten`` and ``view``: the same numbers in the same row-major order under another shape."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from core.ops.records import Call, Explanation
from core.ops.terms import product, total

VALUE = r"\mathrm{vec}(y)_k = \mathrm{vec}(x)_k"  # vec: all cells in row-major order
GRADIENT = r"\frac{\partial L}{\partial\,\mathrm{vec}(x)_k} = \mathrm{vec}(g)_k"


def place(index: Sequence[int], shape: Sequence[int]) -> int:
    """Return the row-major place of a cell: (c, i, j) in (C, H, W) is (c·H + i)·W + j."""
    number = 0
    for i, size in zip(index, shape, strict=True):
        number = number * size + i
    return number


def cell(number: int, shape: Sequence[int]) -> tuple[int, ...]:
    """Return the cell at a row-major place: the inverse of ``place``."""
    index: list[int] = []
    for size in reversed(shape):
        number, i = divmod(number, size)
        index.insert(0, i)
    return tuple(index)


def value(call: Call, index: tuple[int, ...]) -> Explanation:
    """Open output element ``index``: the one input cell with the same place."""
    x = call.tensors["input"]
    origin = cell(place(index, call.output.shape), x.shape)
    return total("output", index, VALUE, [product(("x", x, "input", origin))], call.output)


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]) -> Explanation:
    """Open element ``index`` of the input's gradient: the one gradient cell with the same place."""
    arrival = cell(place(index, call.tensors["input"].shape), call.output.shape)
    return total(which, index, GRADIENT, [product(("g", grad_output, "grad_output", arrival))], grad)
