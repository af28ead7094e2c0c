"""``conv2d``: y = Σ x·w + b over each window, and what its backward sends to x, w and b."""

from __future__ import annotations

import itertools
import math

from torch import Tensor

from core.ops.records import Call, Explanation, Factor, Term
from core.ops.terms import product, total
from core.windows.axis import Axis, padding_pairs, pair

VALUE = r"y_{o,i,j} = \sum_{c,u,v} x_{c,\,i s + u d - p,\,j s + v d - p}\;w_{o,c,u,v} + b_o"
GRADIENTS = {
    "input": r"\frac{\partial L}{\partial x_{c,a,b}} = \sum_{o}\sum_{\,i s + u d - p = a,\;j s + v d - p = b}"
    r" g_{o,i,j}\,w_{o,c,u,v}",
    "weight": r"\frac{\partial L}{\partial w_{o,c,u,v}} = \sum_{n,i,j} g_{n,o,i,j}"
    r"\,x_{n,c,\,i s + u d - p,\,j s + v d - p}",
    "bias": r"\frac{\partial L}{\partial b_o} = \sum_{n,i,j} g_{n,o,i,j}",
}


Cell = tuple[str, Tensor, str, tuple[int, ...]]  # symbol, tensor, its name, index


def axes(call: Call) -> tuple[Axis, Axis]:
    """Return the vertical and the horizontal window of a ``conv2d`` call; ``same`` and ``valid`` included."""
    x, weight = call.tensors["input"], call.tensors["weight"]
    kernel = (weight.shape[-2], weight.shape[-1])
    stride, dilation = pair(call.options.get("stride", 1)), pair(call.options.get("dilation", 1))
    padding = padding_pairs(call.options.get("padding", 0), kernel, dilation)
    vertical, horizontal = (
        Axis(x.shape[d], call.output.shape[d], kernel[d], stride[d], dilation[d], padding[d][0]) for d in (-2, -1)
    )
    return vertical, horizontal


def value(call: Call, index: tuple[int, ...]) -> Explanation:
    r"""Open output element (n, o, i, j); cells of the padding are terms too, with x = 0 and no place.

    Shapes: input (N, C, H, W) or (C, H, W), weight (O, C / groups, kH, kW), bias (O) or absent.
    """
    x, weight, bias = call.tensors["input"], call.tensors["weight"], call.tensors.get("bias")
    *lead, o, i, j = index
    vertical, horizontal = axes(call)
    per_group = weight.shape[1]
    first = o // (weight.shape[0] // call.options.get("groups", 1)) * per_group
    terms = []
    for c, (u, a), (v, b) in itertools.product(range(per_group), vertical.window(i), horizontal.window(j)):
        if vertical.inside(a) and horizontal.inside(b):
            cell = (*lead, first + c, a, b)
            terms.append(product(("x", x, "input", cell), ("w", weight, "weight", (o, c, u, v))))
        else:
            terms.append(padded(("w", weight, "weight", (o, c, u, v)), call.output[index].item()))
    if bias is not None:
        terms.append(product(("b", bias, "bias", (o,))))
    return total("output", index, VALUE, terms, call.output)


def padded(met: Cell, torch_value: float) -> Term:
    """Return the term of a padded cell, 0 times the cell ``met``.

    0 times infinity is nan, and whether torch multiplies the padding or leaves it out differs between its kernels
    (float32, float64, half): ``torch_value`` tells which it did.
    """
    factor = product(met).factors[0]
    multiplied = not math.isfinite(factor.value) and math.isnan(torch_value)
    return Term((Factor("x", 0.0), factor), math.nan if multiplied else 0.0, "padding")


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]) -> Explanation:
    """Open element ``index`` of the gradient of ``which`` ("input", "weight" or "bias").

    ``GRADIENTS`` holds the equations, with g = ∂L/∂y = ``grad_output``; ``grad`` is torch's, for comparison.
    """
    terms = {"input": _input_terms, "weight": _weight_terms, "bias": _bias_terms}[which](call, grad_output, index)
    if which != "bias" and math.isnan(grad[index].item()):
        terms += _infinite_padding(call, which, grad_output, index)
    return total(which, index, GRADIENTS[which], terms, grad)


def _input_terms(call: Call, g: Tensor, index: tuple[int, ...]) -> list[Term]:
    """Collect every output that the input cell touched: g there times the weight that met it."""
    weight = call.tensors["weight"]
    *lead, c, a, b = index
    vertical, horizontal = axes(call)
    group, inner = divmod(c, weight.shape[1])
    per_group = weight.shape[0] // call.options.get("groups", 1)
    outputs = range(group * per_group, (group + 1) * per_group)
    return [
        product(("g", g, "grad_output", (*lead, o, i, j)), ("w", weight, "weight", (o, inner, u, v)))
        for o, (i, u), (j, v) in itertools.product(outputs, vertical.uses(a), horizontal.uses(b))
    ]


def _weight_terms(call: Call, g: Tensor, index: tuple[int, ...]) -> list[Term]:
    """Collect every place where the weight was used: g of that output times the input it met there."""
    x, weight = call.tensors["input"], call.tensors["weight"]
    o, c, u, v = index
    vertical, horizontal = axes(call)
    channel = o // (weight.shape[0] // call.options.get("groups", 1)) * weight.shape[1] + c
    return [
        product(("g", g, "grad_output", (*n, o, i, j)), ("x", x, "input", (*n, channel, a, b)))
        for n, (i, a), (j, b) in itertools.product(examples(x), vertical.places(u), horizontal.places(v))
    ]


def _infinite_padding(call: Call, which: str, g: Tensor, index: tuple[int, ...]) -> list[Term]:
    """Collect the infinite numbers that met padding alone, where torch's nan says that it multiplied them by 0.

    For the input's gradient the padding is around g, and between its cells where the stride is more than 1.
    """
    weight, (vertical, horizontal) = call.tensors["weight"], axes(call)
    per_group = weight.shape[0] // call.options.get("groups", 1)
    if which == "input":
        *_, c, a, b = index
        group, inner = divmod(c, weight.shape[1])
        met = {(u, v) for (_, u), (_, v) in itertools.product(vertical.uses(a), horizontal.uses(b))}
        cells: list[Cell] = [
            ("w", weight, "weight", (o, inner, u, v))
            for o in range(group * per_group, (group + 1) * per_group)
            for u, v in itertools.product(range(weight.shape[2]), range(weight.shape[3]))
            if (u, v) not in met
        ]
    else:
        o, _, u, v = index
        used = {(i, j) for (i, _), (j, _) in itertools.product(vertical.places(u), horizontal.places(v))}
        cells = [
            ("g", g, "grad_output", (*n, o, i, j))
            for n in examples(call.tensors["input"])
            for i, j in itertools.product(range(g.shape[-2]), range(g.shape[-1]))
            if (i, j) not in used
        ]
    return [padded(cell, math.nan) for cell in cells if not math.isfinite(cell[1][cell[3]].item())]


def _bias_terms(call: Call, g: Tensor, index: tuple[int, ...]) -> list[Term]:
    """Collect g of every output cell of the bias's channel."""
    places = itertools.product(examples(call.tensors["input"]), range(g.shape[-2]), range(g.shape[-1]))
    return [product(("g", g, "grad_output", (*n, index[0], i, j))) for n, i, j in places]


def examples(x: Tensor) -> list[tuple[int, ...]]:
    """Return the index of every example of the batch; one empty index for an unbatched (C, H, W)."""
    return [(n,) for n in range(x.shape[0])] if x.dim() == 4 else [()]
