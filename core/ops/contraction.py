"""Products of arrays over named variables, summed over those that are not kept: as matrix products."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np

from core.ops.whole import Array

Part = tuple[tuple[str, ...], Array]  # the variables of an array's dimensions, and the array


def contract(parts: Sequence[Part], keep: tuple[str, ...], sizes: dict[str, int]) -> Array:
    """Multiply the parts, add over every variable that is not in ``keep``, and return the array over ``keep``.

    A variable of ``keep`` that no part has is repeated along.
    """
    product, *rest = parts
    while rest:
        needed = {*keep, *(name for variables, _ in rest[1:] for name in variables)}
        last = keep[-1] if keep else ""
        pair = (rest[0], product) if last in product[0] else (product, rest[0])  # the sum is laid out as it is kept
        product, rest = _multiplied(*pair, needed), rest[1:]
    variables, numbers = _sum_out(product, keep)
    there = tuple(name for name in keep if name in variables)
    ordered = numbers.transpose([variables.index(name) for name in there])
    shaped = ordered.reshape([sizes[name] if name in there else 1 for name in keep])
    return np.broadcast_to(shaped, [sizes[name] for name in keep])


def _sum_out(part: Part, keep: Collection[str]) -> Part:
    """Add over the variables that are not in ``keep``."""
    variables, numbers = part
    axes = tuple(k for k, name in enumerate(variables) if name not in keep)
    return tuple(name for name in variables if name in keep), np.asarray(numbers.sum(axes) if axes else numbers)


def _multiplied(first: Part, second: Part, needed: Collection[str]) -> Part:
    """Multiply two parts and add over what both have and nobody needs: one matrix product for each batch."""
    a, of_a = _sum_out(first, {*needed, *second[0]})
    b, of_b = _sum_out(second, {*needed, *first[0]})
    batch = [name for name in a if name in b and name in needed]
    added = [name for name in a if name in b and name not in needed]
    rows, columns = [name for name in a if name not in b], [name for name in b if name not in a]
    size = dict(zip(a, of_a.shape, strict=True)) | dict(zip(b, of_b.shape, strict=True))

    def count(names: list[str]) -> int:
        return math.prod(size[name] for name in names)

    left = of_a.transpose([a.index(name) for name in (*batch, *rows, *added)])
    right = of_b.transpose([b.index(name) for name in (*batch, *added, *columns)])
    product = np.matmul(
        left.reshape(count(batch), count(rows), count(added)),
        right.reshape(count(batch), count(added), count(columns)),
    )
    names = (*batch, *rows, *columns)
    return names, product.reshape([size[name] for name in names])
