"""The layers of a large network, folded by the modules that compute them: one layer a residual block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from core.recognise.forward import MOST_LAYERS, ShownLayer

READABLE = 16  # layers below each other, with their names
FEWEST = 4  # blocks; with fewer a picture says less than one that is crowded


def fold(layers: Sequence[ShownLayer]) -> tuple[ShownLayer, ...]:
    """Return ``layers`` at the deepest level of modules at which they can be read, or all of them."""
    if len(layers) <= READABLE:
        return tuple(layers)
    deepest = max(_depth(layer) for layer in layers)
    levels = [blocks(layers, depth) for depth in range(deepest - 1, 0, -1)]
    usable = [level for level in levels if len(level) >= FEWEST]
    readable = (level for level in usable if len(level) <= READABLE)
    fewest = min([tuple(layers), *usable], key=len)
    return next(readable, tuple(layers) if len(layers) <= MOST_LAYERS else fewest)


def blocks(layers: Sequence[ShownLayer], depth: int) -> tuple[ShownLayer, ...]:
    """Return ``layers`` with those that one module at ``depth`` computes in a row as one.

    A block has the values at its end, the name of its module and each of its operations once. It has no weight
    and no window: no single sum makes its values.
    """
    rows: list[ShownLayer] = []
    where: dict[int, int] = {-1: -1}
    for (_block, _number), group in groupby(enumerate(layers), lambda one: _block_of(one[0], one[1], depth)):
        members = list(group)
        for place, _layer in members:
            where[place] = len(rows)
        inputs = dict.fromkeys(where[source] for _place, layer in members for source in layer.inputs)
        inputs.pop(len(rows), None)
        layer = members[0][1]
        if len(members) > 1:
            layer = _block_of_all([one for _place, one in members], depth)
        rows.append(replace(layer, inputs=tuple(inputs)))
    return tuple(rows)


def _block_of_all(members: list[ShownLayer], depth: int) -> ShownLayer:
    operations = [name for layer in members for name in layer.operations]
    distinct = tuple(dict.fromkeys(operations))
    return replace(
        members[0],
        operations=distinct if len(distinct) > 1 else (operations[0], operations[0]),
        name=_first(members[0].path, depth),
        values=members[-1].values,
        window=None,
        weight=None,
        bias=None,
    )


def _block_of(place: int, layer: ShownLayer, depth: int) -> tuple[str, int]:
    """Return the module of ``depth`` that computes ``layer``; a layer outside of all is a block of its own."""
    return (_first(layer.path, depth), -1) if _depth(layer) >= depth else ("", place)


def _first(path: str, depth: int) -> str:
    return ".".join(path.split(".")[:depth])


def _depth(layer: ShownLayer) -> int:
    return len(layer.path.split(".")) if layer.path else 0
