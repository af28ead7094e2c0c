"""``cross_entropy``: ``log_softmax`` and ``nll_loss`` in one, from raw scores; its gradient is (p − target) / N.

With ``label_smoothing`` ε the target is no single class any more: (1 − ε) of it stays, ε is spread over all C.
"""

from __future__ import annotations

import math

from torch import Tensor

from core.explain.log_softmax import exponentials, row
from core.explain.nll_loss import divisor, example_of, picked, targets
from core.ops.latex import added, number
from core.ops.records import Call, Explanation, Factor, Term
from core.ops.terms import over_nothing, passed, quotient, summed

VALUE = (
    r"L = -\frac{1}{\sum_n w_{t_n}}\sum_n w_{t_n}\,\log p_{n,t_n},"
    r"\qquad p_{n,c} = \frac{e^{x_{n,c}}}{\sum_j e^{x_{n,j}}}"
)
SMOOTHED = (
    r"L = -\frac{1}{\sum_n w_{t_n}}\sum_n \Big((1-\varepsilon)\,w_{t_n}\log p_{n,t_n}"
    r" + \frac{\varepsilon}{C}\sum_c w_c \log p_{n,c}\Big)"
)
SMOOTHED_GRADIENT = (
    r"\frac{\partial L}{\partial x_{n,c}} = \frac{g}{\sum_n w_{t_n}}"
    r"\Big((1-\varepsilon)\,w_{t_n}(p_{n,c} - [\,c = t_n\,])"
    r" + \frac{\varepsilon}{C}\big(p_{n,c}\sum_j w_j - w_c\big)\Big)"
)
GRADIENT = r"\frac{\partial L}{\partial x_{n,c}} = g\,\frac{w_{t_n}}{\sum_n w_{t_n}}\,(p_{n,c} - [\,c = t_n\,])"

Index = tuple[int, ...]


def written_out(call: Call) -> bool:
    """Say whether this call is: class numbers as target, not probabilities."""
    return not call.tensors["target"].is_floating_point()


def smoothing(call: Call) -> float:
    """Return the ε of this call, 0 where none was asked for."""
    return float(call.options.get("label_smoothing", 0.0))


def class_weights(call: Call) -> list[float]:
    """Return the weight of every class: ones where the call has none."""
    x, weight = call.tensors["input"], call.tensors.get("weight")
    return [1.0] * x.shape[0 if x.dim() == 1 else 1] if weight is None else list(map(float, weight.tolist()))


def value(call: Call, index: Index) -> Explanation | None:
    """Open the loss: for each example the log-probability of its class, weighted and averaged.

    With label smoothing every class of the example has its share of ε besides.
    """
    if not written_out(call):
        return None
    x, n, spread, weights = call.tensors["input"], divisor(call), smoothing(call), class_weights(call)
    terms: list[Term] = []
    steps: list[str] = []
    weighted: list[float] = []
    scale = 0.0
    smoothed: list[float] = []
    for where, label, weight in targets(call):
        if call.options.get("reduction", "mean") == "none" and where != index:
            continue
        log_p, lines, unit = _log_probability(x, picked(x, where, label))
        steps.extend(lines)
        scale += abs(quotient(weight, n)) * unit
        own = -(1 - spread) * weight
        share = Factor("−w/Σw" if not spread else "−(1 − ε)·w/Σw", quotient(own, n), "target", where)
        terms.append(_term(share, Factor("log p", log_p, "input", picked(x, where, label))))
        weighted.append(own * log_p)
        for c, of_class in enumerate(weights if spread else ()):
            log_p, _, _ = _log_probability(x, picked(x, where, c))
            own = -spread / len(weights) * of_class
            part = Factor("−(ε/C)·w/Σw", quotient(own, n))
            terms.append(_term(part, Factor("log p", log_p, "input", picked(x, where, c))))
            smoothed.append(own * log_p)
    result = summed(term.value for term in terms)
    symbolic, torch_value = SMOOTHED if spread else VALUE, call.output[index].item()
    opened = Explanation(
        "output", index, symbolic, tuple(terms), result, torch_value, "sum", tuple(steps[:6]), scale
    )
    return opened if n else over_nothing(opened, summed(weighted), *([summed(smoothed)] if spread else []))


def _term(*factors: Factor) -> Term:
    return Term(factors, math.prod(factor.value for factor in factors))


def _log_probability(x: Tensor, place: Index) -> tuple[float, tuple[str, str], float]:
    """Return log p of a cell, the lines that lead to it, and what their rounding errors are relative to."""
    m, powers = exponentials(x, row(x, place, 0 if x.dim() == 1 else 1))
    parts = [term.value for term in powers]
    own, whole = x[place].item(), summed(parts)
    log_p = own - m - math.log(whole)
    shown = (
        rf"\sum_j e^{{x_j - m}} = {added(parts)} = {number(whole)}",
        rf"\log p = {number(own)} - ({number(m)}) - \log {number(whole)} = {number(log_p)}",
    )
    return log_p, shown, 1 + abs(own) + 2 * abs(m) + abs(math.log(whole))


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: Index) -> Explanation | None:
    """Open element ``index`` of the input's gradient: p·g·w/Σw, less g·w/Σw at the target's class."""
    if not written_out(call):
        return None
    x, n, spread, weights = call.tensors["input"], divisor(call), smoothing(call), class_weights(call)
    where, label = example_of(x, index)
    given = {place: (target, weight) for place, target, weight in targets(call)}
    target, weight = given.get(where, (-1, 0.0))
    log_p, lines, unit = _log_probability(x, index)
    at = where if call.options.get("reduction", "mean") == "none" else ()
    g = Factor("g", grad_output[at].item(), "grad_output", at)
    p = Factor("p", math.exp(log_p), "input", index)
    symbolic = SMOOTHED_GRADIENT if spread else GRADIENT
    if where not in given:  # an ignored example: nothing comes back, whatever arrived
        ignored = _term(p, Factor("0", 0.0))
        return Explanation(which, index, symbolic, (ignored,), ignored.value, grad[index].item())
    share = Factor("w/Σw" if not spread else "(1 − ε)·w/Σw", quotient((1 - spread) * weight, n))
    sent = _term(g, share)
    terms = [
        _term(p, g, share),
        passed(Term((Factor("−1", -1.0), *sent.factors), -sent.value), "[c = t]", label == target, "target", where),
    ]
    if spread:
        part = quotient(spread / len(weights), n)
        terms.append(_term(p, g, Factor("(ε/C)·Σⱼw/Σw", part * summed(weights))))
        terms.append(_term(g, Factor("−(ε/C)·w/Σw", -part * weights[label])))
    result = summed(term.value for term in terms)
    scale = unit * sum(abs(term.value) for term in terms)
    return Explanation(which, index, symbolic, tuple(terms), result, grad[index].item(), "sum", lines, scale)
