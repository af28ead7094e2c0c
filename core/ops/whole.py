"""What a whole tensor by hand is: its numbers, and what a comparison with torch has to know of their rounding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Hand:
    """A tensor by hand in float64.

    ``scale`` is, cell by cell, the sum of the magnitudes of what was added, ``terms`` how many at most; ``peak``
    is the largest number on the way. Where ``either`` is True, torch may have nan instead: it may have multiplied
    the zeros of a padding by an infinite number, or left them out.
    """

    numbers: Array
    scale: Array
    terms: int = 1
    peak: float = 0.0
    either: NDArray[np.bool_] | None = None


def array(tensor: Tensor) -> Array:
    """Return the numbers of ``tensor`` in float64."""
    return tensor.detach().cpu().double().numpy()


def exact_hand(numbers: Array) -> Hand:
    """Return numbers that were chosen or moved, not added up."""
    return Hand(np.asarray(numbers), np.abs(numbers))


def added(add: Callable[..., Array], *factors: Array, terms: int, of_all: float = 1.0) -> Hand:
    """Return what ``add`` makes of the factors; it must add products of them, each with a weight of 0 or more.

    ``of_all`` is what the sum was divided by, so that the sum itself is known too.
    """
    numbers = add(*factors)
    scale = add(*map(np.abs, factors))
    peak = max(largest(scale) * of_all, *map(largest, factors))
    return Hand(np.asarray(numbers), np.asarray(scale), max(terms, 1), peak)


def largest(numbers: Array) -> float:
    """Return the largest magnitude, infinite ones too; 0 where there is none."""
    return float(np.nan_to_num(np.abs(numbers), nan=0.0, posinf=np.inf).max(initial=0.0))
