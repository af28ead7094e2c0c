"""``dropout`` and the feature dropouts (``Dropout2d``): y = x · mask / (1 − p) in training, y = x otherwise.

A feature dropout draws one number a channel, so its mask is the same over a whole map.
"""

from __future__ import annotations

from torch import Tensor

from core.ops.records import Call, Explanation, Factor, Term
from core.ops.terms import product, total

VALUE = r"y = x\cdot m\cdot\frac{1}{1-p}"
GRADIENT = r"\frac{\partial L}{\partial x} = g\cdot m\cdot\frac{1}{1-p}"
EVAL_VALUE, EVAL_GRADIENT = r"y = x", r"\frac{\partial L}{\partial x} = g"


def training(call: Call) -> bool:
    """Say whether this call drops anything: ``F.dropout`` names it "training", ``torch.dropout`` "train"."""
    return bool(call.options.get("training", call.options.get("train", True)))


def scale(call: Call) -> float:
    """Return 1 / (1 − p), by which what survives grows; with p = 1 nothing survives."""
    p = float(call.options.get("p", 0.5))
    return 0.0 if p == 1 else 1 / (1 - p)


def value(call: Call, index: tuple[int, ...]) -> Explanation:
    """Open output element ``index``: input cell, mask that this run drew, scale."""
    x = call.tensors["input"]
    term = product(("x", x, "input", index))
    if not training(call):
        return total("output", index, EVAL_VALUE, [term], call.output)
    return total("output", index, VALUE, [_dropped(call, term, index)], call.output)


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]) -> Explanation:
    """Open element ``index`` of the input's gradient: g through the same mask and scale."""
    term = product(("g", grad_output, "grad_output", index))
    if not training(call):
        return total(which, index, EVAL_GRADIENT, [term], grad)
    return total(which, index, GRADIENT, [_dropped(call, term, index)], grad)


def _dropped(call: Call, term: Term, index: tuple[int, ...]) -> Term:
    mask = Factor("m", call.saved["mask"][index].item(), "mask", index)
    grown = Factor("1/(1−p)", scale(call))
    note = "" if mask.value else "dropped"
    return Term((*term.factors, mask, grown), term.value * mask.value * grown.value, note)
