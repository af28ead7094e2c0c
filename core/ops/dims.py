"""Dimensions as the index rules of several operations need them: letters, broadcasting, windows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.ops.index_rule import Dim, Table, at, each, lookup
from core.windows.axis import Axis, same_padding

OUT = ("i", "j", "k")  # where a window is
IN = ("u", "v", "t")  # where in the window


def letters(count: int) -> list[str]:
    """Return names for ``count`` variables: i, j, k, ..."""
    return list("ijklmq"[:count]) if count <= 6 else [f"i_{k}" for k in range(count)]


def leading(shape: Sequence[int]) -> tuple[Dim, ...]:
    """Return the dimensions before those that an operation works on: batch and channels."""
    names = {1: ["n"], 2: ["n", "c"]}.get(len(shape), [f"n_{k}" for k in range(len(shape))])
    return tuple(each(name, size) for name, size in zip(names, shape, strict=True))


def every(shape: Sequence[int]) -> tuple[Dim, ...]:
    """Return all dimensions of a tensor of ``shape``, each with a variable of its own."""
    return tuple(each(name, size) for name, size in zip(letters(len(shape)), shape, strict=True))


def broadcast(shape: Sequence[int], output: tuple[Dim, ...]) -> tuple[Dim, ...]:
    """Return the dimensions of a tensor that is broadcast to ``output``: those of size 1 stay at 0."""
    aligned = output[len(output) - len(shape) :]
    return tuple(dim if size == dim.table.shape[0] else at(0) for size, dim in zip(shape, aligned, strict=True))


def sides(value: int | Sequence[int], count: int) -> tuple[int, ...]:
    """Return an option for every side: 3 -> (3, 3), (3,) -> (3, 3), (3, 5) -> (3, 5)."""
    numbers = (value,) if isinstance(value, int) else tuple(value)
    return numbers * count if len(numbers) == 1 else numbers


def before(padding: int | str | Sequence[int], kernel: Sequence[int], dilation: Sequence[int]) -> tuple[int, ...]:
    """Return the cells that a convolution's ``padding`` adds in front on every side."""
    if padding == "same":
        return tuple(same_padding(k, d)[0] for k, d in zip(kernel, dilation, strict=True))
    return sides(0 if isinstance(padding, str) else padding, len(kernel))


def outside(places: Table, size: int, mode: str) -> Table:
    """Return which of ``size`` cells stands at each place; in front of them and behind them it goes by ``mode``."""
    if mode in ("zeros", "constant"):
        return np.where((places >= 0) & (places < size), places, -1)
    if mode == "reflect":
        return np.asarray((size - 1) - np.abs((size - 1) - np.abs(places)))
    return np.clip(places, 0, size - 1) if mode == "replicate" else places % max(size, 1)


def window(axis: Axis, o: str, k: str, mode: str = "zeros", skip: bool = False) -> Dim:
    """Return the dimension under a sliding window: position o·stride + k·dilation - padding."""
    spots = [[axis.position(i, u) for u in range(axis.kernel_size)] for i in range(axis.output)]
    table = np.asarray(spots, dtype=np.int64).reshape(axis.output, axis.kernel_size)
    text = f"{_times(axis.stride, o)}+{_times(axis.dilation, k)}" + (f"-{axis.before}" if axis.before else "")
    return lookup((o, k), outside(table, axis.size, mode), text, slow=k, skip=skip)


def _times(number: int, name: str) -> str:
    return name if number == 1 else f"{number}{name}"
