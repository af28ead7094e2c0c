"""Which cell a reader points at: of a value, of a gradient, or of a step of a weight; read from JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import N_, InvalidSetting

Index = tuple[int, ...]


@dataclass(frozen=True)
class ValueCell:
    """Cell ``index`` of the record's value ``value``."""

    value: int
    index: Index


@dataclass(frozen=True)
class GradientCell:
    """Cell ``index`` of ∂L/∂value; with ``operation`` and ``argument`` the part that came through this use."""

    value: int
    index: Index
    operation: int | None = None
    argument: str | None = None


@dataclass(frozen=True)
class WeightCell:
    """Cell ``index`` of the optimizer's step of ``parameter``."""

    parameter: str
    index: Index


CellRequest = ValueCell | GradientCell | WeightCell


def read(text: str) -> CellRequest:
    """Read what a browser sends: ``scene.CellData`` with "index" as JSON. Raises ``InvalidSetting``."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise nothing_there()
    return from_data(data)


def from_data(data: Mapping[str, object]) -> CellRequest:
    """Return the request in what a browser sends, of which nothing is believed. Raises ``InvalidSetting``."""
    kind, index = data.get("kind"), _index(data.get("index"))
    if kind == "weight":
        return WeightCell(str(data.get("parameter")), index)
    value = data.get("value")
    if type(value) is not int or value < 0:
        raise nothing_there()
    if kind == "value":
        return ValueCell(value, index)
    if kind == "grad":
        operation, argument = data.get("operation"), data.get("argument")
        return GradientCell(
            value,
            index,
            operation if isinstance(operation, int) else None,
            argument if isinstance(argument, str) else None,
        )
    raise nothing_there()


def _index(data: object) -> Index:
    if not isinstance(data, list) or not all(type(i) is int for i in data):
        raise nothing_there()
    return tuple(data)


def nothing_there() -> InvalidSetting:
    """Return the error of a request for what is not there."""
    return InvalidSetting(N_("there is nothing to open there"))
