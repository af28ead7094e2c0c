"""The examination of a run on the disk: one JSON object a line, written while the run trains."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.examination.examination import (
    ActivationReading,
    Data,
    Examination,
    Histogram,
    NotFinite,
    Parameter,
    Reading,
    WeightReading,
)

FILE = "examination.jsonl"
MOST_BYTES = 50_000_000  # of a file that is read


def begin(folder: Path, parameters: tuple[Parameter, ...], data: Data | None, step: int) -> None:
    """Begin the file of ``folder``, or keep of an old one the readings of steps before ``step``."""
    earlier = [line for line in _lines(folder) if "reading" in line and line["reading"]["step"] < step]
    head = {"parameters": [asdict(parameter) for parameter in parameters], "data": data and asdict(data)}
    text = "".join(json.dumps(line) + "\n" for line in [head, *earlier])
    (folder / FILE).write_text(text, encoding="utf-8")


def add(folder: Path, reading: Reading) -> None:
    """Append a reading; one that a kill cuts off is not read again."""
    with (folder / FILE).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"reading": asdict(reading)}) + "\n")


def read(folder: Path) -> Examination | None:
    """Return what is in ``folder``, without tests; None where there is nothing that can be read."""
    lines = _lines(folder)
    head = next((line for line in lines if "parameters" in line), None)
    if head is None:
        return None
    try:
        return Examination(
            tuple(Parameter(**values) for values in head["parameters"]),
            tuple(_reading(line["reading"]) for line in lines if "reading" in line),
            data=Data(**head["data"]) if head["data"] else None,
        )
    except (TypeError, KeyError, ValueError, AttributeError):  # the file may be anyone's
        return None


def _lines(folder: Path) -> list[dict[str, Any]]:
    """Return the objects of the file up to its first broken line."""
    try:
        if (folder / FILE).stat().st_size > MOST_BYTES:
            return []
        text = (folder / FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    lines: list[dict[str, Any]] = []
    for line in text.splitlines():
        try:
            values = json.loads(line)
        except (ValueError, RecursionError):
            break
        if not isinstance(values, dict):
            break
        lines.append(values)
    return lines


def _reading(values: dict[str, Any]) -> Reading:
    place = values["not_finite"]
    return Reading(
        **{
            **values,
            "weights": tuple(WeightReading(**_with_histogram(each)) for each in values["weights"]),
            "activations": tuple(ActivationReading(**_with_histogram(each)) for each in values["activations"]),
            "not_finite": NotFinite(**place) if place else None,
            "frozen_modes": tuple(values["frozen_modes"]),
        }
    )


def _with_histogram(values: dict[str, Any]) -> dict[str, Any]:
    fields = values["histogram"]
    return {**values, "histogram": Histogram(fields["low"], fields["high"], tuple(fields["counts"]))}
