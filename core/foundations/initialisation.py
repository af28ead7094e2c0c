"""Why SGD seems to fail without its own initialisation: the same program with other weights and rates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import torch

from core.foundations.two_layers import WaysSettings, before_training, program, run

LARGER_RATE = 1e-3


@dataclass(frozen=True)
class Trial:
    """One training: where it started, how far its first step went, and where it ended.

    ``spread`` is the standard deviation of w1; ``relative_step`` the norm of the first change of w1 divided by
    the norm of w1: what one iteration changes.
    """

    spread: float
    relative_step: float
    losses: tuple[float, ...]


def programs(settings: WaysSettings) -> dict[str, str]:
    """Return the program of each trial: ``nn.Sequential`` with SGD three times, and the Module with Adam."""
    given = program("sequential", settings)
    start, end = given.index("with torch.no_grad():"), given.index("loss_fn =")
    default = given[:start] + given[end:]
    default = default.replace("model = nn.Sequential(", "torch.manual_seed(seed)\nmodel = nn.Sequential(")
    rate = f"learning_rate, iterations, seed = {settings.learning_rate!r}"
    faster = default.replace(rate, f"learning_rate, iterations, seed = {LARGER_RATE!r}")
    return {
        "normal": given,
        "default": default,
        "default, larger rate": faster,
        "default, Adam": program("module", settings),
    }


def trials(settings: WaysSettings) -> dict[str, Trial]:
    """Run every program of ``programs``."""
    once = programs(replace(settings, iterations=1))
    return {name: _trial(text, once[name]) for name, text in programs(settings).items()}


def _trial(text: str, once: str) -> Trial:
    start, moved = _first_weight(before_training(once)), _first_weight(run(once).names)
    relative_step = (moved - start).norm() / start.norm()
    return Trial(start.std().item(), relative_step.item(), run(text).losses)


def _first_weight(names: dict[str, Any]) -> torch.Tensor:
    weight: torch.Tensor = next(iter(names["model"].parameters())).detach()
    return weight
