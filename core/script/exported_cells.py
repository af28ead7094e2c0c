"""Cells that open in a file without a server: each answer is worked out while the file is written.

Of each tensor the first rows and columns (``SIDES``), until ``MOST_TERMS`` are listed; what they say of a cell is
what the page says. The file's own module unpacks them with the browser's ``DecompressionStream``.
"""

from __future__ import annotations

import base64
import itertools
import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from core.i18n import translate
from core.script import cells
from core.script.calls import RecordedCall
from core.script.gradients import RecordedGradient

SIDES = (4, 8)  # first of every tensor a few, then more
MOST_TERMS = 60_000
DIGITS = 7  # of a number: float32 has no more

Calls = Mapping[int, RecordedCall]
Gradients = Mapping[tuple[int, int], RecordedGradient]


def pack_cells(calls: Calls, gradients: Gradients, language: str) -> str:
    """Return the answers by "operation.part.index", as JSON that is compressed (deflate) and written in base64.

    Where every cell of a tensor has the same sentence in place of arithmetic, it stands under "operation.part".
    """
    answers: dict[str, Any] = {}
    room = MOST_TERMS
    for side in SIDES:
        for place, shape in sorted(_tensors(calls, gradients)):
            whole = ".".join(map(str, place))
            for index in _first(shape, side) if whole not in answers else ():
                key = ".".join(map(str, (*place, *index)))
                if key in answers:
                    continue
                cell = _open(calls, gradients, place, list(index))
                explanation, sentence = cell["explanation"], cell["sentence"]
                if explanation is None:
                    answers[whole] = {"sentence": translate(language, sentence)}
                    break
                room -= len(explanation["terms"])
                if room < 0:
                    return _text(answers)
                answers[key] = {"explanation": _rounded(explanation), "more": cell["more"]}
    return _text(answers)


def _tensors(calls: Calls, gradients: Gradients) -> Iterator[tuple[tuple[int, int], tuple[int, ...]]]:
    for operation, call in calls.items():
        for part, output in enumerate(call.outputs):
            yield (operation, part), output.shape
    for place, gradient in gradients.items():
        yield place, gradient.gradient.shape


def _first(shape: tuple[int, ...], side: int) -> Iterator[tuple[int, ...]]:
    """Give the first cells of the matrix that is drawn of a tensor: side × side, or as many of one row."""
    before, matrix = (0,) * (len(shape) - 2), shape[-2:]
    if len(matrix) < 2 or matrix[0] == 1:
        matrix = (*matrix[:-1], *(min(size, side * side) for size in matrix[-1:]))
    else:
        matrix = (min(matrix[0], side), min(matrix[1], side))
    for index in itertools.product(*map(range, matrix)):
        yield (*before, *index)


def _open(calls: Calls, gradients: Gradients, place: tuple[int, int], index: list[int]) -> cells.OpenedData:
    if place in gradients:
        return cells.open_gradient(gradients[place], calls, index)
    return cells.open_cell(calls.get(place[0]), place[1], index)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {name: _rounded(item) for name, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list | tuple) else value


def _text(answers: dict[str, Any]) -> str:
    text = json.dumps(answers, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode("ascii")
