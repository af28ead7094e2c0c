"""Examples per second: the app's worker against PyTorch's own example and against the plainest loop, interleaved.

    python -m benchmarks.training            # needs MNIST (STEPWISE_DATA); about two minutes
    python -m benchmarks.training --json

The three take turns on one machine, so that noise treats them alike: (a) ``DataLoader`` with ``ToTensor`` and
``Normalize`` per image, as PyTorch's MNIST example reads; (b) a loop over tensors in memory that records nothing;
(c) the app: a worker process that records every batch, checkpoints, and is read five times a second.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import nn
from torch.profiler import ProfilerActivity, profile

from benchmarks.report import Row, show
from benchmarks.training_ways import (
    App,
    DataLoaderWay,
    Learner,
    PlainLoop,
    app_network,
    nudged_network,
    tutorial_network,
)
from core import datasets, mnist_files
from core.training.batches import Parts, train_batch
from core.training.config import TrainConfig
from core.training.examples import prepare
from core.training.loop import new_state
from core.training.network import loss_of

NAME = "training"
BATCHES = 300  # a turn, unless told otherwise
ROUNDS = 5
COMPARED = 200  # losses
FLOPS = 2 * (24 * 24 * 10 * 25 + 8 * 8 * 20 * 250 + 320 * 50 + 50 * 10)  # multiply-adds of one forward pass, twice
FLOPS_BACKWARD = 2 * FLOPS - 2 * 24 * 24 * 10 * 25  # inputs and weights; the picture needs no gradient


def accuracy(network: nn.Module, data: datasets.Dataset) -> float:
    """Return the share of the test images, 0 to 1, that the network names rightly."""
    network.eval()
    with torch.no_grad():
        answers = torch.cat([network(part).argmax(1) for part in datasets.normalise(data.test_images).split(1000)])
    return float((answers == data.test_labels).float().mean())


def against_each_other(threads: int, rounds: int, batches: int, epochs: bool) -> Iterator[Row]:
    """Let the three take turns and compare speed, losses and the final accuracy."""
    torch.set_num_threads(threads)
    data = datasets.load("mnist")
    with tempfile.TemporaryDirectory() as folder:
        app = App(Path(folder), threads)
        loader, plain = DataLoaderWay(data), PlainLoop(data)
        loader.turn(20), plain.turn(20)
        turns = [(loader.turn(batches), plain.turn(batches), app.turn(batches)) for _ in range(rounds)]
        ways = ("DataLoader, as PyTorch's example", "plain loop over tensors", "the app")
        medians = [statistics.median(way) for way in zip(*turns, strict=True)]
        for way, median in zip(ways, medians, strict=True):
            yield Row(NAME, f"{way}, {threads} threads", median, "examples/s")
        ratios = [statistics.median(turn[2] / turn[other] for turn in turns) for other in (0, 1)]
        yield Row(NAME, "the app against DataLoader", ratios[0], "times", ">= 2.5")
        yield Row(NAME, "the app against the plain loop", ratios[1], "times", ">= 1.5")
        theirs, ours = (numbers[:COMPARED] for numbers in (plain.losses, app.run.losses().tolist()))
        yield Row(NAME, f"largest difference of the first {len(ours)} losses", apart(theirs, ours), "", "< 0.001")
        yield from rounding(data, theirs)
        yield from limit(medians[2])
        if epochs:
            plain.turn(3 * 938 - len(plain.losses))
            app.jobs.resume(app.id)
            app.wait("finished")
            reached = app.run.status().accuracy or 0.0
            yield Row(NAME, "test accuracy after three epochs", 100 * reached, "%", ">= 96.5")
            other = accuracy(plain.network, data)
            yield Row(NAME, "accuracy apart from the plain loop's", 100 * abs(reached - other), "points", "<= 0.5")
        app.jobs.close()


def rounding(data: datasets.Dataset, theirs: list[float]) -> Iterator[Row]:
    """How far the same losses come apart by one rounding, and whether the arithmetic is the same without it."""

    def losses(learner: Learner, dtype: torch.dtype = torch.float32) -> list[float]:
        loop = PlainLoop(data, learner)
        loop.images = loop.images.to(dtype)
        loop.turn(len(theirs))
        return loop.losses

    what = f"largest difference of the first {len(theirs)} losses,"
    nudged = apart(theirs, losses(nudged_network()))
    yield Row(NAME, f"{what} the plain loop's own, one weight moved by one rounding", nudged, "")
    exact = torch.float64
    both = losses(tutorial_network(exact), exact), losses(app_network(exact), exact)
    yield Row(NAME, f"{what} the app's network in float64", apart(*both), "", "< 0.001")


def apart(ours: list[float], theirs: list[float]) -> float:
    """Return the largest difference between two lists of losses of the same length."""
    return max(abs(a - b) for a, b in zip(ours, theirs, strict=True))


def limit(speed: float) -> Iterator[Row]:
    """How much of the machine's matrix multiplication the training reaches."""
    a, b = torch.randn(1024, 1024), torch.randn(1024, 1024)
    times = []
    for _ in range(20):
        start = time.perf_counter()
        a @ b
        times.append(time.perf_counter() - start)
    most = 2 * 1024**3 / min(times)
    used = speed * (FLOPS + FLOPS_BACKWARD)
    yield Row(NAME, "matrix multiplication of this machine", most / 1e9, "GFLOP/s")
    yield Row(NAME, "of it used by training", 100 * used / most, "%")


def loop_speed(config: TrainConfig, data: datasets.Dataset, batches: int = 60) -> float:
    """Examples per second of the bare loop under ``config``, without worker and records."""
    torch.set_num_threads(config.threads)
    state, (examples, _) = new_state(config), prepare(config, data)
    learner = Parts(state.network, state.optimizer, examples, loss_of(config))
    batches_of = torch.randperm(len(data.train_labels)).split(config.batch_size)
    state.network.train()
    best = 0.0
    for _ in range(3):
        start, count = time.perf_counter(), 0
        for indices in batches_of[: max(1, batches * 64 // config.batch_size)]:
            train_batch(learner, indices)
            count += len(indices)
        best = max(best, count / (time.perf_counter() - start))
    return best


def sweep(threads: int) -> Iterator[Row]:
    """How the speed of the loop changes with batch size, threads and network."""
    data = datasets.load("mnist")
    base = TrainConfig(threads=threads)
    varied = [base.with_(batch_size=size) for size in (16, 64, 256, 1024)]
    varied += [base.with_(threads=count) for count in range(1, threads)]
    varied += [base.with_(network=name) for name in ("lenet5", "lenet3")]
    for config in varied:
        what = f"loop: {config.network}, batch {config.batch_size}, {config.threads} threads"
        yield Row(NAME, what, loop_speed(config, data), "examples/s")


def where_time_goes(threads: int) -> Iterator[Row]:
    """The operations that take most of a batch, by torch's profiler."""
    data, config = datasets.load("mnist"), TrainConfig(threads=threads)
    with profile(activities=[ProfilerActivity.CPU]) as profiler:
        loop_speed(config, data)
    rows = sorted(profiler.key_averages(), key=lambda row: -row.self_cpu_time_total)
    total = sum(row.self_cpu_time_total for row in rows)
    for row in rows[:8]:
        yield Row(NAME, f"share of {row.key}", 100 * row.self_cpu_time_total / total, "%")


def main() -> int:
    """Print the rows; exit status 1 when a target is not met, 2 without MNIST."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--batches", type=int, default=BATCHES, help="that each of the three trains in a round")
    parser.add_argument("--quick", action="store_true", help="without the three epochs, the sweep and the profile")
    options = parser.parse_args()
    if not mnist_files.are_here():
        print("this benchmark needs MNIST in the folder that STEPWISE_DATA names", file=sys.stderr)
        return 2

    def rows() -> Iterator[Row]:
        yield from against_each_other(options.threads, options.rounds, options.batches, epochs=not options.quick)
        if not options.quick:
            yield from sweep(options.threads)
            yield from where_time_goes(options.threads)

    return show(rows(), options.json)


if __name__ == "__main__":
    sys.exit(main())
