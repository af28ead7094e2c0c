"""Draws a network whose maps are too large by a part of them: fewer maps, and every nth row and column."""

from __future__ import annotations

from dataclasses import dataclass, replace

from torch import Tensor

from core.recognise.forward import MOST_OF_STAGES, Forward

UNITS = 2_000
PARTS = ((32, 28), (16, 28), (8, 28), (8, 14), (4, 14), (2, 7))  # maps, and rows and columns of each


@dataclass(frozen=True)
class Part:
    """At most ``maps`` maps of each layer, with at most ``side`` rows and columns at equal distances."""

    maps: int
    side: int

    def of(self, values: Tensor) -> Tensor:
        """Return the part of (C, H, W) maps or (C,) units."""
        if values.dim() != 3:
            return values[:UNITS]
        rows, columns = (-(-size // self.side) for size in values.shape[1:])
        return values[: self.maps, ::rows, ::columns]


def part_that_fits(passed: Forward) -> Part | None:
    """Return the largest part of all layers that is drawn; None where even the smallest has too many numbers."""
    for maps, side in PARTS:
        part = Part(maps, side)
        if sum(part.of(layer.values).numel() for layer in passed.layers) <= MOST_OF_STAGES:
            return part
    return None


def thinned(passed: Forward, part: Part) -> Forward:
    """Return the part of a forward pass; without weights and windows, as no sum of what is drawn makes a value."""
    layers = tuple(
        replace(layer, values=part.of(layer.values), window=None, weight=None, bias=None) for layer in passed.layers
    )
    return replace(passed, image=part.of(passed.image), layers=layers)
