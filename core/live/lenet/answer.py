"""The message about one training step: the opened cell with its arithmetic."""

from __future__ import annotations

import json
from typing import Any, TypedDict

from core.errors import N_, InvalidSetting
from core.live.instrument import Answer, Ask
from core.live.lenet.source import Source, source
from core.ops.plain import ExplanationData, Numeral, numeral, plain
from core.walk.opening import Opened, open_cell
from core.walk.optimizer import Update


class UpdateData(TypedDict):
    """A weight's step; each of ``lines``: symbol, formula, the same with numbers, value."""

    lines: list[list[Any]]
    before: Numeral
    after: Numeral
    torch: Numeral
    difference: Numeral
    exact: bool


class OpenedData(TypedDict):
    """The opened cell. ``tensor`` and ``sources`` are the browser's numbers of tensors; ``sentence`` may be ""."""

    title: str
    index: list[int]
    value: Numeral
    tensor: int | None
    sentence: str
    sources: dict[str, int]
    explanation: ExplanationData | None
    update: UpdateData | None
    parts: list[list[Any]]


class StepAnswer(TypedDict):
    """What ``static/js/lenet/walk.js`` is told: ``cell``, as asked for, and what it is made of; "" and None."""

    cell: str
    opened: OpenedData | None


def answer(ask: Ask) -> Answer:
    """Open the cell that is asked for; raises ``InvalidSetting`` where there is none."""
    asked = source(str(ask.settings["source"]))
    text = str(ask.settings["cell"])
    header: StepAnswer = {"cell": text, "opened": _opened(ask, asked, _cell(text)) if text else None}
    return Answer(header)


def _cell(text: str) -> dict[str, Any]:
    try:
        cell = json.loads(text)
    except (ValueError, RecursionError):
        cell = None
    if not isinstance(cell, dict):
        raise InvalidSetting(N_("there is nothing to open there"))
    return cell


def _opened(ask: Ask, asked: Source, cell: dict[str, Any]) -> OpenedData:
    try:
        return _told(ask, asked, open_cell(asked.walk, cell))
    except InvalidSetting:
        raise
    except Exception as error:
        if asked.walk.setup.choice.network != "own":
            raise
        raise InvalidSetting(N_("The arithmetic of this call is not written out here.")) from error


def _told(ask: Ask, asked: Source, opened: Opened) -> OpenedData:
    numbers = asked.tensors.numbers
    return {
        "title": opened.title,
        "index": list(opened.index),
        "value": numeral(opened.value),
        "tensor": numbers.get(opened.key),
        "sentence": ask.say(opened.sentence, count=len(opened.parts)),
        "sources": {name: numbers[key] for name, key in opened.sources if key in numbers},
        "explanation": None if opened.explanation is None else plain(opened.explanation),
        "update": None if opened.update is None else _update(opened.update),
        "parts": [[f"#{op} {name}", numeral(value)] for op, name, value in opened.parts],
    }


def _update(update: Update) -> UpdateData:
    return {
        "lines": [[line.symbol, line.formula, line.numbers, numeral(line.value)] for line in update.lines],
        "before": numeral(update.before),
        "after": numeral(update.after),
        "torch": numeral(update.torch_after),
        "difference": numeral(abs(update.after - update.torch_after)),
        "exact": update.exact,
    }
