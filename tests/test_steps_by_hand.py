"""Whole tensors by hand equal torch's, and equal the explanations of their cells."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from core import explain
from core.steps import by_hand
from tests.explaining import numbers, run

WEIGHT = numbers((4, 2, 3, 2), torch.float64, 1)
BIAS = numbers((4,), torch.float64, 2)
LABELS = torch.tensor([1, 0])

OPERATIONS = {
    "conv2d": (lambda x: F.conv2d(x, WEIGHT, BIAS, stride=2, padding=(1, 2), dilation=(1, 2)), (2, 2, 7, 8)),
    "conv2d in groups": (lambda x: F.conv2d(x, WEIGHT, groups=2, padding=1), (1, 4, 5, 5)),
    "conv2d unbatched": (lambda x: F.conv2d(x, WEIGHT, BIAS, padding=(2, 1)), (2, 5, 6)),
    "max_pool2d": (lambda x: F.max_pool2d(x, 3, 2, 1), (2, 3, 7, 7)),
    "avg_pool2d": (lambda x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True), (2, 3, 7, 6)),
    "adaptive_avg_pool2d": (lambda x: F.adaptive_avg_pool2d(x, (3, 2)), (1, 2, 7, 5)),
    "linear": (lambda x: F.linear(x, WEIGHT.view(6, 8), numbers((6,), torch.float64, 3)), (2, 3, 8)),
    "relu": (F.relu, (3, 4)),
    "clamp": (lambda x: x.clamp(-0.3, 0.4), (3, 4)),
    "view": (lambda x: x.view(-1, 6), (2, 3, 4)),
    "flatten": (lambda x: x.flatten(1), (2, 3, 4)),
    "dropout": (lambda x: F.dropout(x, 0.4), (4, 5)),
    "dropout2d": (lambda x: F.dropout2d(x, 0.4), (2, 3, 4, 4)),
    "log_softmax": (lambda x: F.log_softmax(x, 1), (3, 5)),
    "nll_loss": (lambda x: F.nll_loss(x, LABELS), (2, 5)),
    "cross_entropy": (lambda x: F.cross_entropy(x, LABELS, torch.arange(1.0, 6.0, dtype=torch.float64)), (2, 5)),
    "mse_loss": (lambda x: F.mse_loss(x, BIAS.detach().expand(3, 4)), (3, 4)),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_whole_output_and_every_gradient_are_torchs(name: str) -> None:
    operation, shape = OPERATIONS[name]
    record, recorded = run(operation, numbers(shape, torch.float64, 7))
    assert by_hand.difference(by_hand.value(recorded.call), recorded.call.output) < 1e-12
    grads = {which: grad for (index, which), grad in record.contributions.items() if index == recorded.index}
    assert "input" in grads
    for which, grad in grads.items():
        hand = by_hand.gradient(recorded.call, which, record.gradients[recorded.outputs[0]])
        assert hand.shape == grad.shape
        assert by_hand.difference(hand, grad) < 1e-12


@settings(max_examples=40)
@given(st.data(), st.sampled_from(sorted(OPERATIONS)))
def test_a_random_cell_of_the_whole_is_its_explanation(data: st.DataObject, name: str) -> None:
    operation, shape = OPERATIONS[name]
    record, recorded = run(operation, numbers(shape, torch.float64, 7))
    index = tuple(data.draw(st.integers(0, size - 1)) for size in recorded.call.output.shape)
    assert by_hand.value(recorded.call)[index] == pytest.approx(
        explain.value(recorded.call, index).result, abs=1e-12
    )
    grad_output, grad = record.gradients[recorded.outputs[0]], record.contributions[recorded.index, "input"]
    place = tuple(data.draw(st.integers(0, size - 1)) for size in shape)
    opened = explain.gradient(recorded.call, "input", grad_output, grad, place)
    whole = by_hand.gradient(recorded.call, "input", grad_output)
    assert whole[place] == pytest.approx(opened.result, abs=1e-12)


def test_what_is_not_written_out_has_no_hand_value() -> None:
    _, recorded = run(torch.tanh, numbers((2,), torch.float32, 0))
    assert by_hand.value(recorded.call) is None
    assert by_hand.gradient(recorded.call, "input", torch.ones(2)) is None
