"""``conv_transpose2d``: every input cell lays its kernel down on the output; its backward is a convolution."""

from __future__ import annotations

import itertools

from torch import Tensor

from core.convolution.axis import Axis, pair
from core.explain.convolution import examples
from core.explain.records import Call, Explanation, Term
from core.explain.terms import product, total

VALUE = r"y_{o,a,b} = \sum_{c}\sum_{\,i s + u d - p = a,\;j s + v d - p = b} x_{c,i,j}\,w_{c,o,u,v} + b_o"
GRADIENTS = {
    "input": r"\frac{\partial L}{\partial x_{c,i,j}} = \sum_{o,u,v} g_{o,\,i s + u d - p,\,j s + v d - p}"
    r"\,w_{c,o,u,v}",
    "weight": r"\frac{\partial L}{\partial w_{c,o,u,v}} = \sum_{n,i,j} g_{n,o,\,i s + u d - p,\,j s + v d - p}"
    r"\,x_{n,c,i,j}",
    "bias": r"\frac{\partial L}{\partial b_o} = \sum_{n,a,b} g_{n,o,a,b}",
}


def axes(call: Call) -> tuple[Axis, Axis]:
    """Return the windows of the convolution that this call transposes: its input is our output."""
    x, weight = call.tensors["input"], call.tensors["weight"]
    stride, dilation = pair(call.options.get("stride", 1)), pair(call.options.get("dilation", 1))
    padding = pair(call.options.get("padding", 0))
    vertical, horizontal = (
        Axis(call.output.shape[d], x.shape[d], weight.shape[d], stride[d], dilation[d], padding[d])
        for d in (-2, -1)
    )
    return vertical, horizontal


def value(call: Call, index: tuple[int, ...]) -> Explanation:
    """Open output element (n, o, a, b): the input cells whose kernel reaches it, each with its weight.

    Shapes: input (N, C, H, W) or (C, H, W), weight (C, O / groups, kH, kW), bias (O) or absent.
    """
    x, weight, bias = call.tensors["input"], call.tensors["weight"], call.tensors.get("bias")
    *lead, o, a, b = index
    vertical, horizontal = axes(call)
    group, inner = divmod(o, weight.shape[1])
    per_group = weight.shape[0] // call.options.get("groups", 1)
    channels = range(group * per_group, (group + 1) * per_group)
    terms = [
        product(("x", x, "input", (*lead, c, i, j)), ("w", weight, "weight", (c, inner, u, v)))
        for c, (i, u), (j, v) in itertools.product(channels, vertical.uses(a), horizontal.uses(b))
    ]
    if bias is not None:
        terms.append(product(("b", bias, "bias", (o,))))
    return total("output", index, VALUE, terms, call.output)


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]) -> Explanation:
    """Open element ``index`` of the gradient of ``which`` ("input", "weight" or "bias"); see ``GRADIENTS``."""
    terms = {"input": _input_terms, "weight": _weight_terms, "bias": _bias_terms}[which](call, grad_output, index)
    return total(which, index, GRADIENTS[which], terms, grad)


def _input_terms(call: Call, g: Tensor, index: tuple[int, ...]) -> list[Term]:
    """Collect g of every output cell on which the input cell's kernel was laid."""
    weight = call.tensors["weight"]
    *lead, c, i, j = index
    vertical, horizontal = axes(call)
    first = c // (weight.shape[0] // call.options.get("groups", 1)) * weight.shape[1]
    cells = itertools.product(range(weight.shape[1]), vertical.window(i), horizontal.window(j))
    return [
        product(("g", g, "grad_output", (*lead, first + o, a, b)), ("w", weight, "weight", (c, o, u, v)))
        for o, (u, a), (v, b) in cells
        if vertical.inside(a) and horizontal.inside(b)
    ]


def _weight_terms(call: Call, g: Tensor, index: tuple[int, ...]) -> list[Term]:
    """Collect every place where the weight was laid: g there times the input cell that laid it."""
    x, weight = call.tensors["input"], call.tensors["weight"]
    c, o, u, v = index
    vertical, horizontal = axes(call)
    channel = c // (weight.shape[0] // call.options.get("groups", 1)) * weight.shape[1] + o
    places = itertools.product(examples(x), vertical.places(u), horizontal.places(v))
    return [
        product(("g", g, "grad_output", (*n, channel, a, b)), ("x", x, "input", (*n, c, i, j)))
        for n, (i, a), (j, b) in places
    ]


def _bias_terms(call: Call, g: Tensor, index: tuple[int, ...]) -> list[Term]:
    """Collect g of every output cell of the bias's channel."""
    places = itertools.product(examples(call.tensors["input"]), range(g.shape[-2]), range(g.shape[-1]))
    return [product(("g", g, "grad_output", (*n, index[0], a, b))) for n, a, b in places]
