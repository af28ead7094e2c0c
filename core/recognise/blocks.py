"""The layers of a large network, folded by the modules that compute them: one layer a residual block."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from itertools import groupby

from core.recognise.forward import MOST_LAYERS, ShownLayer

READABLE = 16  # layers below each other, with their names
RUNS = 12  # rows of layers that no module holds together, with the longer names of both ends
FEWEST = 4  # blocks; with fewer a picture says less than one that is crowded


def fold(layers: Sequence[ShownLayer]) -> tuple[ShownLayer, ...]:
    """Return ``layers`` at the deepest level of modules at which they can be read, or all of them.

    Where no level has few enough to be drawn, several layers that follow each other are one.
    """
    if len(layers) <= READABLE:
        return tuple(layers)
    deepest = max(_depth(layer) for layer in layers)
    levels = [blocks(layers, depth) for depth in range(deepest - 1, 0, -1)]
    usable = [level for level in levels if len(level) >= FEWEST]
    readable = (level for level in usable if len(level) <= READABLE)
    fewest = min([tuple(layers), *usable], key=len)
    if len(fewest) > MOST_LAYERS:
        return next(readable, runs(fewest))
    return next(readable, tuple(layers) if len(layers) <= MOST_LAYERS else fewest)


def runs(layers: Sequence[ShownLayer]) -> tuple[ShownLayer, ...]:
    """Return ``layers`` in ``RUNS`` rows at most, each of as many layers one after another: "0 … 16"."""
    size = -(-len(layers) // RUNS)
    return _folded(layers, lambda place, _layer: place // size, _ends)


def blocks(layers: Sequence[ShownLayer], depth: int) -> tuple[ShownLayer, ...]:
    """Return ``layers`` with those that one module at ``depth`` computes in a row as one.

    A block has the values at its end, the name of its module and each of its operations once. It has no weight
    and no window: no single sum makes its values.
    """
    return _folded(
        layers,
        lambda place, layer: _block_of(place, layer, depth),
        lambda members: _first(members[0].path, depth),
    )


def _folded(
    layers: Sequence[ShownLayer],
    group_of: Callable[[int, ShownLayer], Hashable],
    name_of: Callable[[list[ShownLayer]], str],
) -> tuple[ShownLayer, ...]:
    rows: list[ShownLayer] = []
    where: dict[int, int] = {-1: -1}
    for _group, group in groupby(enumerate(layers), lambda one: group_of(*one)):
        members = list(group)
        for place, _layer in members:
            where[place] = len(rows)
        inputs = dict.fromkeys(where[source] for _place, layer in members for source in layer.inputs)
        inputs.pop(len(rows), None)
        layer = members[0][1]
        if len(members) > 1:
            parts = [one for _place, one in members]
            layer = _block_of_all(parts, name_of(parts))
        rows.append(replace(layer, inputs=tuple(inputs)))
    return tuple(rows)


def _ends(members: list[ShownLayer]) -> str:
    names = [layer.name for layer in members if layer.name]
    return " … ".join(dict.fromkeys((names[0], names[-1]))) if names else ""


def _block_of_all(members: list[ShownLayer], name: str) -> ShownLayer:
    operations = [name for layer in members for name in layer.operations]
    distinct = tuple(dict.fromkeys(operations))
    return replace(
        members[0],
        operations=distinct if len(distinct) > 1 else (operations[0], operations[0]),
        name=name,
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
