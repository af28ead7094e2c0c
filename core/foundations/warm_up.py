"""What a helper process does once, so that the programs of the lessons start at once in each child."""

from __future__ import annotations

from core.foundations import gradient_experiments, initialisation, linear_fit, mistakes, two_layers
from core.foundations.run_operator import run
from core.ops.operator import parse
from core.ops.registry import OPERATORS

__all__ = ["gradient_experiments", "initialisation", "mistakes", "warm_up"]


def warm_up() -> None:
    """Run every operator once, and a few iterations of each lesson's programs."""
    for operator in OPERATORS.values():
        run(operator, {argument.name: parse(argument, argument.default) for argument in operator.arguments})
    linear_fit.fit(linear_fit.FitSettings(iterations=2))
    two_layers.lockstep(two_layers.WaysSettings(N=4, D_in=3, H=2, D_out=2, iterations=2))
