"""``conv_transpose2d``: every input cell lays its kernel down on the output; its backward is a convolution."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from torch import Tensor

from core.explain.convolution import examples, padded
from core.ops.records import Call, Explanation, Term
from core.ops.terms import product, total
from core.windows.axis import Axis, pair

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
    if math.isnan(call.output[index].item()):
        met = {(c, u, v) for c, (_, u), (_, v) in itertools.product(channels, vertical.uses(a), horizontal.uses(b))}
        terms += _multiplied(
            weight, "weight", [(c, inner, u, v) for c, u, v in _kernels(call, channels) if (c, u, v) not in met]
        )
    return total("output", index, VALUE, terms, call.output)


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]) -> Explanation:
    """Open element ``index`` of the gradient of ``which`` ("input", "weight" or "bias"); see ``GRADIENTS``."""
    terms = {"input": _input_terms, "weight": _weight_terms, "bias": _bias_terms}[which](call, grad_output, index)
    if math.isnan(grad[index].item()):
        terms += _infinite_padding(call, which, index)
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


def _kernels(call: Call, channels: range) -> Iterator[tuple[int, int, int]]:
    """Yield every (channel, row, column) of the kernels of ``channels``."""
    height, width = call.tensors["weight"].shape[2:]
    return itertools.product(channels, range(height), range(width))


def _multiplied(tensor: Tensor, name: str, cells: Sequence[tuple[int, ...]]) -> list[Term]:
    """Return 0 · ∞ for each infinite cell: see ``core.explain.convolution.padded``."""
    infinite = [cell for cell in cells if not math.isfinite(tensor[cell].item())]
    return [padded(("w" if name == "weight" else "x", tensor, name, cell), math.nan) for cell in infinite]


def _infinite_padding(call: Call, which: str, index: tuple[int, ...]) -> list[Term]:
    """Collect the infinite numbers that met the padding around g, where torch's nan says it multiplied them."""
    x, weight, (vertical, horizontal) = call.tensors["input"], call.tensors["weight"], axes(call)
    if which == "input":
        *_, c, i, j = index
        outside = [
            (c, o, u, v)
            for o, (u, a), (v, b) in itertools.product(
                range(weight.shape[1]), vertical.window(i), horizontal.window(j)
            )
            if not (vertical.inside(a) and horizontal.inside(b))
        ]
        return _multiplied(weight, "weight", outside)
    if which == "bias":
        return []
    c, _, u, v = index
    used = {(i, j) for (i, _), (j, _) in itertools.product(vertical.places(u), horizontal.places(v))}
    places = itertools.product(range(x.shape[-2]), range(x.shape[-1]))
    places_outside = [(*n, c, *place) for n, place in itertools.product(examples(x), places) if place not in used]
    return _multiplied(x, "input", places_outside)


def _bias_terms(call: Call, g: Tensor, index: tuple[int, ...]) -> list[Term]:
    """Collect g of every output cell of the bias's channel."""
    places = itertools.product(examples(call.tensors["input"]), range(g.shape[-2]), range(g.shape[-1]))
    return [product(("g", g, "grad_output", (*n, index[0], a, b))) for n, a, b in places]
