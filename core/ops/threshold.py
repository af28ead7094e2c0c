"""``threshold``: y = x where x is above the threshold, a constant elsewhere; the gradient passes with x."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from core.errors import N_
from core.ops.definition import Definition
from core.ops.explanation import Call, Explanation, Factor, Term
from core.ops.terms import passed, product, total
from core.ops.whole import Array, Hand, array, exact_hand

VALUE = r"y = x\ \text{if}\ x > \mathrm{threshold},\ \text{else}\ \mathrm{value}"
GRADIENT = r"\frac{\partial L}{\partial x} = g\cdot[\,x > \mathrm{threshold}\,]"


def limit(call: Call) -> float:
    """Return the threshold in the precision in which torch compares with it: float32 for half and bfloat16."""
    threshold = torch.tensor(call.options["threshold"], dtype=torch.float64)
    return float(threshold.to(torch.promote_types(call.tensors["input"].dtype, torch.float32)))


def value(call: Call, index: tuple[int, ...]) -> Explanation:
    """Open output element ``index``: the input cell in the same place, or the constant. A nan stays."""
    term = product(("x", call.tensors["input"], "input", index))
    other = float(call.options["value"])
    contribution = term if not term.value <= limit(call) else Term((Factor("value", other),), other)
    return total("output", index, VALUE, [contribution], call.output)


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]) -> Explanation:
    """Open element ``index`` of the input's gradient: g, or 0 at and below the threshold."""
    x = call.tensors["input"][index].item()
    g = product(("g", grad_output, "grad_output", index))
    through = passed(g, "[x > threshold]", not x <= limit(call), "input", index)
    return total(which, index, GRADIENT, [through], grad)


def whole(call: Call) -> Hand:
    """x above the threshold, else the constant"""
    x = array(call.tensors["input"])
    return exact_hand(np.where(x <= limit(call), float(call.options["value"]), x))


def whole_gradient(call: Call, _which: str, g: Array) -> Hand:
    """g, or 0 at and below the threshold"""
    return exact_hand(np.where(array(call.tensors["input"]) <= limit(call), 0.0, g))


OPERATIONS = (
    Definition(
        (
            "threshold",
            "_threshold",
        ),
        value,
        gradient,
        whole,
        whole_gradient,
        N_("Keeps what is above the threshold and sets the rest to a constant."),
        {
            "ThresholdBackward": N_(
                "Lets the gradient through where x was above the threshold, and blocks it elsewhere."
            )
        },
    ),
)
