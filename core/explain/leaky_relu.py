"""``leaky_relu``: y = x where x is above 0, slope · x elsewhere; the gradient is scaled in the same way."""

from __future__ import annotations

from torch import Tensor

from core.ops.records import Call, Explanation, Factor, Term
from core.ops.terms import product, total

SLOPE = r"s = [\,x > 0\,] + \text{negative\_slope}\cdot[\,x \le 0\,]"
VALUE = rf"y = s\cdot x,\qquad {SLOPE}"
GRADIENT = rf"\frac{{\partial L}}{{\partial x}} = s\cdot g,\qquad {SLOPE}"


def value(call: Call, index: tuple[int, ...]) -> Explanation:
    """Open output element ``index``: the input cell in the same place, times its slope."""
    term = product(("x", call.tensors["input"], "input", index))
    return total("output", index, VALUE, [_sloped(call, term, index)], call.output)


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]) -> Explanation:
    """Open element ``index`` of the input's gradient: g times the slope at x. At x = 0 torch takes the leak."""
    term = product(("g", grad_output, "grad_output", index))
    return total(which, index, GRADIENT, [_sloped(call, term, index)], grad)


def _sloped(call: Call, term: Term, index: tuple[int, ...]) -> Term:
    positive = call.tensors["input"][index].item() > 0
    slope = 1.0 if positive else float(call.options.get("negative_slope", 0.01))
    return Term((Factor("s", slope, "input", index), *term.factors), slope * term.value)
