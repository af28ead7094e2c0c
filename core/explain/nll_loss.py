"""``nll_loss``: −x[n, target_n], averaged; it expects log-probabilities and only reads the target's."""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor

from core.ops.places import cell
from core.ops.records import Call, Explanation, Factor, Term
from core.ops.terms import over_nothing, passed, quotient, summed, total

VALUE = r"L = -\frac{1}{\sum_n w_{t_n}}\sum_n w_{t_n}\,x_{n,t_n}"
SUMMED = r"L = -\sum_n w_{t_n}\,x_{n,t_n}"
GRADIENT = r"\frac{\partial L}{\partial x_{n,c}} = -\,g\,\frac{w_c\,[\,c = t_n\,]}{\sum_n w_{t_n}}"

Index = tuple[int, ...]


def targets(call: Call) -> Iterator[tuple[Index, int, float]]:
    """Yield (cell of the target, its class, its weight) for every example that is not ignored."""
    target, weight = call.tensors["target"], call.tensors.get("weight")
    for place in range(target.numel()):
        where = cell(place, target.shape)
        label = int(target[where].item())
        if label != call.options.get("ignore_index", -100):
            yield where, label, 1.0 if weight is None else weight[label].item()


def picked(x: Tensor, where: Index, label: int) -> Index:
    """Return the cell of ``x`` (N, C, ...) or (C) for class ``label`` of the example at ``where``."""
    return (label,) if x.dim() == 1 else (where[0], label, *where[1:])


def example_of(x: Tensor, index: Index) -> tuple[Index, int]:
    """Split a cell of ``x`` into (the place of its example in the target, its class)."""
    return ((), index[0]) if x.dim() == 1 else ((index[0], *index[2:]), index[1])


def divisor(call: Call) -> float:
    """Return what the sum is divided by: the sum of the weights for "mean", 1 for "sum" and "none"."""
    if call.options.get("reduction", "mean") != "mean":
        return 1.0
    return summed(weight for _, _, weight in targets(call))


def value(call: Call, index: Index) -> Explanation:
    """Open the loss: one log-probability an example, weighted and averaged.

    With reduction "none" the loss has the target's shape and ``index`` chooses an example. The mean over nothing
    (every example ignored, or weights that add to 0) is nan or infinite, as torch has it.
    """
    x, n = call.tensors["input"], divisor(call)
    terms, weighted = [], []
    for where, label, weight in targets(call):
        if call.options.get("reduction", "mean") == "none" and where != index:
            continue
        place = picked(x, where, label)
        own = Factor("x", x[place].item(), "input", place)
        share = Factor("−w/Σw", quotient(-weight, n), "target", where)
        terms.append(Term((share, own), share.value * own.value))
        weighted.append(-weight * own.value)
    mean = call.options.get("reduction", "mean") == "mean"
    opened = total("output", index, VALUE if mean else SUMMED, terms, call.output)
    return opened if n else over_nothing(opened, summed(weighted))


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: Index) -> Explanation:
    """Open element ``index`` of the input's gradient: −g·w/Σw at the target's class, 0 elsewhere."""
    x, n = call.tensors["input"], divisor(call)
    where, label = example_of(x, index)
    given = {place: (target, weight) for place, target, weight in targets(call)}
    target, weight = given.get(where, (-1, 0.0))
    at = where if call.options.get("reduction", "mean") == "none" else ()
    g = Factor("g", grad_output[at].item(), "grad_output", at)
    if label != target:  # not read, so nothing comes back, whatever arrived
        return total(which, index, GRADIENT, [passed(Term((g,), g.value), "[c = t]", False, "target", where)], grad)
    hit = Factor("−w·[c = t]/Σw", quotient(-weight, n), "target", where)
    return total(which, index, GRADIENT, [Term((g, hit), g.value * hit.value)], grad)
