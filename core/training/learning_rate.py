"""The learning rate of each batch: torch's schedulers, stepped once a batch, and their curve before they are used.

``rate`` is the closed form, which needs no torch and is drawn; a run trains with what ``Rates`` makes of
``torch.optim.lr_scheduler``. Both are the same to the last digits.
"""

from __future__ import annotations

import math
from typing import Any

from core.errors import N_, InvalidSetting
from core.training.config import TrainConfig
from core.training.schedule import Schedule


def rate(config: TrainConfig, times: Schedule, step: int) -> float:
    """Return the learning rate of the batch after ``step`` batches, as long as nobody changes it by hand.

    Sources: the formulas in the documentation of ``StepLR``, ``CosineAnnealingLR``, ``OneCycleLR``, ``LinearLR``.
    """
    peak, steps = config.learning_rate, length(config, times)
    if config.schedule == "constant":
        return peak
    if config.schedule == "step":
        return peak * config.gamma ** (step // step_size(config, times))
    if config.schedule == "cosine":
        return peak * (1 + math.cos(math.pi * step / steps)) / 2
    if config.schedule == "warm_up":
        rising = rising_steps(config, times)
        return peak * (min(step, rising) + 1) / (rising + 1)
    top = rising_share(config, times) * steps - 1
    if step <= top:
        return _between(peak / 25, peak, step / top)
    return _between(peak, peak / 25 / 1e4, (step - top) / (steps - 1 - top))


def _between(start: float, end: float, share: float) -> float:
    """Go from ``start`` to ``end`` along half a cosine, as ``OneCycleLR`` does."""
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2


def curve(config: TrainConfig, times: Schedule, points: int = 400) -> tuple[list[int], list[float]]:
    """Return at most ``points`` steps of the run and the rate of each: what is drawn before it is used."""
    stride = max(1, -(-times.steps // points))
    steps = sorted({*range(0, times.steps, stride), times.steps - 1})
    return steps, [rate(config, times, step) for step in steps]


def length(config: TrainConfig, times: Schedule) -> int:
    """Return the batches that a schedule is made for, more than a very short run has."""
    return max(shortest(config), times.steps)


def shortest(config: TrainConfig) -> int:
    """Return the fewest batches that a schedule can be made for: a cycle rises and falls in three."""
    return 3 if config.schedule == "one_cycle" else 2


def step_size(config: TrainConfig, times: Schedule) -> int:
    """Return after how many batches "step" multiplies the rate: so many epochs."""
    return config.step_size * times.batches_per_epoch


def rising_steps(config: TrainConfig, times: Schedule) -> int:
    """Return over how many batches "warm_up" rises."""
    return max(1, round(config.warm_up * length(config, times)))


def rising_share(config: TrainConfig, times: Schedule) -> float:
    """Return the part of the run in which "one_cycle" rises; it takes two batches or more."""
    return max(config.warm_up, 2 / length(config, times))


class Rates:
    """torch's scheduler of ``config``, over an optimizer of its own, so that it can run ahead on a card."""

    def __init__(self, config: TrainConfig, times: Schedule) -> None:
        import torch  # pages draw the curve without it

        self.optimizer = torch.optim.SGD([torch.zeros(1)], lr=config.learning_rate)
        self.scheduler = make_scheduler(config, times, self.optimizer)

    def at(self, step: int) -> float:
        """Return the rate of the batch after ``step`` batches; steps come in order."""
        while self.scheduler.last_epoch < step:
            self.optimizer.step()  # torch warns where the scheduler steps first
            self.scheduler.step()
        return float(self.optimizer.param_groups[0]["lr"])

    def state(self) -> dict[str, Any]:
        """Return what decides how it goes on, as plain values: its ``state_dict`` and the rate."""
        return {**self.scheduler.state_dict(), "lr": self.optimizer.param_groups[0]["lr"]}

    def load(self, state: dict[str, Any]) -> None:
        """Go on from what ``state`` returned; ``InvalidSetting`` for what another scheduler wrote."""
        kinds = {name: type(value) for name, value in self.state().items()}
        if {name: type(value) for name, value in state.items()} != kinds:
            raise InvalidSetting(N_("the checkpoint does not hold the state of this learning-rate schedule"))
        state = dict(state)
        self.optimizer.param_groups[0]["lr"] = state.pop("lr")
        self.scheduler.load_state_dict(state)


def make_scheduler(config: TrainConfig, times: Schedule, optimizer: Any) -> Any:
    """Return the scheduler of ``torch.optim.lr_scheduler`` that ``config`` names; ``step()`` follows each batch."""
    import torch.optim.lr_scheduler as schedulers

    if config.schedule == "step":
        return schedulers.StepLR(optimizer, step_size=step_size(config, times), gamma=config.gamma)
    if config.schedule == "cosine":
        return schedulers.CosineAnnealingLR(optimizer, T_max=length(config, times))
    if config.schedule == "warm_up":
        rising = rising_steps(config, times)
        return schedulers.LinearLR(optimizer, start_factor=1 / (rising + 1), total_iters=rising)
    share = rising_share(config, times)
    steps = length(config, times)
    return schedulers.OneCycleLR(
        optimizer, max_lr=config.learning_rate, total_steps=steps, pct_start=share, cycle_momentum=False
    )
