"""What an experiment costs, before it starts: runs, time and disk, from some batches that are really trained."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from statistics import median

import torch

from core import datasets
from core.experiments.plan import Plan
from core.experiments.search import Search, ends
from core.training import checkpoint
from core.training.batches import train_batch
from core.training.config import TrainConfig
from core.training.evaluation import evaluate
from core.training.examples import prepare
from core.training.loop import new_state, parts_of
from core.training.network import loss_of
from core.training.schedule import Schedule

BATCHES = 8  # that are timed, after the first
TESTED = 1000  # examples that are evaluated, of as many as there are
BATCH_BYTES = 24  # of one batch in the history
RUN_BYTES = 60_000  # of a run beside its batches and checkpoints: tests, status, examination
KINDS_MOST = 8  # that are all measured; of more, those that differ in one setting
BUDGET = 15.0  # seconds after which no further kind is measured
COSTLY = (  # the settings on which the time of a batch depends
    *("dataset", "network", "batch_size", "test_batch_size", "optimizer", "momentum", "weight_decay", "dropout"),
    *("threads", "device", "clip_norm", "shift", "rotate"),
)
ON_OR_OFF = ("momentum", "weight_decay", "clip_norm", "shift", "rotate")  # whose value does not matter above 0


@dataclass(frozen=True)
class Probe:
    """What was measured: seconds of an example, in the median batch and in the slowest, and of a test.

    ``checkpoint`` is its bytes, ``examples`` how many an epoch has.
    """

    example: float
    slowest: float
    test: float
    checkpoint: int
    examples: int


@dataclass(frozen=True)
class Cost:
    """What a plan takes: how many runs, about how many seconds, at most how many, about how many bytes of the disk.

    ``kinds`` of run take different times; ``measured`` of them were measured, the others follow from those.
    """

    runs: int
    seconds: float
    most: float
    size: int
    kinds: int
    measured: int


def probe(config: TrainConfig) -> Probe:
    """Train some batches of ``config`` and evaluate once; nothing is kept."""
    config = config.with_(device="cpu", parent=None)
    data = datasets.load(config.dataset)
    state, loss_function = new_state(config), loss_of(config)
    training, testing = prepare(config, data)
    parts = parts_of(config, state, training, loss_function)
    some = replace(testing, images=testing.images[:TESTED], labels=testing.labels[:TESTED])
    start = time.perf_counter()
    evaluate(state.network, some, config, loss_function)
    test = (time.perf_counter() - start) * len(testing) / len(some)
    state.network.train()
    size = min(config.batch_size, len(training))
    which = torch.arange(size)
    seconds = []
    for _ in range(BATCHES + 1):
        start = time.perf_counter()
        train_batch(parts, which)
        seconds.append((time.perf_counter() - start) / size)
    times = Schedule.of(config, len(data.train_labels))
    snapshot = checkpoint.capture(state, config, times)
    size = sum(map(len, snapshot.files.values()))
    return Probe(median(seconds[1:]), max(seconds[1:]), test, size, len(data.train_labels))


def probes(kinds: Sequence[TrainConfig]) -> list[Probe]:
    """Measure ``kinds``, the first one in any case and the others until ``BUDGET`` is over."""
    start, measured = time.perf_counter(), [probe(kinds[0])]
    for config in kinds[1:]:
        if time.perf_counter() - start > BUDGET:
            break
        measured.append(probe(config))
    return measured


def kind(config: TrainConfig) -> TrainConfig:
    """Return what decides how long a batch of ``config`` takes; everything else as it is by default."""
    values = {name: getattr(config, name) for name in COSTLY}
    usual = TrainConfig(threads=1)
    for name in ON_OR_OFF:
        if values[name]:
            values[name] = getattr(usual, name) or 1
    return usual.with_(**values)


def kinds(plan: Plan | Search) -> list[TrainConfig]:
    """Return what is to be measured: all kinds of run of ``plan`` where they are few, else the first one and those
    that differ from it in one setting. Of a search, the middle and each end of each range.
    """
    if isinstance(plan, Search):
        middle = plan.middle()
        every = [kind(middle.config)]
        for index, dimension in enumerate(plan.space):
            for end in ends(dimension):
                values = (*middle.values[:index], end, *middle.values[index + 1 :])
                every.append(kind(plan.member(0, values).config))
        return list(dict.fromkeys(every))
    every = list(dict.fromkeys(kind(member.config) for member in plan.members()))
    if len(every) <= KINDS_MOST:
        return every
    return [each for each in every if len(list(differences(every[0], each))) < 2]


def differences(one: TrainConfig, other: TrainConfig) -> Iterator[str]:
    """Yield the names of the settings in which two kinds differ."""
    for name in COSTLY:
        if getattr(one, name) != getattr(other, name):
            yield name


@dataclass(frozen=True)
class Measurements:
    """The kinds that were measured, and what was measured of each: of the first ones, where time was short."""

    kinds: Sequence[TrainConfig]
    probes: Sequence[Probe]

    @cached_property
    def by_kind(self) -> dict[TrainConfig, Probe]:
        """What was measured, by its kind."""
        return dict(zip(self.kinds, self.probes, strict=False))

    def of(self, config: TrainConfig) -> Probe:
        """Return what was measured of the kind of ``config``; else the first probe times what each setting in which
        they differ did to it. A setting whose value was not measured does what the costliest value of it did.
        """
        other, first = kind(config), self.kinds[0]
        if other in self.by_kind:
            return self.by_kind[other]
        result = self.probes[0]
        for name in differences(first, other):
            others = [each for each in self.by_kind if list(differences(first, each)) == [name]]
            same = [each for each in others if getattr(each, name) == getattr(other, name)]
            parts = [self.by_kind[each] for each in same or others]
            if parts:
                result = _scaled(result, self.probes[0], max(parts, key=lambda each: each.example))
        return result


def _scaled(result: Probe, before: Probe, after: Probe) -> Probe:
    return Probe(
        result.example * after.example / before.example,
        result.slowest * after.slowest / before.slowest,
        result.test * after.test / before.test,
        math.ceil(result.checkpoint * after.checkpoint / before.checkpoint),
        after.examples if after.examples != before.examples else result.examples,
    )


def estimate(plan: Plan | Search, measured: Measurements, at_once: int, start: float = 0.0) -> Cost:
    """Return what ``plan`` costs when ``at_once`` of its runs train at the same time.

    One worker stands by, the others train only after their ``start``, in seconds.
    ``Cost.most`` is by the slowest batch that was measured; of a search, as if each run were the costliest of its
    space. ``Cost.seconds`` of a search is that of as many runs in the middle of its ranges.
    """
    if isinstance(plan, Search):
        corners = [plan.member(0, corner).config for corner in product(*map(ends, plan.space))]
        costliest = [max(corners, key=lambda config: _seconds(config, measured, slowest=True))] * plan.count
        configs = [plan.middle().config] * plan.count
    else:
        configs = costliest = [member.config for member in plan.members()]
    parallel = max(1, min(at_once, plan.count))
    every = {kind(config) for config in (*configs, *costliest)}
    return Cost(
        plan.count,
        _shared(sum(_seconds(config, measured) for config in configs), parallel, start),
        _shared(sum(_seconds(config, measured, slowest=True) for config in costliest), parallel, start),
        sum(_size(config, measured.of(config)) for config in configs),
        len(every),
        len(every & measured.by_kind.keys()),
    )


def _shared(seconds: float, workers: int, start: float) -> float:
    """Return how long work of so many seconds takes when all workers but one come ``start`` seconds later."""
    return min(seconds, (seconds + (workers - 1) * start) / workers)


def _size(config: TrainConfig, part: Probe) -> int:
    steps = Schedule.of(config, part.examples).steps
    return (config.epochs + 1) * part.checkpoint + steps * BATCH_BYTES + RUN_BYTES


def _seconds(config: TrainConfig, measured: Measurements, slowest: bool = False) -> float:
    part = measured.of(config)
    example = part.slowest if slowest else part.example
    return config.epochs * (part.examples * example + part.test) + part.test
