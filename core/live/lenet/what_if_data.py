"""What is told of a what-if: the changes, and before and after of the loss, the probabilities and every tensor."""

from __future__ import annotations

from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from core.live.lenet.source import TakenStep
from core.ops.plain import Numeral, numeral
from core.walk import what_if
from core.walk.cell_request import CellRequest, WeightCell
from core.walk.scene import LARGEST_DRAWN, drawable
from core.walk.walk import Walk
from core.walk.what_if import WhatIf

MOST_SENT = 100_000  # numbers of all results together; where there are more, those of the step and of the cell


class ChangeData(TypedDict):
    """A changed number: its value in the record, its place in it, the browser's number of its tensor."""

    value: int
    place: int
    tensor: int | None
    name: str
    before: Numeral
    after: float


class EffectData(TypedDict):
    """An operation that follows, by its step: ``cells`` of ``size`` numbers differ, by ``largest`` at most."""

    step: int
    cells: int
    size: int
    largest: Numeral


class WhatIfData(TypedDict):
    """What follows from the changes. ``loss`` and ``probabilities`` are before and after; [] where there are none.

    ``tensors`` are the browser's numbers of the tensors that follow, with the count of numbers of each. Unless
    ``whole`` they are those of the step at which the timeline stands, and of the open cell.
    """

    changes: list[ChangeData]
    loss: list[Numeral]
    probabilities: list[list[Numeral]]
    effects: list[EffectData]
    tensors: list[list[int]]
    whole: bool


def what_if_data(
    step: TakenStep, supposed: WhatIf, at: int, cell: CellRequest | None
) -> tuple[WhatIfData, list[NDArray[np.float32]]]:
    """Return what is told of a what-if, and the numbers of the results that follow."""
    record = supposed.walk.record
    results = [number for number in supposed.followed if record.values[number].producer is not None]
    results = [number for number in results if ("value", number) in step.tensors.numbers]
    whole = sum(record.values[number].tensor.numel() for number in results) <= MOST_SENT
    if not whole:
        in_view = _of_step(supposed.walk, at) | (_of_cell(supposed.walk, cell) if cell else set())
        results = [number for number in results if number in in_view]
    numbers = [
        drawable(record.values[number].tensor).reshape(-1)[:LARGEST_DRAWN].float().numpy().astype("<f4")
        for number in results
    ]
    rows = map(what_if.probabilities, (supposed.original, supposed.walk))
    data: WhatIfData = {
        "changes": _changes(step, supposed),
        "loss": _pair(supposed),
        "probabilities": [[numeral(share) for share in row] for row in rows if row],
        "effects": _effects(supposed),
        "tensors": [
            [step.tensors.numbers["value", number], each.size]
            for number, each in zip(results, numbers, strict=True)
        ],
        "whole": whole,
    }
    return data, numbers


def _of_step(walk: Walk, at: int) -> set[int]:
    """Return the values that step ``at`` shows."""
    number = walk.steps[min(at, len(walk.steps) - 1)].operation
    if number is None:
        return {walk.record.output}
    operation = walk.record.operations[number]
    return {*(number for _name, number in operation.inputs), *operation.outputs}


def _of_cell(walk: Walk, cell: CellRequest) -> set[int]:
    """Return the values in the arithmetic of the open cell."""
    producer = None if isinstance(cell, WeightCell) else walk.record.values[cell.value].producer
    if producer is None:
        return set()
    operation = walk.record.operations[producer]
    return {*(number for _name, number in operation.inputs), *operation.outputs}


def _changes(step: TakenStep, supposed: WhatIf) -> list[ChangeData]:
    values = supposed.original.record.values
    return [
        {
            "value": change.value,
            "place": change.place,
            "tensor": step.tensors.numbers.get(("value", change.value)),
            "name": what_if.name_of_number(supposed.original, change),
            "before": numeral(values[change.value].tensor.flatten()[change.place].item()),
            "after": change.number,
        }
        for change in supposed.changes
    ]


def _pair(supposed: WhatIf) -> list[Numeral]:
    before, after = supposed.original.loss, supposed.walk.loss
    return [] if before is None or after is None else [numeral(before), numeral(after)]


def _effects(supposed: WhatIf) -> list[EffectData]:
    forward = {step.operation: step.number for step in supposed.walk.steps if step.node is None}
    return [
        {
            "step": forward[effect.operation],
            "cells": effect.cells,
            "size": effect.size,
            "largest": numeral(effect.largest),
        }
        for effect in what_if.effects(supposed)
    ]
