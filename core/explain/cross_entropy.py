"""``cross_entropy``: ``log_softmax`` and ``nll_loss`` in one, from raw scores; its gradient is (p − target) / N."""

from __future__ import annotations

import math

from torch import Tensor

from core.explain.latex import added, number
from core.explain.log_softmax import exponentials, row
from core.explain.nll_loss import divisor, example_of, picked, targets
from core.explain.records import Call, Explanation, Factor, Term

VALUE = (
    r"L = -\frac{1}{\sum_n w_{t_n}}\sum_n w_{t_n}\,\log p_{n,t_n},"
    r"\qquad p_{n,c} = \frac{e^{x_{n,c}}}{\sum_j e^{x_{n,j}}}"
)
GRADIENT = r"\frac{\partial L}{\partial x_{n,c}} = g\,\frac{w_{t_n}}{\sum_n w_{t_n}}\,(p_{n,c} - [\,c = t_n\,])"

Index = tuple[int, ...]


def written_out(call: Call) -> bool:
    """Say whether this call is: class numbers as target and no label smoothing."""
    target = call.tensors["target"]
    return not target.is_floating_point() and not call.options.get("label_smoothing", 0.0)


def value(call: Call, index: Index) -> Explanation | None:
    """Open the loss: for each example the log-probability of its class, weighted and averaged."""
    if not written_out(call):
        return None
    x, n = call.tensors["input"], divisor(call)
    terms: list[Term] = []
    steps: list[str] = []
    for where, label, weight in targets(call):
        if call.options.get("reduction", "mean") == "none" and where != index:
            continue
        place = picked(x, where, label)
        log_p, line = _log_probability(x, place)
        share = Factor("−w/Σw", -weight / n, "target", where)
        own = Factor("log p", log_p, "input", place)
        terms.append(Term((share, own), share.value * own.value))
        steps.append(line)
    result = math.fsum(term.value for term in terms)
    torch_value = call.output[index].item()
    return Explanation("output", index, VALUE, tuple(terms), result, torch_value, "sum", tuple(steps[:3]))


def _log_probability(x: Tensor, place: Index) -> tuple[float, str]:
    m, powers = exponentials(x, row(x, place, 0 if x.dim() == 1 else 1))
    parts = [term.value for term in powers]
    own, whole = x[place].item(), math.fsum(parts)
    log_p = own - m - math.log(whole)
    line = rf"\log p = {number(own)} - ({number(m)}) - \log({added(parts)}) = {number(log_p)}"
    return log_p, line


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: Index) -> Explanation | None:
    """Open element ``index`` of the input's gradient: p·g·w/Σw, less g·w/Σw at the target's class."""
    if not written_out(call):
        return None
    x, n = call.tensors["input"], divisor(call)
    where, label = example_of(x, index)
    given = {place: (target, weight) for place, target, weight in targets(call)}
    target, weight = given.get(where, (-1, 0.0))
    log_p, line = _log_probability(x, index)
    at = where if call.options.get("reduction", "mean") == "none" else ()
    g = Factor("g", grad_output[at].item(), "grad_output", at)
    share = Factor("w/Σw", weight / n)
    factors = [
        Factor("p", math.exp(log_p), "input", index),
        Factor("−[c = t]", -float(label == target), "target", where),
    ]
    terms = [Term((factor, g, share), factor.value * g.value * share.value) for factor in factors]
    result = math.fsum(term.value for term in terms)
    return Explanation(which, index, GRADIENT, tuple(terms), result, grad[index].item(), "sum", (line,))
