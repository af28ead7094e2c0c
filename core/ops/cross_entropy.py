"""``cross_entropy``: ``log_softmax`` and ``nll_loss`` in one, from raw scores; its gradient is (p − target) / N.

With ``label_smoothing`` ε the target is no single class any more: (1 − ε) of it stays, ε is spread over all C.
"""

from __future__ import annotations

import math

import numpy as np
from torch import Tensor

from core.errors import N_
from core.ops.definition import Definition
from core.ops.explanation import Call, Explanation, Factor, Term
from core.ops.latex import added, number
from core.ops.log_softmax import exponentials, logarithms, row
from core.ops.nll_loss import (
    CLASS_ARGUMENTS,
    Labels,
    averaged,
    class_call,
    class_formula,
    class_lines,
    divisor,
    example_of,
    picked,
    targets,
)
from core.ops.operator import Argument, Operator, Surprise
from core.ops.terms import over_nothing, passed, quotient, summed
from core.ops.whole import Array, Hand, largest

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
    """Return whether this call is: class numbers as target, not probabilities."""
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
    explanation = Explanation(
        "output", index, symbolic, tuple(terms), result, torch_value, "sum", tuple(steps[:6]), scale
    )
    return (
        explanation if n else over_nothing(explanation, summed(weighted), *([summed(smoothed)] if spread else []))
    )


def _term(*factors: Factor) -> Term:
    return Term(factors, math.prod(factor.value for factor in factors))


def _log_probability(x: Tensor, place: Index) -> tuple[float, tuple[str, str], float]:
    """Return log p of a cell, the lines that lead to it, and what their rounding errors are relative to."""
    m, powers = exponentials(x, row(x, place, 0 if x.dim() == 1 else 1))
    parts = [term.value for term in powers]
    own, whole = x[place].item(), summed(parts)
    log_p = own - m - math.log(whole)
    lines = (
        rf"\sum_j e^{{x_j - m}} = {added(parts)} = {number(whole)}",
        rf"\log p = {number(own)} - ({number(m)}) - \log {number(whole)} = {number(log_p)}",
    )
    return log_p, lines, 1 + abs(own) + 2 * abs(m) + abs(math.log(whole))


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: Index) -> Explanation | None:
    """Open element ``index`` of the input's gradient: p·g·w/Σw, less g·w/Σw at the target's class."""
    if not written_out(call):
        return None
    x, n, spread, weights = call.tensors["input"], divisor(call), smoothing(call), class_weights(call)
    where, label = example_of(x, index)
    labels = {place: (target, weight) for place, target, weight in targets(call)}
    target, weight = labels.get(where, (-1, 0.0))
    log_p, lines, unit = _log_probability(x, index)
    at = where if call.options.get("reduction", "mean") == "none" else ()
    g = Factor("g", grad_output[at].item(), "grad_output", at)
    p = Factor("p", math.exp(log_p), "input", index)
    symbolic = SMOOTHED_GRADIENT if spread else GRADIENT
    if where not in labels:  # an ignored example: nothing comes back, whatever arrived
        ignored = _term(p, Factor("0", 0.0))
        return Explanation(which, index, symbolic, (ignored,), ignored.value, grad[index].item())
    share = Factor("w/Σw" if not spread else "(1 − ε)·w/Σw", quotient((1 - spread) * weight, n))
    arriving = _term(g, share)
    terms = [
        _term(p, g, share),
        passed(
            Term((Factor("−1", -1.0), *arriving.factors), -arriving.value),
            "[c = t]",
            label == target,
            "target",
            where,
        ),
    ]
    if spread:
        part = quotient(spread / len(weights), n)
        terms.append(_term(p, g, Factor("(ε/C)·Σⱼw/Σw", part * summed(weights))))
        terms.append(_term(g, Factor("−(ε/C)·w/Σw", -part * weights[label])))
    result = summed(term.value for term in terms)
    scale = unit * sum(abs(term.value) for term in terms)
    return Explanation(which, index, symbolic, tuple(terms), result, grad[index].item(), "sum", lines, scale)


def whole(call: Call) -> Hand | None:
    """−Σ w · log p of the target's class, over Σ w; with label smoothing every class has its share"""
    if not written_out(call):
        return None
    labels = Labels(call)
    return averaged(call, labels, *logarithms(labels.x, 1))


def whole_gradient(call: Call, which: str, g: Array) -> Hand | None:
    """p − 1 at the target's class and p elsewhere, times w/Σw; smoothed, (1 − ε) of it and ε of every class"""
    if not written_out(call) or which != "input":
        return None
    labels = Labels(call)
    share, hit = labels.share(g), labels.hit
    log_p, unit = logarithms(labels.x, 1)
    p = np.exp(log_p)
    grad = p * share * (1 - labels.spread) - np.where(hit, share, 0.0) * (1 - labels.spread)
    scale = (p * np.abs(share) + np.where(hit, np.abs(share), 0.0)) * unit
    if labels.spread:
        part = labels.arrived(g) / labels.divisor * labels.spread / labels.classes
        part = np.where(labels.there, part, 0.0)[:, None]
        grad = grad + part * (p * labels.of_class.sum() - labels.broadcast())
        scale = scale + np.abs(part) * (p * np.abs(labels.of_class).sum() + np.abs(labels.broadcast())) * unit
    shape = tuple(call.tensors["input"].shape)
    return Hand(grad.reshape(shape), scale.reshape(shape), labels.classes, largest(g))


OPERATOR = Operator(
    "cross_entropy",
    "torch.nn.functional.cross_entropy",
    "losses",
    "F.cross_entropy(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None,"
    " reduction='mean', label_smoothing=0.0)",
    N_("log_softmax and nll_loss in one. It takes logits."),
    "torch.nn.functional.cross_entropy",
    (*CLASS_ARGUMENTS, Argument("label_smoothing", "float", 0.0, -0.5, 1.5)),
    class_lines,
    class_formula,
    lambda names, values: class_call("cross_entropy", names, values),
    Surprise(
        N_("Someone puts a softmax before cross_entropy. A perfect prediction among 10 classes then costs…"),
        {"0": "0", "1.46": "1.46", "2.3": "2.30"},
        "1.46",
        "import torch\nimport torch.nn.functional as F\n\nscores = torch.zeros(1, 10)\nscores[0, 3] = 100\n"
        "target = torch.tensor([3])\nprint('logits          ', F.cross_entropy(scores, target).item())\n"
        "print('after a softmax ', F.cross_entropy(scores.softmax(1), target).item())\n",
        N_(
            "cross_entropy applies its own softmax. After another one the scores lie in 0 to 1, and no"
            " loss can be small."
        ),
    ),
    loss=True,
    keywords="loss 损失",
)

OPERATIONS = (
    Definition(
        ("cross_entropy",),
        value,
        gradient,
        whole,
        whole_gradient,
        N_("log_softmax and nll_loss in one. It takes logits."),
        {"MaskedFillBackward": N_("The examples that do not count were set to 0: they get no gradient.")},
        operators=(OPERATOR,),
    ),
)
