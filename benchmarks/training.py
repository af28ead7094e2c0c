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
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn
from torch.profiler import ProfilerActivity, profile

from benchmarks.report import Row, show
from core import datasets, nets
from core.training.config import TrainConfig
from core.training.examples import prepare
from core.training.jobs import Jobs
from core.training.loop import new_state, train_batch
from core.training.network import loss_of
from core.training.run_folder import RunFolder
from core.training.timetable import epoch_seed

NAME = "training"
BATCHES = 300  # a turn, unless told otherwise
ROUNDS = 5
COMPARED = 200  # losses
FLOPS = 2 * (24 * 24 * 10 * 25 + 8 * 8 * 20 * 250 + 320 * 50 + 50 * 10)  # multiply-adds of one forward pass, twice
FLOPS_BACKWARD = 2 * FLOPS - 2 * 24 * 24 * 10 * 25  # inputs and weights; the picture needs no gradient


class AsTorchvisionReads(torch.utils.data.Dataset[tuple[Tensor, int]]):
    """What ``torchvision.datasets.MNIST`` does for each image, line by line, from tensors that are here already."""

    def __init__(self, images: Tensor, labels: Tensor, transform: Callable[[Image.Image], Tensor]) -> None:
        self.data, self.targets, self.transform = images, labels, transform

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        image, target = self.data[index], int(self.targets[index])
        return self.transform(Image.fromarray(image.numpy())), target

    def __len__(self) -> int:
        return len(self.data)


class DataLoaderWay:
    """PyTorch's MNIST example: torchvision's data set, transforms per image, a ``DataLoader``."""

    def __init__(self, data: datasets.Dataset) -> None:
        from torchvision import transforms

        both = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
        images = AsTorchvisionReads(data.train_images, data.train_labels, both)
        self.loader = torch.utils.data.DataLoader(images, batch_size=64, shuffle=True)
        self.network, self.optimizer = tutorial_network()

    def turn(self, batches: int) -> float:
        """Train ``batches`` batches; return examples per second."""
        self.network.train()
        start, seen = time.perf_counter(), 0
        for count, (images, labels) in enumerate(self.loader, start=1):
            step(self.network, self.optimizer, images, labels)
            seen += len(labels)
            if count == batches:
                break
        return seen / (time.perf_counter() - start)


class PlainLoop:
    """The plainest loop: tensors in memory, the tutorial's network and optimizer as they are, nothing recorded."""

    def __init__(self, data: datasets.Dataset) -> None:
        self.images, self.labels = datasets.normalise(data.train_images), data.train_labels
        self.network, self.optimizer = tutorial_network()
        self.epoch = 0
        self.losses: list[float] = []
        self.batches: Iterator[Tensor] = iter(())
        self.rng = torch.get_rng_state()  # of its own: the DataLoader draws from the global one in between

    def turn(self, batches: int) -> float:
        """Train ``batches`` batches; return examples per second."""
        torch.set_rng_state(self.rng)
        self.network.train()
        start, seen = time.perf_counter(), 0
        for _ in range(batches):
            indices = self.next_batch()
            images, labels = self.images[indices], self.labels[indices]
            self.losses.append(step(self.network, self.optimizer, images, labels))
            seen += len(indices)
        speed = seen / (time.perf_counter() - start)
        self.rng = torch.get_rng_state()
        return speed

    def next_batch(self) -> Tensor:
        """The run's own order and dropout: a new epoch seeds as the run does."""
        found = next(self.batches, None)
        if found is None:
            self.epoch += 1
            torch.manual_seed(epoch_seed(1, self.epoch))
            self.batches = iter(torch.randperm(len(self.labels)).split(64))
            found = next(self.batches)
        return found


class App:
    """A run as the app trains it, taking turns by pausing after so many batches."""

    def __init__(self, root: Path, threads: int) -> None:
        self.jobs = Jobs(root, limit=1, standby=False)
        self.id = self.jobs.submit(TrainConfig(threads=threads), batches=20)
        self.run = RunFolder(root, self.id)
        self.wait("paused")

    def wait(self, *states: str) -> None:
        """Read as a page does, until the run is in one of these states."""
        while True:
            status = self.run.status()
            if status.state in states:
                return
            if status.problem:
                raise SystemExit(status.problem)
            self.run.curve(1500)
            time.sleep(0.2)

    def turn(self, batches: int) -> float:
        """Train ``batches`` batches; return examples per second between the worker's first and last report."""
        before = self.run.status().seen
        self.jobs.resume(self.id, batches)
        while self.run.status().seen == before:
            time.sleep(0.005)
        start, first = time.perf_counter(), self.run.status().seen
        while self.run.status().state == "running":
            self.run.curve(1500)
            time.sleep(0.02)
        end = next(at for at, event in reversed(self.run.life()) if type(event).__name__ == "Paused")
        elapsed = time.perf_counter() - start - max(0.0, time.time() - end)
        return (self.run.status().seen - first) / elapsed


def tutorial_network() -> tuple[nn.Module, torch.optim.Optimizer]:
    network = nets.build("mnist", seed=1)
    return network, torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.5)


def step(network: nn.Module, optimizer: torch.optim.Optimizer, images: Tensor, labels: Tensor) -> float:
    optimizer.zero_grad()
    loss = F.nll_loss(network(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def accuracy(network: nn.Module, data: datasets.Dataset) -> float:
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
        pairs = list(zip(app.run.losses()[:COMPARED].tolist(), plain.losses, strict=False))
        apart = max(abs(a - b) for a, b in pairs)
        yield Row(NAME, f"largest difference of the first {len(pairs)} losses", apart, "", "< 0.001")
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
    state, (examples, _), loss = new_state(config), prepare(config, data), loss_of(config)
    parts = torch.randperm(len(data.train_labels)).split(config.batch_size)
    state.network.train()
    best = 0.0
    for _ in range(3):
        start, seen = time.perf_counter(), 0
        for indices in parts[: max(1, batches * 64 // config.batch_size)]:
            train_batch(state, *examples[indices], loss)
            seen += len(indices)
        best = max(best, seen / (time.perf_counter() - start))
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
    with profile(activities=[ProfilerActivity.CPU]) as found:
        loop_speed(config, data)
    rows = sorted(found.key_averages(), key=lambda row: -row.self_cpu_time_total)
    total = sum(row.self_cpu_time_total for row in rows)
    for row in rows[:8]:
        yield Row(NAME, f"share of {row.key}", 100 * row.self_cpu_time_total / total, "%")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--batches", type=int, default=BATCHES, help="that each of the three trains in a round")
    parser.add_argument("--quick", action="store_true", help="without the three epochs, the sweep and the profile")
    options = parser.parse_args()
    if not datasets.mnist_is_here():
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
