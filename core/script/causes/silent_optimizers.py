"""Optimizers that are made again in every step, so that what they keep is lost."""

from __future__ import annotations

from weakref import WeakSet

from torch import Tensor
from torch.optim import Optimizer

from core.errors import N_
from core.script.events import Progress, Watch
from core.script.kinds import is_a

TIMES = 5  # optimizers of the same parameters, each with one step


class OptimizerInLoop(Watch):
    """The loop makes a new optimizer in every step: momentum and Adam's moments begin again at 0."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.last = (0, 0)  # the optimizer that stepped last, and its first parameter
        self.times = 0
        self.earlier: WeakSet[Optimizer] = WeakSet()  # two that take turns are no new ones

    def after_step(self, optimizer: Optimizer, line: int) -> None:
        """Count optimizers that step once and give way to another one of the same parameters."""
        parameter = optimizer.param_groups[0]["params"][0]
        now, before = (id(optimizer), id(parameter)), self.last
        self.last = now
        remembers = any(is_a(value, Tensor) for value in optimizer.state.get(parameter, {}).values())
        is_new = optimizer not in self.earlier
        self.earlier.add(optimizer)
        if not is_new or now[0] == before[0] or now[1] != before[1] or not remembers:
            self.times = 0
            return
        self.times += 1
        kind = type(optimizer).__name__
        calls = self.progress.source.calls(kind)
        if self.times >= TIMES:
            self.report(
                "optimizer_in_loop",
                calls[0].lineno if calls else line,
                N_("{count} times in a row a new {kind} made one step: what it keeps of earlier steps began at 0."),
                N_("Make the optimizer once, before the loop."),
                count=self.times + 1,
                kind=kind,
            )


WATCHES: tuple[type[Watch], ...] = (OptimizerInLoop,)
