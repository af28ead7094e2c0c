"""``mse_loss``: the mean of (x − t)², with gradient 2·(x − t) / n; with weights w the mean weighted by them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor

from core.ops.records import Call, Explanation, Factor, Term
from core.ops.terms import over_nothing, quotient, summed, total

VALUE = r"L = \frac{1}{n}\sum_i (x_i - t_i)^2"
WEIGHTED = r"L = \frac{1}{\sum_i w_i}\sum_i w_i\,(x_i - t_i)^2"
SUMMED = r"L = \sum_i (x_i - t_i)^2"
SINGLE = r"L_i = (x_i - t_i)^2"
GRADIENT = r"\frac{\partial L}{\partial x_i} = g\,\frac{2}{n}\,(x_i - t_i)"
TARGET_GRADIENT = r"\frac{\partial L}{\partial t_i} = -\,g\,\frac{2}{n}\,(x_i - t_i)"
WEIGHTS = {  # what stands in place of the above when each element has a weight
    VALUE: WEIGHTED,
    SUMMED: r"L = \sum_i w_i\,(x_i - t_i)^2",
    SINGLE: r"L_i = w_i\,(x_i - t_i)^2",
    GRADIENT: r"\frac{\partial L}{\partial x_i} = g\,\frac{2\,w_i}{\sum_j w_j}\,(x_i - t_i)",
    TARGET_GRADIENT: r"\frac{\partial L}{\partial t_i} = -\,g\,\frac{2\,w_i}{\sum_j w_j}\,(x_i - t_i)",
}

Index = tuple[int, ...]


def share(call: Call) -> float:
    """Return 1/n or 1/Σw for reduction "mean", else 1; n counts the elements after broadcasting."""
    if call.options.get("reduction", "mean") != "mean":
        return 1.0
    if "weight" in call.tensors:
        return quotient(1, call.tensors["weight"].double().sum().item())
    return quotient(1, math.prod(_shape(call)))


def _shape(call: Call) -> Index:
    return broadcast(call, "input", "target")


def broadcast(call: Call, *names: str) -> Index:
    """Return the shape that broadcasting gives the tensors ``names``."""
    shapes = [call.tensors[name].shape for name in names]
    return tuple(torch.broadcast_shapes(*shapes))


def places_of(tensor: Tensor, index: Index, shape: Index) -> Iterator[Index]:
    """Yield every place of ``shape`` at which broadcasting puts the cell ``index`` of ``tensor``."""
    ahead = len(shape) - tensor.dim()
    ends = [range(size) for size in shape]
    for d, (i, size) in enumerate(zip(index, tensor.shape, strict=True), ahead):
        ends[d] = range(shape[d]) if size == 1 else range(i, i + 1)
    return itertools.product(*ends)


def narrowed(index: Index, tensor: Tensor) -> Index:
    """Return the cell of ``tensor`` that broadcasting puts at ``index``."""
    tail = index[len(index) - tensor.dim() :]
    return tuple(0 if size == 1 else i for i, size in zip(tail, tensor.shape, strict=True))


def _difference(call: Call, index: Index) -> tuple[Factor, Factor]:
    x, t = call.tensors["input"], call.tensors["target"]
    at_x, at_t = narrowed(index, x), narrowed(index, t)
    difference = x[at_x].item() - t[at_t].item()
    return Factor("(x − t)", difference, "input", at_x), Factor("(x − t)", difference, "target", at_t)


def _weight(call: Call, place: Index) -> tuple[Factor, ...]:
    """Return the weight of the element at ``place``; nothing where the call has no weights."""
    if "weight" not in call.tensors:
        return ()
    weight = call.tensors["weight"]
    at = narrowed(place, weight)
    return (Factor("w", weight[at].item(), "weight", at),)


def _symbolic(call: Call, formula: str) -> str:
    return WEIGHTS[formula] if "weight" in call.tensors else formula


def value(call: Call, index: Index) -> Explanation:
    """Open the loss: every squared difference and its share; with reduction "none", that of one element."""
    reduction = call.options.get("reduction", "mean")
    places = [index] if reduction == "none" else itertools.product(*map(range, _shape(call)))
    part = share(call)
    terms, weighted = [], []
    for place in places:
        own, other = _difference(call, place)
        shares = (Factor("1/Σw" if "weight" in call.tensors else "1/n", part),) if reduction == "mean" else ()
        squared = (own, other, *_weight(call, place))
        weighted.append(math.prod(factor.value for factor in squared))
        terms.append(Term((*squared, *shares), weighted[-1] * part))
    symbolic = {"mean": VALUE, "sum": SUMMED}.get(reduction, SINGLE)
    opened = total("output", index, _symbolic(call, symbolic), terms, call.output)
    opened = replace(opened, peak=summed(map(abs, weighted)))
    return opened if math.isfinite(part) else over_nothing(opened, summed(weighted))


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: Index) -> Explanation | None:
    """Open element ``index`` of the gradient of "input" or "target"; where one was broadcast, its uses add up."""
    if which not in ("input", "target"):
        return None
    tensor = call.tensors[which]
    sign = 1.0 if which == "input" else -1.0
    of_all = "2/Σw" if "weight" in call.tensors else "2/n"
    part = Factor(of_all if sign > 0 else f"−{of_all}", sign * 2 * share(call))
    terms = []
    for place in places_of(tensor, index, _shape(call)):
        at = place if call.options.get("reduction", "mean") == "none" else ()
        g = Factor("g", grad_output[at].item(), "grad_output", at)
        difference = _difference(call, place)[0 if which == "input" else 1]
        factors = (g, *_weight(call, place), part, difference)
        terms.append(Term(factors, math.prod(factor.value for factor in factors)))
    symbolic = _symbolic(call, GRADIENT if sign > 0 else TARGET_GRADIENT)
    return total(which, index, symbolic, terms, grad)
