"""``relu``: y = max(0, x); its gradient passes where x was above 0 and nowhere else."""

from __future__ import annotations

from torch import Tensor

from core.ops.records import Call, Explanation, Factor, Term
from core.ops.terms import passed, product, total

VALUE = r"y = \max(0,\; x)"
GRADIENT = r"\frac{\partial L}{\partial x} = g\cdot[\,x > 0\,]"


def value(call: Call, index: tuple[int, ...]) -> Explanation:
    """Open output element ``index``: the greater of 0 and the input cell in the same place."""
    x = call.tensors["input"]
    term = product(("x", x, "input", index))
    zero = Term((Factor("0", 0.0),), 0.0)
    result = 0.0 if term.value <= 0 else term.value  # written so that a NaN stays one, as in torch
    return Explanation("output", index, VALUE, (zero, term), result, call.output[index].item(), "max")


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]) -> Explanation:
    """Open element ``index`` of the input's gradient: g, or 0 where x ≤ 0. At x = 0 torch chooses 0; nan passes."""
    x = call.tensors["input"][index].item()
    g = product(("g", grad_output, "grad_output", index))
    return total(which, index, GRADIENT, [passed(g, "[x > 0]", not x <= 0, "input", index)], grad)
