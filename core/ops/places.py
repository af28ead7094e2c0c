"""A cell, its place in row-major order, which is how PyTorch lays numbers out, and where broadcasting puts it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence


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


def places_of(shape: Sequence[int], index: Sequence[int], output: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield every cell of ``output`` at which broadcasting puts the cell ``index`` of a tensor of ``shape``."""
    ahead = len(output) - len(shape)
    ends = [range(size) for size in output]
    for d, (i, size) in enumerate(zip(index, shape, strict=True), ahead):
        ends[d] = range(output[d]) if size == 1 else range(i, i + 1)
    return itertools.product(*ends)


def behind(index: Sequence[int], shape: Sequence[int]) -> tuple[int, ...]:
    """Return the cell of a tensor of ``shape`` that broadcasting puts at ``index``."""
    tail = index[len(index) - len(shape) :]
    return tuple(0 if size == 1 else i for i, size in zip(tail, shape, strict=True))
