"""Building blocks of explanations: a term from the cells it came from, an explanation from its terms."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from torch import Tensor

from core.ops.explanation import Explanation, Factor, Term
from core.ops.latex import number


def product(*parts: tuple[str, Tensor, str, tuple[int, ...]]) -> Term:
    """Multiply the cells ``(symbol, tensor, its name, index)`` in float64."""
    factors = tuple(Factor(symbol, tensor[index].item(), name, index) for symbol, tensor, name, index in parts)
    return Term(factors, math.prod(factor.value for factor in factors))


def total(target: str, index: tuple[int, ...], symbolic: str, terms: list[Term], tensor: Tensor) -> Explanation:
    """Add the terms in float64 and set the sum beside ``tensor[index]``."""
    result = summed(term.value for term in terms)
    return Explanation(target, index, symbolic, tuple(terms), result, tensor[index].item())


def passed(term: Term, symbol: str, through: bool, tensor: str, index: tuple[int, ...], note: str = "") -> Term:
    """Let ``term`` through or block it, by the condition that ``symbol`` names in the cell ``tensor[index]``.

    torch selects here and does not multiply: what is blocked is 0, also where it is nan or infinite.
    """
    gate = Factor(symbol, float(through), tensor, index)
    blocked = Term((*term.factors, gate) if math.isfinite(term.value) else (gate,), 0.0, note)
    return Term((*term.factors, gate), term.value, note) if through else blocked


def summed(values: Iterable[float]) -> float:
    """Add without rounding on the way; where infinity or nan is among the values, as tensors do."""
    numbers = list(values)
    if not all(map(math.isfinite, numbers)):
        return sum(numbers)
    try:
        return math.fsum(numbers)
    except OverflowError:  # beyond 1.8e308 on the way: the exact sum may still be a number
        return math.fsum(number * 2.0**-100 for number in numbers) * 2.0**100


def root(x: float) -> float:
    """Return √x as tensors have it: nan below 0."""
    return math.sqrt(x) if x >= 0 else math.nan


def over_nothing(explanation: Explanation, *above: float) -> Explanation:
    """Return ``explanation`` as the sum of ``above`` / 0: a mean over nothing, nan or infinite as torch has it."""
    result = sum(quotient(each, 0.0) for each in above)
    line = " + ".join(rf"\frac{{{number(each)}}}{{0}}" for each in above) + f" = {number(result)}"
    return replace(explanation, result=result, combine="steps", steps=(*explanation.steps, line))


def quotient(above: float, below: float) -> float:
    """Return ``above / below`` as tensors have it: infinite, or nan for 0 / 0, where ``below`` is 0."""
    if below:
        return above / below
    return math.nan if above == 0 else above * math.copysign(math.inf, below)
