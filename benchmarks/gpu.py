"""Training on a card: exact, and how fast, against the plain loop in the same run and against the card's limit.

    python -m benchmarks.gpu            # a minute or two on a machine with a CUDA card, nothing elsewhere
    python -m benchmarks.gpu --json

MNIST in the folder that STEPWISE_DATA names is used where it is; else the built-in digits, repeated to its size:
the speed is the same. The plain loop is PyTorch's as one writes it: data on the card, one loss read a batch.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import torch
from torch import Tensor

from benchmarks import report
from benchmarks.report import Row
from benchmarks.resume import digest
from benchmarks.training import FLOPS, FLOPS_BACKWARD, apart
from core import datasets
from core.training.batches import OneByOne, Parts
from core.training.config import TrainConfig
from core.training.device import ask_for_equal_bits
from core.training.events import Batch, Tested
from core.training.examples import prepare
from core.training.loop import TrainState, new_state, train
from core.training.network import loss_of, make, make_optimizer
from core.training.schedule import epoch_seed

NAME = "gpu"
COMPARED = 200  # losses
ROUNDS = 3
TUTORIAL = TrainConfig(device="cuda")
NORM = "stack:1x28x28~conv-o8-k5~norm~max-k2~relu~dropout~flatten~linear-i1152-o10"
VARIED = {
    "batch 16": TUTORIAL.with_(batch_size=16),
    "batch 512": TUTORIAL.with_(batch_size=512),
    "batch 4096": TUTORIAL.with_(batch_size=4096),
    "Adam": TUTORIAL.with_(optimizer="adam", learning_rate=0.001),
    "Nesterov": TUTORIAL.with_(optimizer="nesterov", momentum=0.9),
    "RMSprop": TUTORIAL.with_(optimizer="rmsprop", learning_rate=0.0005),
    "LeNet 5×5": TUTORIAL.with_(network="lenet5"),
    "batch norm": TUTORIAL.with_(network=NORM),
}


def data() -> datasets.Dataset:
    """Return MNIST, or the built-in digits repeated to 60,000 and 10,000 images."""
    if "mnist" in datasets.available():
        return datasets.load("mnist")
    small = datasets.load("digits")

    def repeated(values: Tensor, count: int) -> Tensor:
        return values.repeat(-(-count // len(values)), *[1] * (values.dim() - 1))[:count]

    return replace(
        small,
        train_images=repeated(small.train_images, 60_000),
        train_labels=repeated(small.train_labels, 60_000),
        test_images=repeated(small.test_images, 10_000),
        test_labels=repeated(small.test_labels, 10_000),
    )


def whole_run(config: TrainConfig, examples: datasets.Dataset) -> tuple[float, TrainState, list[float], float]:
    """Train to the end; return seconds, the last state, all losses, and the last accuracy."""
    torch.cuda.synchronize()
    start, state = time.perf_counter(), new_state(config)
    losses, accuracy = [], 0.0
    for event in train(config, examples, state):
        if isinstance(event, Batch):
            losses.append(event.loss)
        elif isinstance(event, Tested):
            accuracy = event.accuracy
    torch.cuda.synchronize()
    return time.perf_counter() - start, state, losses, accuracy


def plain_losses(
    config: TrainConfig, examples: datasets.Dataset, batches: int, repeatable: bool = False
) -> tuple[list[float], float]:
    """Train ``batches`` batches as one writes it; return losses and images a second.

    With torch's default kernels, or with ``repeatable`` ones, those of a run.
    """
    torch.set_num_threads(config.threads)
    ask_for_equal_bits(config.device if repeatable else "cpu")
    network = make(config).to(config.device)
    training, _ = prepare(config, examples)
    trainer = OneByOne(Parts(network, make_optimizer(config, network), training, loss_of(config)))
    network.train()
    losses: list[float] = []
    start, epoch, count = time.perf_counter(), 0, 0
    while len(losses) < batches:
        epoch += 1
        torch.manual_seed(epoch_seed(config.seed, epoch))
        order = torch.randperm(len(examples.train_labels)).to(config.device)
        for which in order.split(config.batch_size)[: batches - len(losses)]:
            losses += trainer.train([which])
            count += len(which)
    return losses, count / (time.perf_counter() - start)


def speed(config: TrainConfig, examples: datasets.Dataset) -> float:
    """Return images a second of whole runs without their first epoch, the median of some."""
    speeds = []
    for _ in range(ROUNDS):
        marks: list[tuple[float, int]] = []
        for event in train(config.with_(epochs=3), examples, new_state(config)):
            if isinstance(event, Tested):
                torch.cuda.synchronize()
                marks.append((time.perf_counter(), event.seen))
        speeds.append(max((b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(marks[1:])))
    return statistics.median(speeds)


def measure() -> Iterator[Row]:
    """Measure everything on the first card."""
    examples = data()
    memory = torch.cuda.get_device_properties(0).total_memory / 2**30
    yield Row(NAME, f"card: {torch.cuda.get_device_name()}, torch {torch.__version__}", memory, "GiB")
    whole_run(TUTORIAL.with_(epochs=1), examples)  # libraries are loaded, kernels chosen
    runs = [whole_run(TUTORIAL, examples) for _ in range(ROUNDS)]
    seconds = statistics.median(run[0] for run in runs)
    yield Row(NAME, "three epochs with their four tests, batch 64", seconds, "s", "<= 0.6")
    equal = all(digest(run[1]) == digest(runs[0][1]) and run[2] == runs[0][2] for run in runs)
    yield Row(NAME, f"of {ROUNDS} runs, losses and weights equal bit for bit", 100 * equal, "%", ">= 100")
    yield Row(NAME, "test accuracy after three epochs", 100 * runs[0][3], "%")
    off = TUTORIAL.with_(dropout=False, epochs=1)
    ours = whole_run(off, examples)[2][:COMPARED]
    same, default, again = (
        plain_losses(off, examples, COMPARED, repeatable)[0] for repeatable in (True, False, False)
    )
    what = f"largest difference of the first {COMPARED} losses without dropout"
    yield Row(NAME, f"{what}: from the plain loop with the same kernels", apart(ours, same), "", "< 0.001")
    yield Row(NAME, f"{what}: from the plain loop with torch's default kernels", apart(ours, default), "")
    yield Row(NAME, f"{what}: of that loop from itself, run twice", apart(again, default), "")
    for name, config in {"batch 64": TUTORIAL, **VARIED}.items():
        batches = min(400, 3 * -(-60_000 // config.batch_size))
        _, plain = plain_losses(config, examples, batches)
        fast = speed(config, examples)
        yield Row(NAME, f"{name}: images a second", fast, "images/s")
        yield Row(NAME, f"{name}: against the plain loop", fast / plain, "times")
        if config is TUTORIAL or name.startswith("batch "):
            yield Row(NAME, f"{name}: of the card's matrix multiplication", 100 * share_of_limit(fast), "%")


def share_of_limit(images_a_second: float) -> float:
    """Return the part of the card's float32 matrix multiplication that the tutorial's network uses."""
    a, b = torch.randn(4096, 4096, device="cuda"), torch.randn(4096, 4096, device="cuda")
    best = float("inf")
    for _ in range(5):
        torch.cuda.synchronize()
        start = time.perf_counter()
        a @ b
        torch.cuda.synchronize()
        best = min(best, time.perf_counter() - start)
    return images_a_second * (FLOPS + FLOPS_BACKWARD) * best / (2 * 4096**3)


def main() -> int:
    """Measure, where there is a card."""
    if not torch.cuda.is_available():
        print("no CUDA device here")
        return 0
    return report.main(measure, __doc__.splitlines()[0] if __doc__ else "")


if __name__ == "__main__":
    sys.exit(main())
