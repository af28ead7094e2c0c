"""``clamp``: y = min(max(x, min), max); its gradient passes where x was within the limits."""

from __future__ import annotations

import math

from torch import Tensor

from core.explain.records import Call, Explanation, Factor, Term
from core.explain.terms import product, total

VALUE = r"y = \min(\max(x,\,\mathrm{min}),\,\mathrm{max})"
GRADIENT = r"\frac{\partial L}{\partial x} = g\cdot[\,\mathrm{min} \le x \le \mathrm{max}\,]"


def limits(call: Call) -> tuple[float, float] | None:
    """Return (min, max) as numbers, infinite where not given; None when a limit is a tensor."""
    low, high = (call.options.get(name, call.options.get(f"arg{i}")) for i, name in enumerate(("min", "max"), 1))
    if "min" in call.tensors or "max" in call.tensors:
        return None
    return (-math.inf if low is None else float(low), math.inf if high is None else float(high))


def value(call: Call, index: tuple[int, ...]) -> Explanation | None:
    """Open output element ``index``: the input cell, or the limit that it would cross."""
    given = limits(call)
    if given is None:
        return None
    low, high = given
    term = product(("x", call.tensors["input"], "input", index))
    terms = [
        term,
        *(Term((Factor(name, end),), end) for name, end in (("min", low), ("max", high)) if abs(end) < math.inf),
    ]
    result = min(max(term.value, low), high)
    return Explanation("output", index, VALUE, tuple(terms), result, call.output[index].item(), "steps")


def gradient(
    call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]
) -> Explanation | None:
    """Open element ``index`` of the input's gradient: g within the limits, the limits included, else 0."""
    given = limits(call)
    if given is None:
        return None
    x = call.tensors["input"][index].item()
    inside = Factor("[min ≤ x ≤ max]", float(given[0] <= x <= given[1]), "input", index)
    g = product(("g", grad_output, "grad_output", index))
    return total(which, index, GRADIENT, [Term((*g.factors, inside), g.value * inside.value)], grad)
