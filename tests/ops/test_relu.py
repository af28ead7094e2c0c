"""relu and clamp opened up: the greater of 0 and x, and the mask that its gradient passes."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ops import explain
from tests.examples import up_to
from tests.explaining import DTYPES, both_hold, numbers, run

SHAPES = st.lists(st.integers(1, 5), min_size=1, max_size=4)


@settings(max_examples=up_to(40))
@given(st.data(), SHAPES, DTYPES, st.integers(0, 99))
def test_relu_at_a_random_cell_is_torchs(data, shape, dtype, seed) -> None:
    both_hold(
        data.draw, data.draw(st.sampled_from([F.relu, torch.relu, torch.nn.ReLU()])), numbers(shape, dtype, seed)
    )


@settings(max_examples=up_to(40))
@given(st.data(), SHAPES, DTYPES, st.integers(0, 99), st.booleans())
def test_clamp_at_a_random_cell_is_torchs(data, shape, dtype, seed, upper) -> None:
    x = numbers(shape, dtype, seed)
    both_hold(data.draw, lambda x: x.clamp(min=-0.5, max=0.5 if upper else None), x)


def test_below_zero_the_value_and_the_gradient_are_zero() -> None:
    # x = (-2, 3): y = (0, 3); with g = (5, 7) the gradient is (5·0, 7·1) = (0, 7).
    x = torch.tensor([-2.0, 3.0], requires_grad=True)
    _, relu = run(F.relu, x)
    assert [explain.value(relu.call, (i,)).result for i in range(2)] == [0, 3]
    g, grad = torch.tensor([5.0, 7.0]), torch.tensor([0.0, 7.0])
    explanations = [explain.gradient(relu.call, "input", g, grad, (i,)) for i in range(2)]
    assert [explanation.result for explanation in explanations] == [0, 7]
    assert [factor.value for factor in explanations[1].terms[0].factors] == [7, 1]


def test_at_exactly_zero_no_gradient_passes() -> None:
    x = torch.zeros(1, requires_grad=True)
    record, relu = run(F.relu, x)
    g = record.gradients[relu.outputs[0]]
    assert explain.gradient(relu.call, "input", g, record.gradients[0], (0,)).difference == 0


def test_a_nan_stays_a_nan() -> None:
    _, relu = run(F.relu, torch.tensor([float("nan")], requires_grad=True))
    explanation = explain.value(relu.call, (0,))
    assert explanation.result != explanation.result and explanation.torch_value != explanation.torch_value
