"""``adaptive_avg_pool1d``: as many means as were asked for; window o reaches from ⌊o·n/m⌋ to ⌈(o + 1)·n/m⌉."""

from __future__ import annotations

from dataclasses import replace

from torch import Tensor

from core.ops.records import Call, Explanation, Factor, Term
from core.ops.terms import product, total
from core.windows.axis import adaptive_window

VALUE = r"y_o = \frac{1}{n_o}\sum_{i = \lfloor oL/m \rfloor}^{\lceil (o+1)L/m \rceil - 1} x_i"
GRADIENT = r"\frac{\partial L}{\partial x_i} = \sum_{o:\; i \in W_o} \frac{g_o}{n_o}"


def value(call: Call, index: tuple[int, ...]) -> Explanation:
    """Open output element (..., o): the mean of its window."""
    *lead, o = index
    x = call.tensors["input"]
    window = adaptive_window(o, x.shape[-1], call.output.shape[-1])
    terms = [_shared(product(("x", x, "input", (*lead, i))), len(window)) for i in window]
    opened = total("output", index, VALUE, terms, call.output)
    return replace(opened, peak=opened.magnitude * len(window))  # torch adds first and divides then


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]) -> Explanation:
    """Open element (..., i) of the input's gradient: g / n of every window that holds it."""
    *lead, i = index
    length, count = call.tensors["input"].shape[-1], call.output.shape[-1]
    windows = {o: adaptive_window(o, length, count) for o in range(count)}
    terms = [
        _shared(product(("g", grad_output, "grad_output", (*lead, o))), len(window))
        for o, window in windows.items()
        if i in window
    ]
    return total(which, index, GRADIENT, terms, grad)


def _shared(term: Term, count: int) -> Term:
    return Term((*term.factors, Factor("1/n", 1 / count)), term.value / count)
