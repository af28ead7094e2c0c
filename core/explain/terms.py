"""Building blocks of explanations: a term from the cells it came from, an explanation from its terms."""

from __future__ import annotations

import itertools
import math

from torch import Tensor

from core.explain.records import Explanation, Factor, Term


def product(*parts: tuple[str, Tensor, str, tuple[int, ...]]) -> Term:
    """Multiply the cells ``(symbol, tensor, its name, index)`` in float64."""
    factors = tuple(Factor(symbol, tensor[index].item(), name, index) for symbol, tensor, name, index in parts)
    return Term(factors, math.prod(factor.value for factor in factors))


def total(target: str, index: tuple[int, ...], symbolic: str, terms: list[Term], tensor: Tensor) -> Explanation:
    """Add the terms in float64 and set the sum beside ``tensor[index]``."""
    result = math.fsum(term.value for term in terms)
    return Explanation(target, index, symbolic, tuple(terms), result, tensor[index].item())


def rows_of(x: Tensor) -> list[tuple[int, ...]]:
    """Every index of ``x`` without its last dimension, in order; one empty index for a vector."""
    return list(itertools.product(*(range(size) for size in x.shape[:-1])))
