"""What an experiment costs, before it starts: runs, time and disk, from some batches that are really trained."""

from __future__ import annotations

import time
from dataclasses import dataclass

import torch

from core import datasets
from core.experiments.plan import Plan
from core.experiments.search import Search
from core.training import checkpoint
from core.training.batches import train_batch
from core.training.config import TrainConfig
from core.training.evaluation import evaluate
from core.training.examples import prepare
from core.training.loop import new_state, parts_of
from core.training.network import loss_of
from core.training.schedule import Schedule

BATCHES = 8  # that are timed, after the first
BATCH_BYTES = 24  # of one batch in the history
RUN_BYTES = 60_000  # of a run beside its batches and checkpoints: tests, status, examination


@dataclass(frozen=True)
class Probe:
    """What was measured: seconds of an example and of a test, bytes of a checkpoint, the count of examples."""

    example: float
    test: float
    checkpoint: int
    examples: int


@dataclass(frozen=True)
class Cost:
    """What a plan takes: how many runs, about how many seconds, about how many bytes of the disk."""

    runs: int
    seconds: float
    size: int


def probe(config: TrainConfig) -> Probe:
    """Train some batches of ``config`` and evaluate once; nothing is kept."""
    config = config.with_(device="cpu", parent=None)
    data = datasets.load(config.dataset)
    state, loss_function = new_state(config), loss_of(config)
    training, testing = prepare(config, data)
    parts = parts_of(config, state, training, loss_function)
    start = time.perf_counter()
    evaluate(state.network, testing, config, loss_function)
    tested = time.perf_counter() - start
    state.network.train()
    size = min(config.batch_size, len(training))
    which = torch.arange(size)
    train_batch(parts, which)
    start = time.perf_counter()
    for _ in range(BATCHES):
        train_batch(parts, which)
    seconds = (time.perf_counter() - start) / BATCHES / size
    times = Schedule.of(config, len(data.train_labels))
    snapshot = checkpoint.capture(state, config, times)
    return Probe(seconds, tested, sum(map(len, snapshot.files.values())), len(data.train_labels))


def estimate(plan: Plan | Search, measured: Probe, at_once: int) -> Cost:
    """Return what ``plan`` costs when ``at_once`` of its runs train at the same time.

    A search is taken for as many runs in the middle of its ranges.
    """
    seconds, size = 0.0, 0
    members = [plan.middle()] * plan.count if isinstance(plan, Search) else plan.members()
    for member in members:
        epochs = member.config.epochs
        seconds += epochs * (measured.examples * measured.example + measured.test) + measured.test
        steps = Schedule.of(member.config, measured.examples).steps
        size += (epochs + 1) * measured.checkpoint + steps * BATCH_BYTES + RUN_BYTES
    return Cost(plan.count, seconds / max(1, min(at_once, plan.count)), size)
