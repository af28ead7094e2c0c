"""Every written-out operation on the numbers that break formulas: nan, infinity, denormals, ties, overflow."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from core.ops import explain
from core.ops.explanation import Call
from core.ops.places import cell
from core.ops.precision import coarsest, compare_cells
from tests.examples import up_to
from tests.ops.calls import TABLE, TYPES, calls


def every_cell(tensor: Tensor) -> list[tuple[int, ...]]:
    return [cell(place, tensor.shape) for place in range(tensor.numel())]


def assert_right(call: Call, grad_output: Tensor, grads: dict[str, Tensor]) -> None:
    explanations = {"output": [explain.value(call, index) for index in every_cell(call.output)]}
    explanations |= {
        which: [explain.gradient(call, which, grad_output, grad, index) for index in every_cell(grad)]
        for which, grad in grads.items()
    }
    tensors = [*call.tensors.values(), grad_output]
    dtype = coarsest([*tensors, call.output])
    for which, cells in explanations.items():
        verdict = compare_cells([each for each in cells if each is not None], dtype, tensors)
        wrong = [cells[i] for i in (~verdict.fine).nonzero()[0]]
        assert not wrong, (which, wrong, call, grad_output)


@pytest.mark.parametrize("name", TABLE)
@given(data=st.data())
@settings(max_examples=up_to(25))
def test_nan_and_infinity_go_through_as_in_torch(name: str, data: st.DataObject) -> None:
    assert_right(*data.draw(calls(name, beyond=False)))


@pytest.mark.parametrize("name", TABLE)
@given(data=st.data())
@settings(max_examples=up_to(25))
def test_the_largest_and_the_smallest_numbers_are_torchs(name: str, data: st.DataObject) -> None:
    assert_right(*data.draw(calls(name, beyond=True)))


@pytest.mark.parametrize("dtype", TYPES[:3])
@pytest.mark.parametrize(("beta", "threshold"), [(0.7, 2.0), (1.3, 1.0), (1.0, 20.0)])
def test_softplus_is_straight_from_the_number_on_from_which_it_is_in_torch(
    dtype: torch.dtype, beta: float, threshold: float
) -> None:
    """torch multiplies and compares in float32: 0.7 · 2.857143 is 2.00000005 in float64, and 2 there."""
    middle = torch.tensor(threshold / beta, dtype=dtype)
    numbers = [torch.nextafter(middle, torch.tensor(end, dtype=dtype)) for end in (-math.inf, math.inf)]
    x = torch.stack([numbers[0], middle, numbers[1]]).requires_grad_()
    options = {"beta": beta, "threshold": threshold}
    y = F.softplus(x, **options)
    (grad,) = torch.autograd.grad(y, x, torch.ones_like(y))
    assert_right(Call("softplus", {"input": x}, options, y), torch.ones_like(y), {"input": grad})
