"""The messages about one training step: its tensors and sentences, the opened cell, a what-if, the comparisons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from core.errors import N_, InvalidSetting
from core.live.instrument import Answer, Ask, Later, Part
from core.live.lenet.settings import choice_of
from core.live.lenet.source import TakenStep, source
from core.live.lenet.walk_header import check_data, walk_message
from core.live.lenet.what_if_data import WhatIfData, what_if_data
from core.ops.places import place
from core.ops.plain import ExplanationData, Numeral, numeral, plain
from core.walk import cell_request, what_if
from core.walk.cell_explanation import OpenedCell
from core.walk.cell_request import CellRequest, ValueCell
from core.walk.optimizer import Update
from core.walk.scene import CheckData, WalkHeader
from core.walk.walk import Walk
from core.walk.what_if import Change, WhatIf

REST = 0.1  # seconds until a step is compared by hand, which takes longer than the step: a hand may be on its way
WAIT = 0.2  # seconds between two looks whether the page has taken a step of the reader's own module


class UpdateData(TypedDict):
    """A weight's step; each of ``lines``: symbol, formula, the same with numbers, value."""

    lines: list[tuple[str, str, str, Numeral]]
    before: Numeral
    after: Numeral
    torch: Numeral
    difference: Numeral
    exact: bool


class OpenedCellData(TypedDict):
    """The opened cell. ``tensor`` and ``sources`` are the browser's numbers of tensors; ``sentence`` may be ""."""

    title: str
    index: list[int]
    value: Numeral
    tensor: int | None
    sentence: str
    sources: dict[str, int]
    explanation: ExplanationData | None
    update: UpdateData | None
    parts: list[tuple[str, Numeral]]


class PlaceData(TypedDict):
    """A number that can be changed: its value in the record, its place in it, the number of the step."""

    value: int
    place: int
    before: Numeral


class StepAnswer(TypedDict):
    """The step that ``key`` names, for a browser that has another or none: ``static/js/lenet/step.js``.

    ``walk`` is None where the browser has it already; else the numbers of its tensors follow, but for those that it
    has in the step that it named. ``label`` is that of the test image that goes in.
    """

    key: str
    walk: WalkHeader | None
    label: int


class OpeningAnswer(TypedDict):
    """What is open in the step ``key``: ``cell``, as asked for, and what it is made of; "" and None for nothing.

    ``place`` is there where the open number can be changed. ``whatIf`` is what follows from the changes that were
    asked; the numbers of its ``tensors`` follow as arrays.
    """

    key: str
    cell: str
    contents: OpenedCellData | None
    place: PlaceData | None
    whatIf: WhatIfData | None


class ChecksAnswer(TypedDict):
    """Each operation of the step ``checked`` beside the arithmetic by hand."""

    checked: str
    checks: list[CheckData | None]


def answer(ask: Ask) -> Iterator[Part]:
    """Take the step that is asked for, open a cell of it with the changes, and compare it with arithmetic by hand.

    Where the browser has the step, what is open in it comes alone. Raises ``InvalidSetting`` where a setting, a
    change or a cell is impossible.
    """
    origin = source(str(ask.settings["source"]))
    choice = choice_of(origin.network, ask.settings)
    while origin.waits_for_page(choice):
        yield Later(WAIT)
    step = origin.take(choice)
    key = f"{step.key}.{ask.language}"
    theirs = str(ask.settings["known"])
    is_known = theirs == key
    base = origin.step_of(theirs.partition(".")[0])
    walk, numbers = (None, []) if is_known else walk_message(step, ask, base)
    header: StepAnswer = {"key": key, "walk": walk, "label": step.label}
    first_message = Answer(header, numbers)
    is_open = bool(ask.settings["cell"] or ask.settings["changes"])
    if not (is_known and is_open):
        yield first_message
    if is_open:
        try:
            opening = _opening(ask, step, key)
        except InvalidSetting:
            if is_known:
                yield first_message  # what is refused is not the step
            raise
        yield opening
    if ask.settings["checked"] != step.key:
        yield Later(REST)
        yield from _checks(step)


def _checks(step: TakenStep) -> Iterator[Part]:
    """Compare each operation by hand; in between another question may have the thread."""
    results = []
    for each in step.walk.steps:
        results.append(check_data(step.walk, each))
        yield Later(0)
    comparisons: ChecksAnswer = {"checked": step.key, "checks": results}
    yield Answer(comparisons)


def _opening(ask: Ask, step: TakenStep, key: str) -> Answer:
    changes = what_if.read(str(ask.settings["changes"]))
    supposed = what_if.take(step.walk, changes)
    text = str(ask.settings["cell"])
    cell = cell_request.read(text) if text else None
    header: OpeningAnswer = {
        "key": key,
        "cell": text,
        "contents": None if cell is None else _open_cell(ask, step, supposed, cell),
        "place": None if cell is None else _place(step.walk, cell),
        "whatIf": None,
    }
    if not changes:
        return Answer(header)
    header["whatIf"], numbers = what_if_data(step, supposed, int(ask.settings["at"]), cell)
    return Answer(header, numbers)


def _place(walk: Walk, cell: CellRequest) -> PlaceData | None:
    """Return the place of an opened cell; None for a gradient, an update, and what cannot be changed."""
    if not isinstance(cell, ValueCell) or not what_if.can_change(walk.record, cell.value):
        return None
    tensor = walk.record.values[cell.value].tensor
    before = numeral(tensor[cell.index].item())
    return {"value": cell.value, "place": place(cell.index, tensor.shape), "before": before}


def _open_cell(ask: Ask, step: TakenStep, supposed: WhatIf, cell: CellRequest) -> OpenedCellData:
    try:
        opened_cell, change = what_if.open_cell(supposed, cell)
        return _opened_cell(ask, step, opened_cell, change)
    except InvalidSetting:
        raise
    except Exception as error:
        if step.walk.setup.choice.network != "own":
            raise
        raise InvalidSetting(N_("The arithmetic of this call is not written out here.")) from error


def _opened_cell(ask: Ask, step: TakenStep, opened_cell: OpenedCell, change: Change | None) -> OpenedCellData:
    numbers = step.tensors.numbers
    sentence = ask.say(opened_cell.sentence, count=len(opened_cell.parts))
    if change is not None:
        yours = ask.say(N_("You set this number."))
        sentence = f"{yours} {sentence}".strip()
    return {
        "title": opened_cell.title,
        "index": list(opened_cell.index),
        "value": numeral(opened_cell.value),
        "tensor": numbers.get(opened_cell.key),
        "sentence": sentence,
        "sources": {name: numbers[key] for name, key in opened_cell.sources if key in numbers},
        "explanation": None if opened_cell.explanation is None else plain(opened_cell.explanation),
        "update": None if opened_cell.update is None else _update(opened_cell.update),
        "parts": [(f"#{op} {name}", numeral(value)) for op, name, value in opened_cell.parts],
    }


def _update(update: Update) -> UpdateData:
    return {
        "lines": [(line.symbol, line.formula, line.numbers, numeral(line.value)) for line in update.lines],
        "before": numeral(update.before),
        "after": numeral(update.after),
        "torch": numeral(update.torch_after),
        "difference": numeral(abs(update.after - update.torch_after)),
        "exact": update.exact,
    }
