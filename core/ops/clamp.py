"""``clamp`` and its relatives: y = min(max(x, min), max); the gradient passes between the limits.

Whether it passes at a limit, and for a nan, differs between ``clamp`` and ``hardtanh`` and from one release of
PyTorch to another, so the torch that is installed is asked once.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from core.errors import N_
from core.ops.definition import by_recipe
from core.ops.explanation import Call, Explanation, Factor, Term
from core.ops.terms import passed, product, total
from core.ops.whole import Array, Hand, array, exact_hand

VALUE = r"y = \min(\max(x,\,\mathrm{min}),\,\mathrm{max})"
GRADIENT = r"\frac{\partial L}{\partial x} = g\cdot[\,\mathrm{min} %s x %s \mathrm{max}\,]"

FUNCTIONS: dict[str, Callable[[Tensor, Any, Any], Tensor]] = {  # (x, min, max) -> y, a limit of None being none
    "clamp": torch.clamp,
    "clip": torch.clip,
    "clamp_min": lambda x, low, _: torch.clamp_min(x, low),
    "clamp_max": lambda x, _, high: torch.clamp_max(x, high),
    "hardtanh": F.hardtanh,
    "relu6": lambda x, *_: F.relu6(x),
}


@dataclass(frozen=True)
class Limits:
    """The limits of one call, rounded as they are compared, None where not given; and whether g passes at them."""

    low: float | None
    high: float | None
    at_low: bool
    at_high: bool
    nan: bool

    def passes(self, x: float) -> bool:
        """Return whether the gradient reaches an input of ``x``."""
        if math.isnan(x):
            return self.nan
        above = self.low is None or x > self.low or (self.at_low and x == self.low)
        return above and (self.high is None or x < self.high or (self.at_high and x == self.high))

    def clamped(self, x: float) -> float:
        """Return ``x`` or the limit that it would cross; nan where any of them is."""
        ends = [x, *(end for end in (self.low, self.high) if end is not None)]
        if any(map(math.isnan, ends)):
            return math.nan
        raised = x if self.low is None else max(x, self.low)
        return raised if self.high is None else min(raised, self.high)

    @property
    def signs(self) -> tuple[str, str]:
        """The two comparisons of the condition, each < or ≤."""
        return "≤" if self.at_low else "<", "≤" if self.at_high else "<"


@cache
def _passing(name: str, low: bool, high: bool) -> tuple[bool, bool, bool]:
    """Ask torch where ``name`` with these limits passes the gradient on: at the lower, at the upper, for a nan."""
    x = torch.tensor([0.0, 6.0, math.nan], requires_grad=True)
    with torch.enable_grad():
        y = FUNCTIONS[name](x, 0.0 if low else None, 6.0 if high else None)
    (grad,) = torch.autograd.grad(y, x, torch.ones(3))
    at_low, at_high, nan = (bool(passed) for passed in grad.tolist())
    return at_low, at_high, nan


def limits(call: Call) -> Limits | None:
    """Return the limits of ``call``; None when one is a tensor."""
    low, high = _limits(call)
    if isinstance(low, Tensor) or isinstance(high, Tensor):
        return None
    at_low, at_high, nan = _passing(call.name, low is not None, high is not None)
    dtype = call.tensors["input"].dtype
    if call.name in ("hardtanh", "relu6"):  # these compare half and bfloat16 in float32
        dtype = torch.promote_types(dtype, torch.float32)
    return Limits(_rounded(low, dtype), _rounded(high, dtype), at_low, at_high, nan)


def _limits(call: Call) -> tuple[Any, Any]:
    if call.name == "relu6":
        return 0.0, 6.0
    names = {"hardtanh": ("min_val", "max_val")}.get(call.name, ("min", "max"))
    places = {"clamp_min": ("arg1", ""), "clamp_max": ("", "arg1")}.get(call.name, ("arg1", "arg2"))
    arguments = call.options | call.tensors
    standard = (-1.0, 1.0) if call.name == "hardtanh" else (None, None)
    low, high = (arguments.get(a, arguments.get(b, c)) for a, b, c in zip(names, places, standard, strict=True))
    return low, high


def _rounded(end: float | None, dtype: torch.dtype) -> float | None:
    """Return a limit as torch compares with it: rounded to ``dtype``."""
    if end is None:
        return None
    return float(torch.tensor(end, dtype=torch.float64).to(dtype)) if dtype.is_floating_point else float(end)


def value(limits: Limits, call: Call, index: tuple[int, ...]) -> Explanation:
    """Open output element ``index``: the input cell, or the limit that it would cross."""
    term = product(("x", call.tensors["input"], "input", index))
    ends = [("min", limits.low), ("max", limits.high)]
    terms = [term, *(Term((Factor(name, end),), end) for name, end in ends if end is not None)]
    result, torch_value = limits.clamped(term.value), call.output[index].item()
    return Explanation("output", index, VALUE, tuple(terms), result, torch_value, "steps", scale=abs(result))


def gradient(
    limits: Limits, call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]
) -> Explanation:
    """Open element ``index`` of the input's gradient: g between the limits, else 0."""
    x = call.tensors["input"][index].item()
    below, above = limits.signs
    g = product(("g", grad_output, "grad_output", index))
    through = passed(g, f"[min {below} x {above} max]", limits.passes(x), "input", index)
    symbols = {"<": "<", "≤": r"\le"}
    return total(which, index, GRADIENT % (symbols[below], symbols[above]), [through], grad)


def whole(limits: Limits, call: Call) -> Hand:
    """x within the limits"""
    x = array(call.tensors["input"])
    raised = x if limits.low is None else np.maximum(x, limits.low)
    return exact_hand(raised if limits.high is None else np.minimum(raised, limits.high))


def whole_gradient(limits: Limits, call: Call, _which: str, g: Array) -> Hand:
    """g where ``Limits.passes`` says so, else 0"""
    x = array(call.tensors["input"])
    through = np.where(np.isnan(x), limits.nan, True)
    if limits.low is not None:
        through &= np.isnan(x) | (x > limits.low) | (limits.at_low & (x == limits.low))
    if limits.high is not None:
        through &= np.isnan(x) | (x < limits.high) | (limits.at_high & (x == limits.high))
    return exact_hand(np.where(through, g, 0.0))


OPERATIONS = (
    by_recipe(
        *FUNCTIONS,
        recipe=limits,
        value=value,
        gradient=gradient,
        whole=whole,
        whole_gradient=whole_gradient,
        meaning=N_("Numbers beyond a limit become the limit; with min=0 it computes what ReLU computes."),
        nodes={
            "ClampMinBackward": N_("Lets the gradient through above the limit; below it sends 0."),
            "ClampMaxBackward": N_("Lets the gradient through below the limit; above it sends 0."),
            **dict.fromkeys(
                ("ClampBackward", "HardtanhBackward"),
                N_("Lets the gradient through between the limits; beyond them sends 0."),
            ),
        },
    ),
)
