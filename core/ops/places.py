"""A cell and its place in row-major order, which is how PyTorch lays numbers out."""

from __future__ import annotations

from collections.abc import Sequence


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
