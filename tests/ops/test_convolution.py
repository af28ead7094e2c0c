"""The written-out sums of convolution and transposed convolution against torch's values and gradients."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from core.ops import explain
from core.ops.explanation import Call, Explanation
from tests.examples import up_to

LAYERS = {"conv2d": F.conv2d, "conv_transpose2d": F.conv_transpose2d}


@st.composite
def calls(draw: st.DrawFn, name: str) -> tuple[Call, random.Random]:
    """A random layer of random numbers: batched or not, with groups, stride, padding, dilation, bias or none."""
    small = st.integers(1, 3)
    groups, dilation = draw(st.integers(1, 2)), (draw(st.integers(1, 2)), draw(st.integers(1, 2)))
    stride, kernel = (draw(small), draw(small)), (draw(small), draw(small))
    options: dict[str, Any] = {"stride": stride, "dilation": dilation, "groups": groups}
    if name == "conv2d":
        options["padding"] = draw(st.sampled_from([0, 1, (2, 0), "valid"] + (["same"] if stride == (1, 1) else [])))
    else:
        options["padding"] = draw(st.sampled_from([0, (1, 0)])) if min(kernel) > 1 else 0
        options["output_padding"] = tuple(
            draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True)
        )
    ins, outs = groups * draw(st.integers(1, 2)), groups * draw(st.integers(1, 2))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**16)))
    dtype = draw(st.sampled_from([torch.float32, torch.float64]))

    def numbers(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator, dtype=dtype).requires_grad_()

    size = (draw(st.integers(5, 7)), draw(st.integers(5, 7)))
    lead = draw(st.sampled_from([(), (1,), (2,)]))
    weight = (outs, ins // groups, *kernel) if name == "conv2d" else (ins, outs // groups, *kernel)
    tensors = {"input": numbers(*lead, ins, *size), "weight": numbers(*weight)}
    if draw(st.booleans()):
        tensors["bias"] = numbers(outs)
    call = Call(name, tensors, options, LAYERS[name](**tensors, **options))
    return call, random.Random(draw(st.integers(0, 2**16)))


def somewhere(tensor: Tensor, pick: random.Random) -> tuple[int, ...]:
    return tuple(pick.randrange(size) for size in tensor.shape)


def close(explanation: Explanation, dtype: torch.dtype) -> bool:
    """To 1e-12 of the terms' size in float64, to a few roundings of float32 in float32."""
    scale = 1 + sum(abs(term.value) for term in explanation.terms)
    return explanation.difference <= (1e-12 if dtype == torch.float64 else 1e-6) * scale


@pytest.mark.parametrize("name", LAYERS)
@given(data=st.data())
@settings(max_examples=up_to(80))
def test_every_written_out_value_and_gradient_is_torchs(name: str, data: st.DataObject) -> None:
    call, pick = data.draw(calls(name))
    index = somewhere(call.output, pick)
    explanation = explain.value(call, index)
    assert explanation is not None
    assert explanation.index == index
    assert close(explanation, call.output.dtype), explanation
    grad_output = torch.randn(
        call.output.shape, generator=torch.Generator().manual_seed(1), dtype=call.output.dtype
    )
    grads = torch.autograd.grad(call.output, list(call.tensors.values()), grad_output)
    for which, grad in zip(call.tensors, grads, strict=True):
        gradient = explain.gradient(call, which, grad_output, grad, somewhere(grad, pick))
        assert gradient is not None
        assert close(gradient, grad.dtype), (which, gradient)


@pytest.mark.parametrize("name", LAYERS)
@given(data=st.data())
@settings(max_examples=up_to(20))
def test_every_factor_names_the_cell_it_came_from(name: str, data: st.DataObject) -> None:
    call, pick = data.draw(calls(name))
    explanation = explain.value(call, somewhere(call.output, pick))
    assert explanation is not None
    for factor in itertools.chain.from_iterable(term.factors for term in explanation.terms):
        if factor.tensor is None:
            assert factor.value == 0.0
        else:
            assert factor.index is not None
            assert call.tensors[factor.tensor][factor.index].item() == factor.value


def test_a_window_worked_by_hand() -> None:
    # x = 0 1 2 / 3 4 5 / 6 7 8, w = 1 2 / 3 4, b = 10, output (1, 0): the window 3 4 / 6 7.
    # 3*1 + 4*2 + 6*3 + 7*4 + 10 = 3 + 8 + 18 + 28 + 10 = 67
    x = torch.arange(9.0).reshape(1, 1, 3, 3)
    w, b = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]]), torch.tensor([10.0])
    call = Call("conv2d", {"input": x, "weight": w, "bias": b}, {}, F.conv2d(x, w, b))
    explanation = explain.value(call, (0, 0, 1, 0))
    assert explanation is not None
    assert [term.value for term in explanation.terms] == [3, 8, 18, 28, 10]
    assert explanation.result == explanation.torch_value == 67


def test_a_cell_of_the_padding_is_a_term_with_zero_and_no_place() -> None:
    x, w = torch.ones(1, 1, 2, 2), torch.full((1, 1, 2, 2), 5.0)
    call = Call("conv2d", {"input": x, "weight": w}, {"padding": "same"}, F.conv2d(x, w, padding="same"))
    explanation = explain.value(call, (0, 0, 1, 1))  # even kernel: "same" pads below and to the right
    assert explanation is not None
    assert [term.note for term in explanation.terms] == ["", "padding", "padding", "padding"]
    assert explanation.result == explanation.torch_value == 5
