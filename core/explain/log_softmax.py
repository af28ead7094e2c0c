"""``log_softmax``: y_i = x_i − log Σ_j e^{x_j}, computed from x − max(x) so that no exponential overflows."""

from __future__ import annotations

import math
from dataclasses import replace

from torch import Tensor

from core.ops.latex import added, number
from core.ops.records import Call, Explanation, Factor, Term
from core.ops.terms import summed, total

VALUE = r"y_i = x_i - m - \log\sum_j e^{x_j - m},\qquad m = \max_j x_j"
GRADIENT = r"\frac{\partial L}{\partial x_i} = g_i - p_i \sum_j g_j,\qquad p_i = e^{y_i}"


def row(x: Tensor, index: tuple[int, ...], dim: int) -> list[tuple[int, ...]]:
    """Return the cells that share every index of ``index`` but the one along ``dim``."""
    if not x.dim():
        return [()]
    dim %= x.dim()
    return [(*index[:dim], j, *index[dim + 1 :]) for j in range(x.shape[dim])]


def exponentials(x: Tensor, cells: list[tuple[int, ...]]) -> tuple[float, list[Term]]:
    """Return m = max x over ``cells``, and e^(x − m) of each as a term."""
    numbers = [x[cell].item() for cell in cells]
    m = max(numbers)
    return m, [
        Term((Factor("exp(x − m)", math.exp(n - m), "input", cell),), math.exp(n - m))
        for n, cell in zip(numbers, cells, strict=True)
    ]


def dimension(call: Call) -> int:
    """Return ``dim``; without one, torch takes 0 for 0, 1 and 3 dimensions and 1 otherwise."""
    dim = call.options.get("dim", call.options.get("arg1"))
    return int(dim) if dim is not None else int(call.tensors["input"].dim() not in (0, 1, 3))


def value(call: Call, index: tuple[int, ...]) -> Explanation:
    """Open output element ``index``: the exponentials of its row, their sum's logarithm, the difference."""
    x = call.tensors["input"]
    m, terms = exponentials(x, row(x, index, dimension(call)))
    parts = [term.value for term in terms]
    whole, own = summed(parts), x[index].item()
    steps = (
        rf"m = {number(m)}",
        rf"\sum_j e^{{x_j - m}} = {added(parts)} = {number(whole)}",
        rf"y = {number(own)} - ({number(m)}) - \log {number(whole)} = {number(own - m - math.log(whole))}",
    )
    result = own - m - math.log(whole)
    scale = abs(own) + abs(m) + abs(math.log(whole)) + 1
    return Explanation(
        "output", index, VALUE, tuple(terms), result, call.output[index].item(), "steps", steps, scale
    )


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]) -> Explanation:
    """Open element ``index`` of the input's gradient: its own g, less its share p of the sum of the row's g."""
    x = call.tensors["input"]
    cells = row(x, index, dimension(call))
    m, powers = exponentials(x, cells)
    p = math.exp(x[index].item() - m) / summed(term.value for term in powers)
    share = Factor("−p", -p, "output", index)
    own = Factor("g", grad_output[index].item(), "grad_output", index)
    terms = [Term((own,), own.value)]
    for cell in cells:
        g = Factor("g", grad_output[cell].item(), "grad_output", cell)
        terms.append(Term((share, g), -p * g.value))
    opened = spread(total(which, index, GRADIENT, terms, grad), x, cells)
    return replace(opened, peak=sum(abs(term.factors[-1].value) for term in terms[1:]))


def spread(opened: Explanation, x: Tensor, cells: list[tuple[int, ...]]) -> Explanation:
    """Return ``opened`` with a scale for sums of eˣ: an exponent's own rounding counts |x − m| times."""
    numbers = [number for cell in cells if math.isfinite(number := x[cell].item())] or [0.0]
    widest = max(numbers) - min(numbers)
    return replace(opened, scale=opened.magnitude * (1 + max(map(abs, numbers)) + widest))
