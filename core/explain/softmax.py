"""``softmax``: y_i = e^{x_i} / Σ_j e^{x_j} along one dimension, computed from x − max(x) as in ``log_softmax``."""

from __future__ import annotations

import math

from torch import Tensor

from core.explain.log_softmax import dimension, exponentials, row, spread
from core.ops.latex import added, number
from core.ops.records import Call, Explanation, Factor, Term
from core.ops.terms import summed, total

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
