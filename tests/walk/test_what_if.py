"""core.walk.what_if: what follows from a changed number is what a fresh forward pass with that number gives."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.overrides import TorchFunctionMode

from core.errors import InvalidSetting
from core.rng import seeded
from core.walk import setup, walk, what_if
from core.walk.cell_request import ValueCell
from core.walk.inputs import InputSpec
from core.walk.setup import Choice
from core.walk.walk import Walk
from core.walk.what_if import Change
from tests.foreign import MODULES
from tests.own import build_own

CHOICES = {
    "lenet5": Choice(loss="cross_entropy", input_grad=True, optimizer="adam", steps_before=1),
    "dropout": Choice("mnist", loss="nll"),
    "batch norm": Choice("stack:1x6x6~conv-o2-k3-psame~norm~relu~max-k2~flatten~linear-i18-o10"),
    "two layers": Choice("two_layers"),
    "linear fit": Choice("linear_fit", loss="backward"),
}
FOREIGN = ("y*y", "bmm", "cat", "self-attention")


@cache
def take(name: str) -> Walk:
    if name in CHOICES:
        return walk.take(setup.prepare(CHOICES[name]))
    build, shape = MODULES[name]
    torch.manual_seed(0)
    return walk.take(setup.prepare(Choice("own"), own=build_own(build(), InputSpec(shape))))


class Set(TorchFunctionMode):
    """Sets numbers in what the calls return, and keeps what they returned: the same by other means."""

    def __init__(self, changes: dict[tuple[int, int], list[Change]]) -> None:
        super().__init__()
        self.changes, self.outputs = changes, list[list[Tensor]]()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        outputs = list(result) if isinstance(result, (tuple, list)) else [result]
        outputs = [item for item in outputs if isinstance(item, Tensor)]
        if not outputs:
            return result
        for k, output in enumerate(outputs):
            for change in self.changes.get((len(self.outputs), k), ()):
                if output is not args[0]:
                    outputs[k] = output = output.clone(memory_format=torch.contiguous_format)
                output.view(-1)[change.place] = change.number
        self.outputs.append([output.detach().clone() for output in outputs])
        return type(result)(outputs) if isinstance(result, (tuple, list)) else outputs[0]


def fresh(step: Walk, changes: list[Change]) -> list[list[Tensor]]:
    """Every output of a forward pass and a loss of a copy of the network, with the changes in it."""
    values, result, network = (
        step.record.values,
        dict[tuple[int, int], list[Change]](),
        copy.deepcopy(step.setup.network),
    )
    inputs = [tensor.clone() for tensor in step.setup.inputs]
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            parameter.copy_(step.before[name])
        for value in reversed(values):  # the first that a buffer held
            if value.kind == "buffer":
                network.get_buffer(value.name).copy_(value.tensor)
        for change in changes:
            value = values[change.value]
            if value.kind == "result":
                outputs = step.record.operations[value.producer].outputs
                result.setdefault((value.producer, outputs.index(value.id)), []).append(change)
            else:
                target = network.get_parameter(value.name) if value.kind == "parameter" else inputs[0]
                target.view(-1)[change.place] = change.number
        with seeded(step.setup.choice.seed), Set(result) as mode:
            output = network(*inputs)
            if step.record.loss is not None:
                step.setup.loss(output)
    return mode.outputs


@pytest.mark.parametrize("name", [*CHOICES, *FOREIGN])
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_what_follows_is_what_a_fresh_forward_pass_with_the_changed_numbers_gives(
    name: str, data: st.DataObject
) -> None:
    step = take(name)
    possible = [value for value in step.record.values if what_if.can_change(step.record, value.id)]
    choice = data.draw(
        st.lists(st.sampled_from(possible), min_size=1, max_size=3, unique_by=lambda value: value.id)
    )
    changes = [
        Change(value.id, data.draw(st.integers(0, value.tensor.numel() - 1)), data.draw(st.integers(-40, 40)) / 8)
        for value in choice
    ]
    supposed = what_if.take(step, changes)
    values = fresh(step, changes)
    assert len(values) == len(step.record.operations)
    for operation, outputs in zip(supposed.walk.record.operations, values, strict=True):
        for number, expected in zip(operation.outputs, outputs, strict=True):
            torch.testing.assert_close(
                supposed.walk.record.values[number].tensor, expected, rtol=1e-5, atol=1e-6, equal_nan=True
            )
    if step.record.loss is not None:
        assert supposed.walk.loss == pytest.approx(values[-1][0].item(), rel=1e-5)
    different = {effect.operation for effect in what_if.effects(supposed) if effect.cells}
    for operation in step.record.operations:
        now = [supposed.walk.record.values[number].tensor for number in operation.outputs]
        was = [step.record.values[number].tensor for number in operation.outputs]
        assert (operation.index in different) != all(
            torch.equal(a.nan_to_num(), b.nan_to_num()) for a, b in zip(was, now, strict=True)
        )


def test_a_changed_input_of_a_linear_layer_by_hand() -> None:
    step = take("linear fit")
    weight = next(tensor for tensor in step.before.values() if tensor.dim() == 2)
    x = step.setup.input
    supposed = what_if.take(step, [Change(0, 1, float(x[0, 1]) + 2.0)])
    before, after = (each.record.values[each.record.output].tensor for each in (step, supposed.walk))
    expected = torch.zeros_like(before)
    expected[0] = 2.0 * weight[:, 1]  # y = x Wᵀ + b: x[0, 1] meets column 1 of W, in row 0
    torch.testing.assert_close(after - before, expected, rtol=1e-5, atol=1e-6)
    effect = what_if.effects(supposed)[0]
    assert (effect.cells, effect.size) == (2, 8)
    assert effect.largest == pytest.approx(float(expected.abs().max()), rel=1e-5)


def test_the_step_itself_and_torchs_generator_stay_as_they_were() -> None:
    step, state = take("dropout"), torch.get_rng_state()
    before = [value.tensor.clone() for value in step.record.values]
    what_if.take(step, [Change(0, 5, 9.0)])
    assert all(torch.equal(old, value.tensor) for old, value in zip(before, step.record.values, strict=True))
    assert torch.equal(state, torch.get_rng_state())


def test_every_cell_that_follows_opens_to_the_arithmetic_of_the_changed_numbers() -> None:
    step = take("lenet5")
    result = step.record.operations[1].outputs[0]
    supposed = what_if.take(step, [Change(0, 500, 2.5), Change(result, 7, 3.0)])
    for number in supposed.followed:
        tensor = supposed.walk.record.values[number].tensor
        changed = (tensor != step.record.values[number].tensor).nonzero()
        if not len(changed):
            continue
        index = changed[0].tolist()
        explanation, change = what_if.open_cell(supposed, ValueCell(number, tuple(index)))
        assert explanation.value == tensor[tuple(index)].item()
        if explanation.explanation is not None:
            largest = max(1e-6, *(abs(term.value) for term in explanation.explanation.terms))
            assert explanation.explanation.difference <= 1e-5 * largest
            assert (change is None) == (explanation.explanation.torch_value == explanation.value)


def test_a_result_that_was_set_is_opened_to_what_torch_had_computed() -> None:
    step = take("lenet5")
    result = step.record.operations[0].outputs[0]
    supposed = what_if.take(step, [Change(result, 0, 5.0)])
    explanation, change = what_if.open_cell(supposed, ValueCell(result, (0, 0, 0, 0)))
    assert change == Change(result, 0, 5.0) and explanation.value == 5.0
    assert explanation.explanation.torch_value == step.record.values[result].tensor.flatten()[0].item()


def test_probabilities_are_the_softmax_whether_the_output_is_logits_or_log_probabilities() -> None:
    for name, share in (("lenet5", torch.softmax), ("dropout", lambda output, _dim: output.exp())):
        step = take(name)
        output = step.record.values[step.record.output].tensor
        torch.testing.assert_close(torch.tensor(what_if.probabilities(step)), share(output[0], 0))
    assert what_if.probabilities(take("two layers")) == []


NO_CHANGES = ["1", "1.2", "1.2:", "1.2:nan", "1.2:1e10", "1.2:3;", "-1.2:3", "1.2:3,"]


@pytest.mark.parametrize("text", [*NO_CHANGES, ",".join(f"0.{k}:1" for k in range(33))])
def test_what_is_no_list_of_changes_is_refused(text: str) -> None:
    with pytest.raises(InvalidSetting):
        what_if.read(text)


def test_a_list_of_changes_is_read_and_the_last_of_one_place_counts() -> None:
    assert what_if.read("0.3:-1.5,12.0:2e-7,0.3:4") == (Change(0, 3, 4.0), Change(12, 0, 2e-7))
    assert what_if.read("") == ()


@pytest.mark.parametrize("change", [Change(9_999, 0, 1.0), Change(0, 10**6, 1.0)])
def test_a_number_that_the_step_does_not_have_is_refused(change: Change) -> None:
    with pytest.raises(InvalidSetting, match="no such number"):
        what_if.take(take("lenet5"), [change])


def test_what_cannot_run_again_says_so() -> None:
    build, shape = MODULES["custom function"]
    step = walk.take(setup.prepare(Choice("own"), own=build_own(build(), InputSpec(shape))))
    with pytest.raises(InvalidSetting, match="cannot run again"):
        what_if.take(step, [Change(0, 0, 1.0)])


def test_a_network_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(what_if, "MOST_PRODUCTS", 1000)
    with pytest.raises(InvalidSetting, match="too large"):
        what_if.take(take("lenet5"), [Change(0, 0, 1.0)])


def test_a_complex_result_that_follows_opens_too() -> None:
    step = take("complex")
    supposed = what_if.take(step, [Change(0, 0, 1.5)])
    number = next(n for n in supposed.followed if step.record.values[n].tensor.is_complex())
    index = [0] * (step.record.values[number].tensor.dim() + 1)
    explanation, change = what_if.open_cell(supposed, ValueCell(number, tuple(index)))
    assert (
        change is None and explanation.value == supposed.walk.record.values[number].tensor.flatten()[0].real.item()
    )
