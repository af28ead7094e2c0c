"""The written-out arithmetic of pooling against torch's values, winners and gradients."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ops import explain, max_pooling
from core.ops.explanation import Call
from tests.examples import up_to

LAYERS = {"max_pool2d": F.max_pool2d, "avg_pool2d": F.avg_pool2d, "adaptive_avg_pool2d": F.adaptive_avg_pool2d}


@st.composite
def calls(draw: st.DrawFn, name: str) -> tuple[Call, random.Random]:
    """A random pooling of random numbers, ties included."""
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**16)))
    lead = draw(st.sampled_from([(2,), (1, 2), (2, 1)]))
    size = (draw(st.integers(4, 8)), draw(st.integers(4, 8)))
    x = torch.randn((*lead, *size), generator=generator, dtype=torch.float64)
    if draw(st.booleans()):
        x = x.round()  # equal numbers in one window
    options: dict[str, Any] = {}
    if name == "adaptive_avg_pool2d":
        options["output_size"] = (draw(st.integers(1, 9)), draw(st.integers(1, 9)))
    else:
        kernel = (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
        options = {
            "kernel_size": kernel,
            "stride": draw(st.sampled_from([None, 1, (2, 3), (3, 2)])),
            "padding": (draw(st.integers(0, kernel[0] // 2)), draw(st.integers(0, kernel[1] // 2))),
            "ceil_mode": draw(st.booleans()),
        }
    if name == "avg_pool2d":
        options["count_include_pad"] = draw(st.booleans())
        options["divisor_override"] = draw(st.sampled_from([None, 3]))
    x.requires_grad_()
    call = Call(name, {"input": x}, options, LAYERS[name](x, **options))
    return call, random.Random(draw(st.integers(0, 2**16)))


@pytest.mark.parametrize("name", LAYERS)
@given(data=st.data())
@settings(max_examples=up_to(60))
def test_every_written_out_value_and_gradient_is_torchs(name: str, data: st.DataObject) -> None:
    call, pick = data.draw(calls(name))
    x = call.tensors["input"]
    index = tuple(pick.randrange(size) for size in call.output.shape)
    explanation = explain.value(call, index)
    assert explanation is not None
    assert explanation.difference <= 1e-12 * (1 + abs(explanation.result))
    grad_output = torch.randn(call.output.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    (grad,) = torch.autograd.grad(call.output, [x], grad_output)
    for _ in range(4):
        cell = tuple(pick.randrange(size) for size in x.shape)
        gradient = explain.gradient(call, "input", grad_output, grad, cell)
        assert gradient is not None
        assert gradient.difference <= 1e-12 * (1 + sum(abs(term.value) for term in gradient.terms))


@given(data=st.data())
@settings(max_examples=up_to(40))
def test_the_winner_is_the_one_torch_names(data: st.DataObject) -> None:
    call, pick = data.draw(calls("max_pool2d"))
    _, indices = F.max_pool2d(call.tensors["input"], **call.options, return_indices=True)
    *lead, i, j = (pick.randrange(size) for size in indices.shape)
    width = call.tensors["input"].shape[-1]
    assert max_pooling.winner(call, tuple(lead), (i, j)) == divmod(indices[(*lead, i, j)].item(), width)


def test_a_dilated_window_that_lies_in_the_padding_alone_has_no_winner_and_gives_minus_infinity() -> None:
    options = {"kernel_size": 2, "stride": 1, "padding": 1, "dilation": 3}  # columns -1 and 2 of an input of 2
    x = torch.zeros(1, 1, 4, 2)
    call = Call("max_pool2d", {"input": x}, options, F.max_pool2d(x, **options))
    explanation = explain.value(call, (0, 0, 1, 0))
    assert explanation is not None
    assert explanation.result == explanation.torch_value == -math.inf


def test_a_max_pooling_worked_by_hand() -> None:
    # window 1 7 / 3 2: 7 wins and takes the whole gradient 5; the rest get 0
    x = torch.tensor([[[1.0, 7.0], [3.0, 2.0]]], requires_grad=True)
    call = Call("max_pool2d", {"input": x}, {"kernel_size": 2}, F.max_pool2d(x, 2))
    explanation = explain.value(call, (0, 0, 0))
    assert explanation is not None
    assert [term.note for term in explanation.terms] == ["", "winner", "", ""]
    g = torch.full((1, 1, 1), 5.0)
    (grad,) = torch.autograd.grad(call.output, [x], g)
    results = [explain.gradient(call, "input", g, grad, (0, a, b)) for a in (0, 1) for b in (0, 1)]
    assert [r.result for r in results if r] == [0, 5, 0, 0] == grad.flatten().tolist()
