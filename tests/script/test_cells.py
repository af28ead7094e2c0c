"""Cells of the timeline: each opens into the arithmetic of the operation that made it, from the recorded inputs."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import torch

from core.ops.registry import DEFINITIONS
from core.script import cells
from core.script.call_lines import CallReader, lines
from core.script.calls import Calls, Makers, RecordedCall
from core.script.program_record import Operation, Record
from core.script.run import Runner

PROGRAM = """
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(0)
x = torch.randn(2, 1, 8, 8)
conv, norm, drop = nn.Conv2d(1, 3, 3, padding=1), nn.BatchNorm2d(3), nn.Dropout(0.5)
h = F.max_pool2d(norm(conv(x)), 2)
h = drop(F.relu(h, inplace=True))
h -= 0.5
h = h[:, 1:, ::2]
h = torch.cat([h, h.flip(3)], dim=-1)
h = h.reshape(2, -1)
out = nn.Linear(32, 4)(h)
q = torch.softmax(out, dim=1)
loss = F.cross_entropy(out, torch.tensor([0, 3]))
first, second = out.split(2, dim=1)
w = torch.relu(torch.tensor(3.0).expand(1))
z = torch.fft.rfft(x)
"""
BACKWARD = """
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(0)
conv, norm, fc = nn.Conv2d(1, 3, 3, padding=1), nn.BatchNorm2d(3), nn.Linear(24, 4)
x = torch.randn(2, 1, 4, 4)
h = norm(conv(x))
h = F.relu(h, inplace=True)
h = F.max_pool2d(h + h.tanh(), 2)  # two uses
first, second = h.flatten(1).split(6, dim=1)
out = fc(torch.cat([second, first, first * 2, second], dim=1))
loss = F.cross_entropy(out, torch.tensor([0, 3]))
loss.backward()
hooked = torch.ones(2, requires_grad=True)
hooked.register_hook(lambda grad: grad * 10)
(hooked * 3).sum().backward()
"""
LARGE = """
import torch
x = torch.ones(1500, 1500)
y = torch.relu(x)
small = torch.relu(torch.ones(2))
"""


def run(runner: Runner, folder: Path, text: str) -> Record:
    path = folder / "program.py"
    path.write_text(text, encoding="utf-8")
    record = runner.run(path)
    assert record.error is None and not record.troubles
    return record


@pytest.fixture(scope="module")
def record(runner: Runner, tmp_path_factory: pytest.TempPathFactory) -> Record:
    return run(runner, tmp_path_factory.mktemp("cells"), PROGRAM)


def arrive(calls: Any) -> dict[int, RecordedCall]:
    arrived = CallReader()
    for line in lines(calls):
        arrived.take(json.loads(json.dumps(line, allow_nan=False)))
    return arrived.calls


def test_each_cell_of_what_a_known_operation_made_opens_into_torchs_number(record: Record) -> None:
    operations = [one for one in record.operations if one.name in DEFINITIONS]
    names = {one.name for one in operations}
    assert {"conv2d", "batch_norm", "max_pool2d", "relu", "dropout", "getitem", "cat", "linear", "softmax"} <= names
    calls = arrive(record.calls)
    for operation in operations:
        assert operation.opens == "whole", operation.name
        call = calls[operation.index]
        for part, output in enumerate(call.outputs):
            tensor = output.tensor()
            for index in itertools.islice(itertools.product(*map(range, tensor.shape)), 40):
                cell = cells.open_cell(call, part, list(index))
                if cell["explanation"] is None:
                    assert cell["sentence"] == cells.UNKNOWN and operation.name not in names_that_open, operation
                    break
                explanation = cell["explanation"]
                assert explanation["torch"] == pytest.approx(tensor[index].item(), abs=0)
                assert explanation["result"] == pytest.approx(explanation["torch"], rel=1e-4, abs=1e-5)


def test_each_cell_of_a_gradient_opens_into_what_came_back(runner: Runner, tmp_path: Path) -> None:
    record = run(runner, tmp_path, BACKWARD)
    backward, hooked = [one for one in record.operations if one.name == "backward"]
    arrived = CallReader()
    for line in lines(record.calls, record.gradients):
        arrived.take(json.loads(json.dumps(line, allow_nan=False)))
    assert arrived.gradients == record.gradients
    started, named, used = 0, set(), set()
    for node, gradient in [(part, one) for part in backward.nodes for one in part.gradients if one.maker]:
        recorded = arrived.gradients[gradient.maker]  # type: ignore[index]
        used.add(len(recorded.uses))
        whole = recorded.gradient.tensor()
        for index in itertools.islice(itertools.product(*map(range, whole.shape)), 40):
            cell = cells.open_gradient(recorded, arrived.calls, list(index))
            if not recorded.uses:
                assert cell["sentence"] == cells.STARTS
                started += 1
                continue
            explanation = cell["explanation"]
            assert explanation is not None, (node.name, node.leaf, cell["sentence"])
            assert explanation["torch"] == whole[index].item()
            assert explanation["result"] == pytest.approx(explanation["torch"], rel=1e-4, abs=1e-6)
            named.add(node.leaf)
    assert started == 1 and {0, 1, 2} <= used
    assert {"conv.weight", "conv.bias", "norm.weight", "norm.bias", "fc.weight", "fc.bias"} <= named
    changed = next(one for node in hooked.nodes for one in node.gradients if node.leaf == "hooked")
    recorded = record.gradients[changed.maker]  # type: ignore[index]
    assert recorded.gradient.tensor().tolist() in ([3, 3], [30, 30])
    is_torchs = recorded.gradient.tensor()[0] == 3
    assert bool(cells.open_gradient(recorded, record.calls, [0])["explanation"]) == bool(is_torchs)
    assert cells.open_gradient(None, {}, [0])["sentence"] == cells.CUT_GRADIENT
    assert cells.open_gradient(recorded, {}, [0])["sentence"] == cells.CUT_GRADIENT
    assert cells.open_gradient(recorded, record.calls, [2])["sentence"] == cells.OUTSIDE


names_that_open = (
    *("conv2d", "batch_norm", "max_pool2d", "relu", "dropout", "getitem", "cat", "reshape", "linear", "softmax"),
    *("cross_entropy", "split"),
)


def test_a_call_that_changes_its_input_is_opened_from_what_it_was_before(record: Record) -> None:
    relu = operation_of(record, "relu")
    call = record.calls[relu.index]
    before, after = call.tensors["input"].tensor(), call.outputs[0].tensor()
    assert (before < 0).any() and torch.equal(after, before.relu())


def test_the_mask_of_a_dropout_is_the_one_that_was_drawn(record: Record) -> None:
    call = record.calls[operation_of(record, "dropout").index]
    x, y, mask = call.tensors["input"].tensor(), call.outputs[0].tensor(), call.saved["mask"].tensor()
    assert torch.equal(y, x * mask * 2) and 0 < mask.mean() < 1


def operation_of(record: Record, name: str) -> Operation:
    return next(one for one in record.operations if one.name == name)


def test_inputs_and_variables_know_the_operation_that_made_them(record: Record) -> None:
    by_index = {one.index: one for one in record.operations}
    linear = operation_of(record, "linear")
    maker = next(one.maker for one in linear.inputs if one.name == "input")
    assert maker is not None and by_index[maker[0]].name == "reshape"
    variables = {one.name: one.tensor for one in record.steps[-1].variables}
    second, out = variables["second"], variables["out"]
    assert second is not None and second.maker == (operation_of(record, "split").index, 1)
    assert out is not None and out.maker == (linear.index, 0)


def test_what_is_not_recorded_whole_or_not_known_says_so(runner: Runner, tmp_path: Path, record: Record) -> None:
    large = run(runner, tmp_path, LARGE)
    assert [one.opens for one in large.operations if one.name == "relu"] == ["cut", "whole"]
    assert cells.open_cell(None, 0, [0])["sentence"] == cells.CUT
    assert all(one.opens == "" for one in record.operations if one.name not in DEFINITIONS)
    assert any(one.name not in DEFINITIONS and one.outputs for one in record.operations)
    call = record.calls[operation_of(record, "linear").index]
    for part, index in ((0, [2, 0]), (0, [0]), (1, [0, 0]), (-1, [0, 0]), (0, [0, -1])):
        assert cells.open_cell(call, part, index)["sentence"] == cells.OUTSIDE


def test_a_maker_is_forgotten_when_the_tensor_is_changed_by_others() -> None:
    makers, tensor = Makers(), torch.ones(2)
    makers.note(3, [tensor])
    assert makers.of(tensor) == (3, 0)
    tensor.add_(1)
    assert makers.of(tensor) is None and makers.of(torch.ones(2)) is None


def test_each_iteration_takes_at_most_half_of_what_is_left() -> None:
    calls, results = Calls(room=1600), []
    for iteration in range(4):
        x = torch.full((100,), float(iteration))
        args = (torch.relu, (x,), {}, [torch.relu(x)], None)
        results.append(calls.take(iteration, iteration, "relu", *args))
    assert results == [True, True, True, False], (
        "of 1600 bytes each may take half: 800, 600, 400, and 200 are not enough"
    )


GOOD = [
    {"kind": "numbers", "dtype": "float32", "shape": [1], "data": "AACAPw=="},
    {
        "kind": "call",
        "operation": 0,
        "name": "relu",
        "tensors": {"input": 0},
        "options": {},
        "outputs": [0],
        "saved": {},
    },
]


@pytest.mark.parametrize(
    ("line", "change"),
    [
        (0, {"dtype": "object"}),
        (0, {"shape": [10**12]}),
        (0, {"shape": [-1]}),
        (0, {"data": "AACAPw==AACAPw=="}),
        (0, {"data": 3}),
        (1, {"tensors": {"input": 1}}),
        (1, {"tensors": [0]}),
        (1, {"outputs": [-1]}),
        (1, {"name": ["relu"]}),
        (1, {"operation": True}),
        (1, {"options": {"dim": {"dtype": "__class__"}}}),
        (1, {"options": {"dim": {"tuple": [[[[[[[1]]]]]]]}}}),
        (1, {"options": {"dim": 10**30}}),
        (1, {"options": {"dim": {"call": "os.system"}}}),
    ],
)
def test_a_line_that_is_no_call_is_refused(line: int, change: dict[str, Any]) -> None:
    CallReader().take(GOOD[0])
    arrived = CallReader()
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        for number, good in enumerate(GOOD):
            arrived.take(good | change if number == line else good)
    assert not arrived.calls
