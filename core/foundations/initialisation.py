"""Why SGD seems to fail without its own initialisation: the same program with other weights and learning rates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch

from core.foundations.two_layers import WaysSettings, before_training, losses_of, program, run

FACTORS = tuple(10**k for k in range(7))  # how many times as large a learning rate is tried
LARGEST_RATE = 10.0
SHORT = 20  # iterations that decide between two learning rates
LEARNED = 0.01  # a program has learned when its last loss is below this share of its first


@dataclass(frozen=True)
class Trial:
    """One training: where it started, how far its first step went, and where it ended.

    ``std`` is the standard deviation of w1; ``relative_step`` the norm of the first change of w1 divided by
    the norm of w1: what one iteration changes.
    """

    std: float
    relative_step: float
    losses: tuple[float, ...]

    @property
    def learned(self) -> bool:
        """Whether the last loss is below ``LEARNED`` times the first."""
        return self.losses[-1] < LEARNED * self.losses[0]  # False for nan


@dataclass(frozen=True)
class Comparison:
    """The four trainings: "normal", "default", "default, larger rate", "default, Adam"; and that larger rate."""

    trials: Mapping[str, Trial]
    larger_rate: float

    @property
    def answer(self) -> str:
        """The smallest change that makes ``nn.Linear``'s own weights learn.

        "nothing" when they learn as they are, then "rate", "init", "adam"; "none" when none of them is enough.
        """
        order = {
            "nothing": "default",
            "rate": "default, larger rate",
            "init": "normal",
            "adam": "default, Adam",
        }
        return next((answer for answer, name in order.items() if self.trials[name].learned), "none")


def programs(settings: WaysSettings, larger_rate: float) -> dict[str, str]:
    """Return the program of each trial: ``nn.Sequential`` with SGD three times, and the Module with Adam."""
    normal, default = program("sequential", settings), _without_initialisation(settings)
    return {
        "normal": normal,
        "default": default,
        "default, larger rate": _without_initialisation(replace(settings, learning_rate=larger_rate)),
        "default, Adam": program("module", settings),
    }


def _without_initialisation(settings: WaysSettings) -> str:
    text = program("sequential", settings)
    start, end = text.index("with torch.no_grad():"), text.index("loss_fn =")
    text = text[:start] + text[end:]
    return text.replace("model = nn.Sequential(", "torch.manual_seed(seed)\nmodel = nn.Sequential(")


def larger_rate(settings: WaysSettings) -> float:
    """Return the rate that leaves the smallest loss after ``SHORT`` iterations from ``nn.Linear``'s own weights.

    It is one of ``settings.learning_rate`` times ``FACTORS``; the first of them where all losses are alike.
    """
    best, smallest = settings.learning_rate, math.inf
    for factor in FACTORS:
        rate = float(f"{settings.learning_rate * factor:.6g}")  # 1e-05 and not 9.999999999999999e-06
        if factor > 1 and rate > LARGEST_RATE:
            break
        short = replace(settings, learning_rate=rate, iterations=min(SHORT, settings.iterations))
        loss = losses_of(_without_initialisation(short))[-1]
        if loss < smallest:  # not for nan
            best, smallest = rate, loss
    return best


def compare(settings: WaysSettings) -> Comparison:
    """Run every program of ``programs``, with the learning rate that ``larger_rate`` picks."""
    rate = larger_rate(settings)
    once = programs(replace(settings, iterations=1), rate)
    trials = {name: _trial(text, once[name]) for name, text in programs(settings, rate).items()}
    return Comparison(trials, rate)


def _trial(text: str, once: str) -> Trial:
    start, moved = _first_weight(before_training(once)), _first_weight(run(once).names)
    relative_step = (moved - start).norm() / start.norm()
    return Trial(start.std().item(), relative_step.item(), run(text).losses)


def _first_weight(names: dict[str, Any]) -> torch.Tensor:
    weight: torch.Tensor = next(iter(names["model"].parameters())).detach()
    return weight
