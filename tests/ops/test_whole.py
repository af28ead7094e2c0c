"""Whole tensors by hand equal torch's, and the explanations of their cells, on ordinary and special numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from core.ops import explain
from core.ops.explanation import Call
from core.ops.precision import compare_whole
from core.ops.whole import Hand
from tests.examples import up_to
from tests.explaining import numbers, run
from tests.ops.calls import TABLE, calls

WEIGHT = numbers((4, 2, 3, 2), torch.float64, 1)
BIAS = numbers((4,), torch.float64, 2)
LABELS = torch.tensor([1, 0])
CLASSES = torch.arange(1.0, 6.0, dtype=torch.float64)
MAPS = torch.tensor([[[0, 4], [-100, 2]], [[1, 1], [3, 0]]])

OPERATIONS = {
    "conv2d": (lambda x: F.conv2d(x, WEIGHT, BIAS, stride=2, padding=(1, 2), dilation=(1, 2)), (2, 2, 7, 8)),
    "conv2d in groups": (lambda x: F.conv2d(x, WEIGHT, groups=2, padding=1), (1, 4, 5, 5)),
    "conv2d depthwise": (lambda x: F.conv2d(x, WEIGHT[:, :1], groups=2, stride=(2, 1)), (3, 2, 6, 5)),
    "conv2d unbatched": (lambda x: F.conv2d(x, WEIGHT, BIAS, padding=(2, 1)), (2, 5, 6)),
    "conv2d same": (lambda x: F.conv2d(x, WEIGHT, BIAS, padding="same"), (2, 2, 5, 6)),
    "conv2d with windows in the padding alone": (
        lambda x: F.conv2d(x, WEIGHT, BIAS, padding=5, stride=3),
        (1, 2, 2, 2),
    ),
    "conv_transpose2d": (
        lambda x: F.conv_transpose2d(x, WEIGHT, BIAS[:2], 2, (1, 2), 1, dilation=(1, 2)),
        (2, 4, 3, 4),
    ),
    "conv_transpose2d in groups": (lambda x: F.conv_transpose2d(x, WEIGHT, groups=2, padding=1), (4, 3, 4)),
    "max_pool2d": (lambda x: F.max_pool2d(x, 3, 2, 1), (2, 3, 7, 7)),
    "max_pool2d, ceil and dilation": (lambda x: F.max_pool2d(x, 2, 3, 1, (2, 1), True), (3, 8, 7)),
    "avg_pool2d": (lambda x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True), (2, 3, 7, 6)),
    "avg_pool2d without the padding": (lambda x: F.avg_pool2d(x, (3, 2), 2, 1, True, False), (3, 7, 6)),
    "avg_pool2d by a number": (lambda x: F.avg_pool2d(x, 2, divisor_override=3), (1, 4, 4)),
    "adaptive_avg_pool2d": (lambda x: F.adaptive_avg_pool2d(x, (3, 2)), (1, 2, 7, 5)),
    "adaptive_avg_pool2d to more": (lambda x: F.adaptive_avg_pool2d(x, (9, None)), (2, 7, 5)),
    "adaptive_avg_pool1d": (lambda x: F.adaptive_avg_pool1d(x, 4), (2, 3, 6)),
    "linear": (lambda x: F.linear(x, WEIGHT.view(6, 8), numbers((6,), torch.float64, 3)), (2, 3, 8)),
    "linear of a vector": (lambda x: F.linear(x, WEIGHT.view(6, 8)), (8,)),
    "bmm": (lambda x: torch.bmm(x, WEIGHT.view(4, 3, 4)), (4, 2, 3)),
    "relu": (F.relu, (3, 4)),
    "leaky_relu": (lambda x: F.leaky_relu(x, 0.2), (3, 4)),
    "clamp": (lambda x: x.clamp(-0.3, 0.4), (3, 4)),
    "clip": (lambda x: x.clip(-0.3), (3, 4)),
    "hardtanh": (lambda x: F.hardtanh(x, -0.5, 0.5), (3, 4)),
    "relu6": (lambda x: F.relu6(x * 9), (3, 4)),
    "threshold": (lambda x: F.threshold(x, 0.1, 2.0), (3, 4)),
    "maximum": (lambda x: torch.maximum(x, BIAS), (3, 4)),
    "view": (lambda x: x.view(-1, 6), (2, 3, 4)),
    "flatten": (lambda x: x.flatten(1), (2, 3, 4)),
    "dropout": (lambda x: F.dropout(x, 0.4), (4, 5)),
    "dropout2d": (lambda x: F.dropout2d(x, 0.4), (2, 3, 4, 4)),
    "log_softmax": (lambda x: F.log_softmax(x, 1), (3, 5)),
    "log_softmax of a number": (lambda x: F.log_softmax(x, 0), ()),
    "softmax": (lambda x: F.softmax(x, 0), (3, 5)),
    "nll_loss": (lambda x: F.nll_loss(x, LABELS), (2, 5)),
    "nll_loss of one": (lambda x: F.nll_loss(x, LABELS[0]), (5,)),
    "nll_loss of maps": (lambda x: F.nll_loss(x, MAPS, CLASSES, reduction="none"), (2, 5, 2, 2)),
    "cross_entropy": (lambda x: F.cross_entropy(x, LABELS, CLASSES), (2, 5)),
    "cross_entropy, smoothed": (lambda x: F.cross_entropy(x, MAPS, CLASSES, label_smoothing=0.2), (2, 5, 2, 2)),
    "cross_entropy, smoothed, none": (
        lambda x: F.cross_entropy(x, MAPS, reduction="none", label_smoothing=0.2),
        (2, 5, 2, 2),
    ),
    "mse_loss": (lambda x: F.mse_loss(x, BIAS.detach().expand(3, 4)), (3, 4)),
    "mse_loss with weights": (lambda x: F.mse_loss(x, x.detach() - 1, weight=BIAS.detach().abs()), (4,)),
    "batch_norm": (lambda x: F.batch_norm(x, None, None, BIAS, BIAS * 2, True), (3, 4, 2, 2)),
    "batch_norm in eval": (lambda x: F.batch_norm(x, BIAS.detach(), BIAS.detach().abs(), BIAS), (3, 4)),
}


def wrong(call: Call, grad_output: Tensor, grads: dict[str, Tensor]) -> dict[str, object]:
    """Return what the comparison of the output and of every gradient calls not fine."""
    inputs = list(call.tensors.values())
    hands = {"output": (explain.whole(call), [call.output, *inputs])}
    for which, grad in grads.items():
        hands[which] = explain.whole_gradient(call, which, grad_output), [grad, grad_output, *inputs]
    verdicts = {
        which: compare_whole(hand, *tensors, output=call.output) for which, (hand, tensors) in hands.items()
    }
    return {which: hands[which] for which, verdict in verdicts.items() if not verdict.fine.all()}


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_whole_output_and_every_gradient_are_torchs(name: str) -> None:
    operation, shape = OPERATIONS[name]
    record, recorded = run(operation, numbers(shape, torch.float64, 7))
    grad_output = record.gradients[recorded.outputs[0]]
    grads = {which: grad for (index, which), grad in record.contributions.items() if index == recorded.index}
    assert "input" in grads
    assert explain.whole(recorded.call).numbers.shape == recorded.call.output.shape
    for which, grad in grads.items():
        assert explain.whole_gradient(recorded.call, which, grad_output).numbers.shape == grad.shape
    assert not wrong(recorded.call, grad_output, grads)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16, torch.float64])
@pytest.mark.parametrize("name", TABLE)
@given(data=st.data())
@settings(max_examples=up_to(12))
def test_special_numbers_are_torchs(name: str, dtype: torch.dtype, data: st.DataObject) -> None:
    call, grad_output, grads = data.draw(calls(name, data.draw(st.booleans()), dtype))
    if name == "batch_norm" and dtype is torch.bfloat16 and float(grad_output.abs().max()) > 1e30:
        return  # torch's own sums may leave bfloat16's range here, and whether they do depends on their order
    assert not wrong(call, grad_output, grads)


@settings(max_examples=up_to(60))
@given(st.data(), st.sampled_from(sorted(OPERATIONS)))
def test_a_random_cell_of_the_whole_is_its_explanation(data: st.DataObject, name: str) -> None:
    operation, shape = OPERATIONS[name]
    record, recorded = run(operation, numbers(shape, torch.float64, 7))
    index = tuple(data.draw(st.integers(0, size - 1)) for size in recorded.call.output.shape)
    explanation = explain.value(recorded.call, index)
    whole = explain.whole(recorded.call)
    assert whole.numbers[index] == pytest.approx(explanation.result, abs=1e-12)
    if explanation.scale is None:
        assert whole.scale[index] == pytest.approx(explanation.magnitude, abs=1e-12)
    grad_output, grad = record.gradients[recorded.outputs[0]], record.contributions[recorded.index, "input"]
    place = tuple(data.draw(st.integers(0, size - 1)) for size in shape)
    explanation = explain.gradient(recorded.call, "input", grad_output, grad, place)
    whole = explain.whole_gradient(recorded.call, "input", grad_output)
    assert whole.numbers[place] == pytest.approx(explanation.result, abs=1e-12)


@pytest.mark.parametrize("spoil", [lambda g: -g, lambda g: 2 * g, lambda g: g + g.abs().max() * 1e-2])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
@pytest.mark.parametrize(
    "name", ["conv2d", "linear", "batch_norm", "cross_entropy", "avg_pool2d", "softmax", "relu"]
)
def test_a_wrong_gradient_is_not_fine(name: str, dtype: torch.dtype, spoil) -> None:
    operation, shape = OPERATIONS[name]
    record, recorded = run(operation, numbers(shape, torch.float64, 7))
    call, grad = recorded.call, record.contributions[recorded.index, "input"]
    grad_output = record.gradients[recorded.outputs[0]]
    hand = explain.whole_gradient(call, "input", grad_output)
    assert compare_whole(hand, grad.to(dtype)).fine.all()
    if dtype is torch.bfloat16 and spoil(torch.ones(1)) > 1 and spoil(torch.ones(1)) < 1.1:
        return  # a hundredth is what bfloat16 rounds away
    assert not compare_whole(hand, spoil(grad).to(dtype)).fine.all()


@pytest.mark.heavy
@pytest.mark.parametrize("kind", ["normal", "equal", "positive"])
@pytest.mark.parametrize("shape", [(1, 3, 224, 224), (1, 1, 600, 600), (40, 1, 28, 28)])
def test_the_gradients_of_a_long_sum_are_fine_and_a_wrong_one_is_not(kind: str, shape: tuple[int, ...]) -> None:
    draw = {"normal": torch.randn, "equal": lambda *size, **_: torch.full(size, 0.1), "positive": torch.rand}[kind]
    generator = torch.Generator().manual_seed(0)
    x = draw(*shape, generator=generator)
    weight = draw(2, shape[1], 3, 3, generator=generator).requires_grad_()
    bias = torch.zeros(2, requires_grad=True)
    output = F.conv2d(x, weight, bias, padding=1)
    grad_output = draw(*output.shape, generator=generator)
    grads = dict(zip(("weight", "bias"), torch.autograd.grad(output, (weight, bias), grad_output), strict=True))
    call = Call("conv2d", {"input": x, "weight": weight, "bias": bias}, {"padding": 1}, output)
    assert not wrong(call, grad_output, grads)
    for which, grad in grads.items():
        assert wrong(call, grad_output, {which: -grad})
        assert wrong(call, grad_output, {which: grad * 1.5})


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_a_network_in_half_precision_is_fine(dtype: torch.dtype) -> None:
    for operation, shape in (OPERATIONS[name] for name in ("view", "relu", "max_pool2d", "avg_pool2d", "softmax")):
        record, recorded = run(operation, numbers(shape, torch.float32, 7).to(dtype).detach().requires_grad_())
        grads = {which: grad for (index, which), grad in record.contributions.items() if index == recorded.index}
        assert not wrong(recorded.call, record.gradients[recorded.outputs[0]], grads)


def test_under_autocast_the_coarser_dtype_counts() -> None:
    weight = numbers((8, 64), torch.float32, 3)

    def operation(x: Tensor) -> Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            return F.linear(x, weight)

    x = numbers((4, 64), torch.float32, 4)
    output = operation(x)
    grad_output = numbers(output.shape, torch.float32, 5).detach().to(output.dtype)
    grads = dict(zip(("input", "weight"), torch.autograd.grad(output, (x, weight), grad_output), strict=True))
    call = Call("linear", {"input": x, "weight": weight}, {}, output)
    assert output.dtype is torch.bfloat16 and grads["weight"].dtype is torch.float32
    assert not wrong(call, grad_output, grads)
    assert wrong(call, grad_output, {"weight": -grads["weight"]})


def test_a_nan_where_torch_has_a_number_is_not_fine_and_an_overflow_is() -> None:
    x = torch.tensor([[3e38, 3e38]])
    weight = torch.ones(1, 2)
    call = Call("linear", {"input": x, "weight": weight}, {}, F.linear(x, weight))
    verdict = compare_whole(explain.whole(call), call.output, x, weight)
    assert call.output.item() == math.inf and verdict.fine.all() and verdict.beyond.all()
    hand = Hand(np.array([math.nan]), np.array([1.0]))
    assert not compare_whole(hand, torch.ones(1)).fine.any()


def test_an_overflow_beside_an_infinity_is_fine_and_another_number_beside_it_is_not() -> None:
    x, wrong = torch.tensor([[math.inf, 3e30]]), torch.tensor([[math.nan]])
    for factor, overflows in ((-1e10, True), (-0.5, False)):
        weight = torch.tensor([[1.0, factor]])
        assert bool(F.linear(x, weight).isnan()) == overflows
        call = Call("linear", {"input": x, "weight": weight}, {}, wrong)
        assert compare_whole(explain.whole(call), wrong, x, weight).fine.all() == overflows


def test_a_cell_that_overflows_is_fine_whatever_its_neighbours_are() -> None:
    x = torch.tensor([math.inf, math.nan, 2e38])
    call = Call("mul", {"input": x}, {"other": 1e30}, x * 1e30)
    verdict = compare_whole(explain.whole(call), call.output, x)
    assert verdict.fine.all() and verdict.beyond.tolist() == [False, False, True]
    assert compare_whole(explain.whole(call), torch.tensor([math.inf, math.nan, 1.0]), x).fine.tolist() == [
        True,
        True,
        False,
    ]


def test_a_mean_over_nothing_is_nan() -> None:
    x = torch.randn(2, 3)
    for target in (torch.tensor([-100, -100]), torch.empty(0, dtype=torch.long)):
        rows = x[: len(target)]
        call = Call("nll_loss", {"input": rows, "target": target}, {}, F.nll_loss(rows, target))
        assert math.isnan(explain.whole(call).numbers) and not wrong(call, torch.ones(()), {})


def test_what_is_not_written_out_has_no_hand_value() -> None:
    _, recorded = run(torch.erf, numbers((2,), torch.float32, 0))
    assert explain.whole(recorded.call) is None
    assert explain.whole_gradient(recorded.call, "input", torch.ones(2)) is None


def test_complex_numbers_are_not_written_out() -> None:
    x = torch.randn(2, 3, dtype=torch.complex64)
    call = Call("linear", {"input": x, "weight": x}, {}, F.linear(x, x))
    assert explain.whole(call) is None and explain.value(call, (0, 0)) is None
