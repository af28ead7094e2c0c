"""log_softmax, nll_loss, cross_entropy and mse_loss opened up, value and gradient."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ops import explain
from tests.examples import up_to
from tests.explaining import DTYPES, both_hold, gradient_holds, numbers, run

REDUCTIONS = st.sampled_from(["mean", "sum", "none"])


@settings(max_examples=up_to(40))
@given(st.data(), st.lists(st.integers(1, 5), min_size=1, max_size=3), DTYPES, st.integers(0, 99))
def test_log_softmax_at_a_random_cell_is_torchs(data, shape, dtype, seed) -> None:
    dim = data.draw(st.integers(-len(shape), len(shape) - 1))
    both_hold(data.draw, lambda x: F.log_softmax(x * 10, dim), numbers(shape, dtype, seed))


@settings(max_examples=up_to(80))
@given(
    st.data(),
    st.sampled_from([F.nll_loss, F.cross_entropy]),
    st.sampled_from([(5,), (3, 5), (2, 4, 3)]),
    REDUCTIONS,
    st.booleans(),
    DTYPES,
    st.integers(0, 99),
)
def test_nll_and_cross_entropy_at_a_random_cell_are_torchs(
    data, loss, shape, reduction, weighted, dtype, seed
) -> None:
    classes = shape[0] if len(shape) == 1 else shape[1]
    sizes = () if len(shape) == 1 else (shape[0], *shape[2:])
    generator = torch.Generator().manual_seed(seed)
    target = torch.randint(0, classes, sizes, generator=generator)
    if target.numel() > 1 and data.draw(st.booleans()):
        target.view(-1)[0] = -100  # ignored
    weight = torch.rand(classes, dtype=dtype, generator=generator) + 0.1 if weighted else None
    both_hold(data.draw, lambda x: loss(x, target, weight, reduction=reduction), numbers(shape, dtype, seed))


@settings(max_examples=up_to(40))
@given(st.data(), st.sampled_from([((3, 4), (3, 4)), ((4,), (4,)), ((3, 1), (1, 4))]), REDUCTIONS, DTYPES)
@pytest.mark.filterwarnings("ignore:Using a target size")
def test_mse_at_a_random_cell_is_torchs_for_input_and_target(data, shapes, reduction, dtype) -> None:
    target = numbers(shapes[1], dtype, 5)
    x = numbers(shapes[0], dtype, 6)
    operation = both_hold(data.draw, lambda x: F.mse_loss(x, target, reduction=reduction), x)
    record, operation = run(lambda x: F.mse_loss(x, target, reduction=reduction), x)
    gradient_holds(record, operation, "target", tuple(data.draw(st.integers(0, n - 1)) for n in shapes[1]))


def test_mse_by_hand() -> None:
    # x = (1, 4), t = (3, 1): L = ((1-3)² + (4-1)²) / 2 = (4 + 9) / 2 = 6.5; ∂L/∂x = (2/2)·(-2, 3) = (-2, 3).
    target = torch.tensor([3.0, 1.0])
    _, operation = run(lambda x: F.mse_loss(x, target), torch.tensor([1.0, 4.0], requires_grad=True))
    explanation = explain.value(operation.call, ())
    assert explanation.result == 6.5 and [term.value for term in explanation.terms] == [2.0, 4.5]
    grad = torch.tensor([-2.0, 3.0])
    gradients = [explain.gradient(operation.call, "input", torch.tensor(1.0), grad, (i,)).result for i in range(2)]
    assert gradients == [-2, 3]


def test_cross_entropy_of_equal_scores_by_hand() -> None:
    # Two equal scores: p = 1/2 each, so L = −log(1/2) = log 2, and the gradient is (1/2 − 1, 1/2).
    x, target = torch.zeros(1, 2, dtype=torch.float64, requires_grad=True), torch.tensor([0])
    record, operation = run(lambda x: F.cross_entropy(x, target), x)
    assert explain.value(operation.call, ()).result == pytest.approx(math.log(2))
    one = torch.tensor(1.0)
    gradients = [explain.gradient(operation.call, "input", one, record.gradients[0], (0, c)).result for c in (0, 1)]
    assert gradients == pytest.approx([-0.5, 0.5])


def test_log_softmax_of_large_scores_does_not_overflow() -> None:
    _, operation = run(lambda x: F.log_softmax(x, 0), torch.tensor([1000.0, 0.0], requires_grad=True))
    assert explain.value(operation.call, (1,)).result == -1000


def test_what_is_not_written_out_says_so() -> None:
    shares = torch.tensor([[0.5, 0.25, 0.25]])
    _, operation = run(lambda x: F.cross_entropy(x, shares), numbers((1, 3), torch.float32, 0))
    assert explain.value(operation.call, ()) is None
    _, operation = run(torch.sinh, numbers((2,), torch.float32, 0))
    assert explain.value(operation.call, (0,)) is None


@pytest.mark.parametrize("loss", [F.nll_loss, F.cross_entropy])
@pytest.mark.parametrize(
    ("target", "weight"),
    [([-100, -100], None), ([0, 1], [0.0, 0.0]), ([0, 1], [1.0, -1.0]), ([0, -100], [0.0, 2.0])],
)
def test_a_mean_over_nothing_is_what_torch_makes_of_it(loss, target, weight) -> None:
    """Every example ignored, or weights that add to 0: nan or infinite in torch, and by hand."""
    x = torch.tensor([[0.5, 2.0], [1.0, -1.0]], requires_grad=True)
    weights = None if weight is None else torch.tensor(weight)
    _, operation = run(lambda each: loss(each, torch.tensor(target), weights), x)
    loss(x, torch.tensor(target), weights).backward()
    explanation = explain.value(operation.call, ())
    assert not math.isfinite(explanation.torch_value) and explanation.difference == 0
    for index in [(0, 0), (0, 1), (1, 0), (1, 1)]:
        slope = explain.gradient(operation.call, "input", torch.tensor(1.0), x.grad, index)
        assert slope.difference < 1e-6, (index, slope)


@pytest.mark.parametrize("weight", [[0.0, 0.0], [1.0, -1.0]])
def test_weights_of_mse_that_add_to_nothing_are_what_torch_makes_of_them(weight) -> None:
    x, target = torch.tensor([0.5, 2.0], requires_grad=True), torch.ones(2)
    _, operation = run(lambda each: F.mse_loss(each, target, weight=torch.tensor(weight)), x)
    F.mse_loss(x, target, weight=torch.tensor(weight)).backward()
    explanation = explain.value(operation.call, ())
    assert not math.isfinite(explanation.torch_value) and explanation.difference == 0
    slopes = [explain.gradient(operation.call, "input", torch.tensor(1.0), x.grad, (i,)) for i in (0, 1)]
    assert [slope.difference for slope in slopes] == [0, 0]
