"""``mse_loss``: the mean of (x − t)², with gradient 2·(x − t) / n."""

from __future__ import annotations

import itertools

from torch import Tensor

from core.explain.records import Call, Explanation, Factor, Term
from core.explain.terms import total

VALUE = r"L = \frac{1}{n}\sum_i (x_i - t_i)^2"
SUMMED = r"L = \sum_i (x_i - t_i)^2"
SINGLE = r"L_i = (x_i - t_i)^2"
GRADIENT = r"\frac{\partial L}{\partial x_i} = g\,\frac{2}{n}\,(x_i - t_i)"
TARGET_GRADIENT = r"\frac{\partial L}{\partial t_i} = -\,g\,\frac{2}{n}\,(x_i - t_i)"

Index = tuple[int, ...]


def share(call: Call) -> float:
    """Return 1/n for reduction "mean", 1 for "sum" and "none"; n counts the elements after broadcasting."""
    sizes = _shape(call)
    count = 1
    for size in sizes:
        count *= size
    return 1 / count if call.options.get("reduction", "mean") == "mean" else 1.0


def _shape(call: Call) -> Index:
    x, t = call.tensors["input"].shape, call.tensors["target"].shape
    longest = max(len(x), len(t))
    padded = [(1,) * (longest - len(shape)) + tuple(shape) for shape in (x, t)]
    return tuple(max(pair) for pair in zip(*padded, strict=True))


def narrowed(index: Index, tensor: Tensor) -> Index:
    """Return the cell of ``tensor`` that broadcasting puts at ``index``."""
    tail = index[len(index) - tensor.dim() :]
    return tuple(0 if size == 1 else i for i, size in zip(tail, tensor.shape, strict=True))


def _difference(call: Call, index: Index) -> tuple[Factor, Factor]:
    x, t = call.tensors["input"], call.tensors["target"]
    at_x, at_t = narrowed(index, x), narrowed(index, t)
    difference = x[at_x].item() - t[at_t].item()
    return Factor("(x − t)", difference, "input", at_x), Factor("(x − t)", difference, "target", at_t)


def value(call: Call, index: Index) -> Explanation | None:
    """Open the loss: every squared difference and its share; with reduction "none", that of one element."""
    if "weight" in call.tensors:
        return None
    reduction = call.options.get("reduction", "mean")
    places = [index] if reduction == "none" else itertools.product(*map(range, _shape(call)))
    part = share(call)
    terms = []
    for place in places:
        own, other = _difference(call, place)
        factors = (own, other, Factor("1/n", part)) if reduction == "mean" else (own, other)
        terms.append(Term(factors, own.value * other.value * part))
    symbolic = {"mean": VALUE, "sum": SUMMED}.get(reduction, SINGLE)
    return total("output", index, symbolic, terms, call.output)


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: Index) -> Explanation | None:
    """Open element ``index`` of the gradient of "input" or "target"; where one was broadcast, its uses add up."""
    if "weight" in call.tensors:
        return None
    tensor = call.tensors[which]
    sign = 1.0 if which == "input" else -1.0
    part = Factor("2/n" if sign > 0 else "−2/n", sign * 2 * share(call))
    terms = []
    for place in itertools.product(*map(range, _shape(call))):
        if narrowed(place, tensor) != index:
            continue
        at = place if call.options.get("reduction", "mean") == "none" else ()
        g = Factor("g", grad_output[at].item(), "grad_output", at)
        difference = _difference(call, place)[0 if which == "input" else 1]
        terms.append(Term((g, part, difference), g.value * part.value * difference.value))
    return total(which, index, GRADIENT if sign > 0 else TARGET_GRADIENT, terms, grad)
