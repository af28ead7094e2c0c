"""What a browser points at becomes a request with types, or is refused."""

from __future__ import annotations

import json

import pytest

from core.errors import InvalidSetting
from core.walk import cell_request
from core.walk.cell_request import GradientCell, ValueCell, WeightCell


@pytest.mark.parametrize(
    ("data", "request_read"),
    [
        ({"kind": "value", "value": 3, "index": [0, 1]}, ValueCell(3, (0, 1))),
        ({"kind": "grad", "value": 3, "index": []}, GradientCell(3, ())),
        (
            {"kind": "grad", "value": 3, "operation": 2, "argument": "weight", "index": [4]},
            GradientCell(3, (4,), 2, "weight"),
        ),
        ({"kind": "weight", "parameter": "conv1.bias", "index": [5]}, WeightCell("conv1.bias", (5,))),
    ],
)
def test_each_kind_of_cell_is_read(data: dict, request_read: cell_request.CellRequest) -> None:
    assert cell_request.read(json.dumps(data)) == request_read


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "[" * 100_000,
        "{}",
        '{"kind": "value", "index": [0]}',
        '{"kind": "value", "value": true, "index": [0]}',
        '{"kind": "value", "value": -1, "index": [0]}',
        '{"kind": "value", "value": 0, "index": [0.5]}',
        '{"kind": "value", "value": 0, "index": [false]}',
        '{"kind": "picture", "value": 0, "index": [0]}',
    ],
)
def test_what_names_no_cell_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(InvalidSetting, match="nothing to open"):
        cell_request.read(text)
