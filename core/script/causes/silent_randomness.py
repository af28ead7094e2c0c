"""Random numbers that repeat where they should not: a seed in the loop, one generator in every worker."""

from __future__ import annotations

import random
import sys
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader

from core.errors import N_
from core.script.events import Progress, TorchCall, Watch
from core.script.kinds import is_a

TIMES = 5  # in a row, before it is reported
FEW = 4  # numbers that may be equal by chance


class SameRandom(Watch):
    """A random call in the training loop gives the same numbers in every step: the seed is set in the loop."""

    operations = ("randn", "rand", "randint", "randperm", "normal", "multinomial", "bernoulli", "randn_like")

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.last: dict[tuple[int, int], tuple[Tensor, int, int]] = {}  # site -> numbers, optimizer steps, times

    def operation(self, call: TorchCall) -> None:
        """Compare with the numbers of the step before."""
        result = call.result
        if not is_a(result, Tensor) or not FEW < result.numel() <= 100_000 or "generator" in call.kwargs:
            return
        if not torch.is_grad_enabled():
            return
        steps = self.progress.steps
        now = result.detach().reshape(-1)[:64].clone()
        before, then, times = self.last.get(call.site, (None, steps, 0))
        if before is not None and steps == then:
            return  # called twice in one step
        same = before is not None and torch.equal(now, before) and bool((now != now[0]).any())
        times = times + 1 if same else 0
        self.last[call.site] = (now, steps, times)
        if times >= TIMES:
            self.report(
                "seed_in_loop",
                call.line,
                N_("{expression} gave the same {count} numbers {times} times in a row: the loop sets the seed."),
                N_("Call torch.manual_seed once, before the loop."),
                expression=call.expression,
                count=result.numel(),
                times=times + 1,
            )


class WorkerSeed(Watch):
    """A generator in the Dataset is copied into every worker, and gives the same numbers in each."""

    def loads(self, loader: DataLoader[Any], line: int) -> None:
        """Look at the attributes of the Dataset."""
        if loader.num_workers < 2 or loader.worker_init_fn is not None:
            return
        numpy = sys.modules.get("numpy")
        kinds: tuple[type, ...] = (random.Random,)
        if numpy is not None:
            kinds = (*kinds, numpy.random.Generator, numpy.random.RandomState)
        for name, value in getattr(loader.dataset, "__dict__", {}).items():
            if is_a(value, kinds):
                self.report(
                    "worker_seed",
                    line,
                    N_(
                        "The Dataset keeps a generator of its own, self.{name}: each of the {workers} workers gets"
                        " a copy in the same state, and all of them draw the same numbers."
                    ),
                    N_(
                        "Seed it in each worker: worker_init_fn, with torch.utils.data.get_worker_info().seed; or"
                        " use torch's and NumPy's global functions, which DataLoader seeds for each worker."
                    ),
                    name=name,
                    workers=loader.num_workers,
                )


WATCHES: tuple[type[Watch], ...] = (SameRandom, WorkerSeed)
