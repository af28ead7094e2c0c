"""What an explanation is: one element of one tensor as the terms it was made of, all of it data."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

Index = tuple[int, ...]
HIDDEN = "saved["  # begins the name of a tensor that an operation used without having been given it


@dataclass(frozen=True)
class Slot:
    """The place of a tensor among a call's options: ``x[:, rows]`` is indexed by (slice, Slot("idx[1]"))."""

    tensor: str


@dataclass(frozen=True)
class Call:
    """One torch operation as it was really called.

    ``tensors`` holds its tensor arguments by PyTorch's parameter names ("input", "weight", "bias",
    "target", ...), ``options`` the other arguments ("stride", "dim", "p", ...), ``output`` what it returned.
    What only the run knows (the mask that dropout drew, the winners of a max pooling) is in ``saved``.
    ``part`` says which one ``output`` is where the operation returned several tensors.
    """

    name: str
    tensors: dict[str, Tensor]
    options: dict[str, Any]
    output: Tensor
    saved: dict[str, Tensor] = field(default_factory=dict)
    part: int = 0


@dataclass(frozen=True)
class Factor:
    """One number in a term: its symbol ("x", "w", "∂L/∂y"), its value, and the cell it came from, if any.

    ``tensor`` names the tensor as in ``Call.tensors``, "output", or "grad_output"; ``index`` is the cell in it.
    """

    symbol: str
    value: float
    tensor: str | None = None
    index: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Term:
    """A product of factors; an explanation's result is made of its terms. ``value`` is the product."""

    factors: tuple[Factor, ...]
    value: float
    note: str = ""


@dataclass(frozen=True)
class Explanation:
    """One element of a value or of a gradient, opened up.

    ``target`` and ``index`` say which element. ``symbolic`` is the general formula in LaTeX. ``terms`` are the
    numbers that really went in; ``steps`` are the lines between them and the result where a plain sum is not
    the whole story (a softmax, a mean), each a LaTeX equation with numbers. ``result`` is the arithmetic by
    hand in float64, ``torch_value`` what torch computed; ``combine`` says how the terms give the result:
    "sum", "max", "mean" or "steps". ``scale`` is what rounding errors are relative to: the sum of the terms'
    magnitudes where it is None, otherwise what the steps between them add and take away. ``peak`` is the
    largest number on the way, where that is none of the factors.
    """

    target: str
    index: tuple[int, ...]
    symbolic: str
    terms: tuple[Term, ...]
    result: float
    torch_value: float
    combine: str = "sum"
    steps: tuple[str, ...] = ()
    scale: float | None = None
    peak: float = 0.0

    @property
    def magnitude(self) -> float:
        """What rounding errors are relative to: ``scale``, or the sum of |term|."""
        if self.scale is None:
            picks_one = self.combine == "max"  # then nothing is added
            return abs(self.result) if picks_one else sum(abs(term.value) for term in self.terms)
        return self.scale

    @property
    def largest(self) -> float:
        """The largest finite number that was met on the way: a factor, or ``peak``."""
        factors = (abs(factor.value) for term in self.terms for factor in term.factors)
        return max([self.peak, *(value for value in factors if math.isfinite(value))])

    @property
    def difference(self) -> float:
        """How far the arithmetic by hand is from torch, absolutely; 0 where both are nan or the same infinity."""
        if self.result == self.torch_value or (math.isnan(self.result) and math.isnan(self.torch_value)):
            return 0.0
        return abs(self.result - self.torch_value)
