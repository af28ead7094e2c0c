"""Modules as other people write them are walked to the end, any cell opens, and the message stays small."""

from __future__ import annotations

import json
import math
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
import torch
from hypothesis import given as over
from hypothesis import strategies as st
from torch import Tensor, nn

from core.errors import InvalidSetting
from core.live.instrument import Answer, Ask
from core.live.lenet.answer import answer
from core.live.lenet.source import Source, offer
from core.live.lenet.walk_header import check_data, walk_message
from core.message import pack
from core.walk import cell_explanation, scene, setup, walk
from core.walk.cell_request import GradientCell, ValueCell, WeightCell
from core.walk.inputs import InputSpec
from core.walk.setup import Choice
from tests.foreign import MODULES, LayeredNet
from tests.lenet_settings import settings_of
from tests.own import build_own


def walk_of(network: nn.Module, *shape: int, **choice: object) -> walk.Walk:
    return walk.take(setup.prepare(Choice("own", **choice), own=build_own(network, InputSpec(shape))))


def message_of(taking: walk.Walk) -> tuple[dict, list[np.ndarray], Source]:
    """What is told of the step, the numbers that are sent, and the source that may be asked about it."""
    source = offer(Source("own", own=taking.setup.own and taking.setup.own.own))
    step = source.keep(taking)
    walk_header, numbers = walk_message(step, Ask({}))
    header: dict = dict(walk_header)
    pack(header, numbers)  # it can be sent
    return (
        header | {"checks": [check_data(taking, each) for each in taking.steps], "key": f"{step.key}.en"},
        numbers,
        source,
    )


def opened_in(source: Source, taking: walk.Walk, cell: str, checked: str = "") -> dict:
    """Return what is told of an open cell; the step itself is told again unless its key is ``checked``."""
    values = {"source": source.name, "cell": cell, "changes": "", "known": checked, "checked": "", "at": 0}
    parts = answer(Ask(values | settings_of(taking.setup.choice)))
    return next(part.header for part in parts if isinstance(part, Answer) and "contents" in part.header)


@pytest.mark.parametrize("name", MODULES)
def test_every_kind_of_module_is_walked_and_any_cell_of_it_opens(name: str) -> None:
    torch.manual_seed(0)
    build, shape = MODULES[name]
    taking, pick = walk_of(build(), *shape), random.Random(1)
    header, _numbers, source = message_of(taking)
    assert [step["phase"] for step in header["steps"]][-2:] == ["step", "after"]
    for step, groups in zip(header["steps"], header["groups"], strict=True):
        for pane in (pane for group in groups for pane in group["panes"]):
            if pane["ask"] is None or pane["tensor"] is None or not header["tensors"][pane["tensor"]]["size"]:
                continue
            index = [pick.randrange(size) for size in header["tensors"][pane["tensor"]]["shape"]]
            unreached = taking.record.grads.get(pane["ask"].get("parameter"), 0) is None
            cell = json.dumps(pane["ask"] | {"index": index})
            try:
                explanation = opened_in(source, taking, cell, header["key"])["contents"]
            except InvalidSetting:
                assert unreached, (name, step["name"])
            else:
                assert "value" in explanation and not unreached, (name, step["name"])


@pytest.mark.parametrize("name", MODULES)
def test_no_comparison_of_any_kind_of_module_is_red(name: str) -> None:
    torch.manual_seed(0)
    build, shape = MODULES[name]
    taking = walk_of(build(), *shape)
    checks = [(step, walk.check(taking, step)) for step in taking.steps]
    assert any(check is not None for _, check in checks)
    assert [step for step, check in checks if check is not None and not check.fine] == []


def test_a_part_that_came_through_a_gradient_of_a_gradient_is_not_laid_to_the_layer() -> None:
    torch.manual_seed(0)
    build, shape = MODULES["gradient penalty"]
    taking = walk_of(build(), *shape)
    weight = taking.record.parameters["a.weight"]
    explanation = cell_explanation.open_cell(taking, GradientCell(weight, (0, 0)))
    assert len(explanation.parts) == 2 and "not the sum" in explanation.sentence
    assert math.fsum(part for *_, part in explanation.parts) != pytest.approx(explanation.value, rel=1e-3)


def test_parts_that_are_not_all_of_a_gradient_are_not_called_its_sum() -> None:
    torch.manual_seed(0)
    build, shape = MODULES["views changed in place"]
    taking = walk_of(build(), *shape)
    for value, grad in taking.record.gradients.items():
        for index in np.ndindex(grad.shape):
            cell = cell_explanation.open_cell(taking, GradientCell(value, index))
            apart = abs(math.fsum(part for *_, part in cell.parts) - cell.value) > 1e-6
            assert not cell.parts or apart == ("a view of it" in cell.sentence)


@pytest.mark.parametrize("name", ["y*y", "bmm", "cat", "self-attention", "stack of three", "custom function"])
def test_the_parts_on_the_screen_add_up_to_the_gradient(name: str) -> None:
    torch.manual_seed(0)
    build, shape = MODULES[name]
    taking = walk_of(build(), *shape, input_grad=True)
    count = 0
    for value in taking.record.gradients:
        index = [0] * taking.record.values[value].tensor.dim()
        cell = cell_explanation.open_cell(taking, GradientCell(value, tuple(index)))
        if cell.parts:
            count += 1
            assert math.fsum(part for *_, part in cell.parts) == pytest.approx(cell.value, rel=1e-4, abs=1e-7)
            assert "sum of what came back" in cell.sentence
    assert count or name == "custom function"


def test_bmm_of_a_tensor_with_itself_agrees_with_the_arithmetic_by_hand() -> None:
    torch.manual_seed(0)
    taking = walk_of(MODULES["bmm"][0](), *MODULES["bmm"][1])
    bmm = next(op for op in taking.record.operations if op.name == "bmm")
    for argument, value in bmm.inputs:
        ask = GradientCell(value, (0, 1, 2), bmm.index, argument)
        explanation = cell_explanation.open_cell(taking, ask)
        assert explanation.explanation is not None and explanation.explanation.difference < 1e-7


def test_a_custom_function_is_a_step_of_its_own_forwards_and_backwards() -> None:
    taking = walk_of(MODULES["custom function"][0](), 2, 4)
    square = next(op for op in taking.record.operations if op.unseen)
    assert square.name == "Square"
    assert square.source is not None and "Square.apply" in line_of(square.source)
    nodes = [node.name for node in taking.record.backward if node.operation == square.index]
    assert nodes == ["SquareBackward"]
    assert square.outputs[0] in taking.record.gradients
    words = [step["words"] for step in message_of(taking)[0]["steps"]]
    assert any("torch.autograd.Function" in sentence for sentence in words)


def line_of(span: object) -> str:
    with open(span.file, encoding="utf-8") as file:  # noqa: PTH123
        return file.readlines()[span.line - 1]


def test_weights_inside_a_reentrant_checkpoint_show_their_gradients() -> None:
    taking = walk_of(MODULES["reentrant checkpoint"][0](), 2, 4)
    reached = {node.parameter for node in taking.record.backward if node.parameter}
    assert reached == set(taking.before)
    value = taking.record.parameters["a.weight"]
    explanation = cell_explanation.open_cell(taking, GradientCell(value, (0, 0)))
    assert (
        "not recorded" in explanation.sentence and explanation.value == taking.record.grads["a.weight"][0, 0].item()
    )


def test_a_hook_that_changes_a_gradient_is_said_to_do_so() -> None:
    torch.manual_seed(0)
    taking = walk_of(MODULES["hooked"][0](), 2, 4)
    linear = taking.record.operations[0]
    explanation = cell_explanation.open_cell(taking, GradientCell(linear.outputs[0], (0, 0)))
    assert "hook" in explanation.sentence
    assert explanation.value == pytest.approx(2 * math.fsum(part for *_, part in explanation.parts), rel=1e-5)


def test_numbers_that_were_changed_where_autograd_does_not_see_it_are_the_ones_that_are_shown() -> None:
    torch.manual_seed(0)
    taking = walk_of(MODULES["numbers changed through .data"][0](), 2, 4)
    products = [op for op in taking.record.operations if op.name == "mul" and len(op.inputs) == 2]
    y = taking.record.values[products[-1].inputs[0][1]]
    first = taking.record.values[taking.record.operations[0].outputs[0]]
    assert y.kind == "changed" and torch.equal(y.tensor, first.tensor * 2)
    cell = cell_explanation.open_cell(taking, ValueCell(y.id, (0, 0)))
    assert cell.explanation is None and "autograd does not see it" in cell.sentence


def test_a_complex_tensor_is_drawn_with_both_its_parts() -> None:
    taking = walk_of(MODULES["complex"][0](), 2, 4)
    rfft = next(op for op in taking.record.operations if op.name == "fft_rfft")
    tensors = scene.Tensors()
    number = tensors.add(("value", rfft.outputs[0]), taking.record.values[rfft.outputs[0]].tensor)
    assert tensors.described[number]["shape"] == [2, 3, 2] and tensors.described[number]["form"] == "complex"
    true = taking.record.values[rfft.outputs[0]].tensor[1, 2]
    parts = [cell_explanation.open_cell(taking, ValueCell(rfft.outputs[0], (1, 2, part))).value for part in (0, 1)]
    assert complex(*parts) == true.item()


def test_a_sparse_gradient_is_drawn_with_its_zeros_and_its_weights_open() -> None:
    network = nn.Sequential(nn.Embedding(5, 3, sparse=True), nn.Flatten(), nn.Linear(6, 2))
    prepared = setup.prepare(Choice("own"), own=build_own(network, InputSpec((1, 2), "int64")))
    taking = walk.take(prepared)
    message_of(taking)
    grad = taking.record.grads["0.weight"]
    assert grad.is_sparse
    row = int(prepared.input[0, 0] % 5)
    explanation = cell_explanation.open_cell(taking, WeightCell("0.weight", (row, 1)))
    assert explanation.update is not None
    assert explanation.update.torch_after == pytest.approx(
        explanation.update.before - 0.01 * grad.to_dense()[row, 1].item()
    )


def test_the_cell_of_a_complex_weight_says_that_its_step_is_not_written_out() -> None:
    network = LayeredNet(lambda s, x: (s.a(x).to(torch.cfloat) * s.w).abs())
    network.w = nn.Parameter(torch.randn(4, dtype=torch.cfloat))
    taking = walk_of(network, 2, 4)
    with pytest.raises(InvalidSetting, match="complex weight"):
        cell_explanation.open_cell(taking, WeightCell("w", (1, 0)))


def test_weights_after_the_step_are_those_before_the_last_forward_pass() -> None:
    taking = walk_of(MODULES["weight changed"][0](), 2, 4)
    grad = taking.record.grads["a.weight"]
    assert torch.equal(taking.after["a.weight"], taking.before["a.weight"] - 0.01 * grad)


class CreatesParameter(nn.Module):
    """A forward pass that makes a parameter, as one would write it to change or to add one."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.a, self.name = nn.Linear(4, 4), name

    def forward(self, x: Tensor) -> Tensor:
        owner = self if self.name == "g" else self.a
        setattr(owner, self.name, nn.Parameter(torch.ones(4)))
        return self.a(x) * getattr(owner, self.name)


@pytest.mark.parametrize("name, path", [("bias", "a.bias"), ("g", "g")])
def test_a_parameter_that_forward_makes_is_not_shown_as_trained(name: str, path: str) -> None:
    with pytest.raises(InvalidSetting, match=f"forward creates a new nn.Parameter for {path}"):
        walk_of(CreatesParameter(name), 2, 4)


def test_a_gradient_that_is_missing_says_whether_one_was_wanted() -> None:
    network = LayeredNet(lambda s, x: s.a(x), unused=nn.Linear(4, 3))
    network.a.bias.requires_grad_(False)
    groups = message_of(walk_of(network, 1, 4))[0]["groups"]
    kinds = {group["name"]: group["panes"][1]["kind"] for group in groups[-2]}
    assert kinds == {"a.weight": "grad", "a.bias": "no_grad", "unused.weight": "no_flow", "unused.bias": "no_flow"}


class Loop(nn.Module):
    """A forward pass of four torch calls a turn."""

    def __init__(self, turns: int) -> None:
        super().__init__()
        self.a, self.turns = nn.Linear(2, 2), turns

    def forward(self, x: Tensor) -> Tensor:
        for _ in range(self.turns):
            x = torch.tanh(self.a(x)) * 0.5 + x
        return x


@contextmanager
def calls() -> Iterator[list[int]]:
    """Count the Python calls inside."""
    count = [0]

    def called(_frame: object, event: str, _argument: object) -> None:
        count[0] += event in ("call", "c_call")

    sys.setprofile(called)
    try:
        yield count
    finally:
        sys.setprofile(None)


@pytest.mark.heavy
def test_the_work_grows_with_the_operations_and_not_with_their_square() -> None:
    counts = []
    for turns in (25, 100):
        network = Loop(turns)
        with calls() as count:
            message_of(walk_of(network, 2, 2))
        counts.append(count[0])
    assert counts[1] < 5 * counts[0]


def test_an_operation_is_compared_once_for_all_its_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    taking = walk_of(nn.Sequential(nn.Linear(4, 3), nn.Tanh()), 2, 4)
    numbers: list[int | None] = []
    monkeypatch.setattr(walk, "check_backward", lambda _record, node: numbers.append(node.operation))
    message_of(taking)
    of_operations = [operation for operation in numbers if operation is not None]
    assert len(of_operations) == len(set(of_operations))


@over(st.lists(st.integers(0, 1000), max_size=30), st.integers(1, 5000))
def test_all_tensors_together_fit_into_the_message_and_small_ones_stay_whole(sizes: list[int], most: int) -> None:
    longest = scene.largest_sent(sizes, most)
    sizes_cut = [min(size, longest) for size in sizes]
    assert sum(sizes_cut) <= most
    if sum(sizes) <= most:
        assert sizes_cut == sizes


def test_a_tensor_that_was_cut_says_so() -> None:
    tensors = scene.Tensors()
    tensors.add(("a",), torch.zeros(10))
    tensors.add(("b",), torch.arange(400.0))
    (first, second), arrays = tensors.message(most=100)
    numbers = np.concatenate(arrays)
    assert (first["cut"], first["length"], second["cut"], second["length"]) == (False, 10, True, 90)
    assert numbers[second["offset"] :].tolist() == list(range(90))


@pytest.mark.heavy
def test_a_network_of_twelve_million_parameters_is_walked() -> None:
    wide = nn.Sequential(nn.Linear(2, 2_500), nn.ReLU(), nn.Linear(2_500, 4_000), nn.ReLU(), nn.Linear(4_000, 2))
    assert 10_000_000 < sum(p.numel() for p in wide.parameters()) < setup.MOST_PARAMETERS
    taking = walk_of(wide, 1, 2)
    header, numbers, _source = message_of(taking)
    assert len(pack(header, numbers)) < 4 * scene.MOST_SENT + 100_000
    assert torch.equal(
        taking.record.grads["2.weight"], taking.record.gradients[taking.record.parameters["2.weight"]]
    )
