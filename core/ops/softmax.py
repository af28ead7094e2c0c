"""``softmax``: y_i = e^{x_i} / Σ_j e^{x_j} along one dimension, computed from x − max(x) as in ``log_softmax``."""

from __future__ import annotations

import math

import numpy as np
from torch import Tensor

from core.errors import N_
from core.ops.definition import Definition
from core.ops.explanation import Call, Explanation, Factor, Term
from core.ops.latex import added, number
from core.ops.log_softmax import (
    ARGUMENTS,
    along,
    dimension,
    exponentials,
    layer_call,
    layer_formula,
    layer_lines,
    length,
    logarithms,
    row,
    spread,
    widest,
)
from core.ops.operator import Operator, Surprise
from core.ops.terms import summed, total
from core.ops.whole import Array, Hand, array, largest

VALUE = r"y_i = \frac{e^{x_i - m}}{\sum_j e^{x_j - m}},\qquad m = \max_j x_j"
GRADIENT = r"\frac{\partial L}{\partial x_i} = y_i\Big(g_i - \sum_j g_j\,y_j\Big)"


def value(call: Call, index: tuple[int, ...]) -> Explanation:
    """Open output element ``index``: the exponentials along ``dim``, and this one's share of their sum."""
    x = call.tensors["input"]
    m, terms = exponentials(x, row(x, index, dimension(call)))
    parts = [term.value for term in terms]
    own, whole = math.exp(x[index].item() - m), summed(parts)
    steps = (
        rf"m = {number(m)}",
        rf"\sum_j e^{{x_j - m}} = {added(parts)} = {number(whole)}",
        rf"y = \frac{{{number(own)}}}{{{number(whole)}}} = {number(own / whole)}",
    )
    torch_value, scale = call.output[index].item(), own / whole * (2 + abs(x[index].item()) + abs(m))
    return Explanation("output", index, VALUE, tuple(terms), own / whole, torch_value, "steps", steps, scale)


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]) -> Explanation:
    """Open element ``index`` of the input's gradient: y·g of its own, less y times the sum of all g·y."""
    x = call.tensors["input"]
    cells = row(x, index, dimension(call))
    _, powers = exponentials(x, cells)
    whole = summed(term.value for term in powers)
    shares = {cell: term.value / whole for cell, term in zip(cells, powers, strict=True)}
    own = Factor("y", shares[index], "output", index)
    g = Factor("g", grad_output[index].item(), "grad_output", index)
    terms = [Term((own, g), own.value * g.value)]
    minus = Factor("−y", -own.value, "output", index)
    for cell, share in shares.items():
        g = Factor("g", grad_output[cell].item(), "grad_output", cell)
        terms.append(Term((minus, g, Factor("y", share, "output", cell)), minus.value * g.value * share))
    return spread(total(which, index, GRADIENT, terms, grad), x, cells)


def whole(call: Call) -> Hand:
    """e^(x − m) / Σ e^(x − m)"""
    dim = dimension(call)
    y, unit = logarithms(array(call.tensors["input"]), dim)
    return Hand(np.exp(y), np.exp(y) * unit, length(call, dim))


def whole_gradient(call: Call, _which: str, g: Array) -> Hand:
    """y (g − Σ g y)"""
    dim = dimension(call)
    powers, unit = logarithms(array(call.tensors["input"]), dim)
    y = np.exp(powers)
    numbers = y * g - y * along(g * y, dim)
    scale = (np.abs(y * g) + y * along(np.abs(g) * y, dim)) * widest(unit)
    return Hand(np.asarray(numbers), np.asarray(scale), length(call, dim) + 1, largest(g))


OPERATOR = Operator(
    "Softmax",
    "torch.nn.Softmax",
    "activations",
    "nn.Softmax(dim=None)",
    N_("Turns numbers into shares that are positive and add up to 1 along dim."),
    "torch.nn.Softmax",
    ARGUMENTS,
    lambda values: layer_lines({**values, "layer": "Softmax"}),
    layer_formula,
    lambda names, values: layer_call("softmax", names, values),
    Surprise(
        N_("Logits (N, classes) go through softmax with dim=0 by mistake. Then…"),
        {
            "error": N_("PyTorch refuses"),
            "columns": N_("each class adds up to 1 over the batch, and no error is raised"),
            "same": N_("the result is the same as with dim=1"),
        },
        "columns",
        "import torch\n\nscores = torch.tensor([[1.0, 2.0, 3.0], [3.0, 2.0, 0.0]])\nfor dim in (1, 0):\n"
        "    p = scores.softmax(dim)\n    print(f'dim={dim}')\n    print(p)\n"
        "    print('  rows add up to', p.sum(1), ' columns to', p.sum(0))\n",
        N_("dim says along which dimension the shares add up to 1. With dim=0 each example depends on the others."),
    ),
)


OPERATIONS = (
    Definition(
        ("softmax",),
        value,
        gradient,
        whole,
        whole_gradient,
        N_("Turns logits into probabilities: each eˣ divided by the sum of all eˣ."),
        {"SoftmaxBackward": N_("softmax: sends p · (g − Σ p·g).")},
        operators=(OPERATOR,),
    ),
)
