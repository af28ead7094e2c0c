"""The three ways of training that ``benchmarks.training`` compares: as PyTorch's example, plainly, as the app."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

from core import datasets
from core.networks import registry
from core.training.config import TrainConfig
from core.training.jobs import Jobs
from core.training.network import make, make_optimizer
from core.training.run_folder import RunFolder
from core.training.schedule import epoch_seed

READ_SECONDS = 0.2  # as often as the page reads
Learner = tuple[nn.Module, torch.optim.Optimizer]


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
        start, examples = time.perf_counter(), 0
        for count, (images, labels) in enumerate(self.loader, start=1):
            step(self.network, self.optimizer, images, labels)
            examples += len(labels)
            if count == batches:
                break
        return examples / (time.perf_counter() - start)


class PlainLoop:
    """The plainest loop: tensors in memory, the tutorial's network and optimizer as they are, nothing recorded."""

    def __init__(self, data: datasets.Dataset, learner: Learner | None = None) -> None:
        self.images, self.labels = datasets.normalise(data.train_images), data.train_labels
        self.network, self.optimizer = learner or tutorial_network()
        self.epoch = 0
        self.losses: list[float] = []
        self.batches: Iterator[Tensor] = iter(())
        self.rng = torch.get_rng_state()  # of its own: the DataLoader draws from the global one in between

    def turn(self, batches: int) -> float:
        """Train ``batches`` batches; return examples per second."""
        torch.set_rng_state(self.rng)
        self.network.train()
        start, examples = time.perf_counter(), 0
        for _ in range(batches):
            indices = self.next_batch()
            images, labels = self.images[indices], self.labels[indices]
            self.losses.append(step(self.network, self.optimizer, images, labels))
            examples += len(indices)
        speed = examples / (time.perf_counter() - start)
        self.rng = torch.get_rng_state()
        return speed

    def next_batch(self) -> Tensor:
        """The run's own order and dropout: a new epoch seeds as the run does."""
        batch = next(self.batches, None)
        if batch is None:
            self.epoch += 1
            torch.manual_seed(epoch_seed(1, self.epoch))
            self.batches = iter(torch.randperm(len(self.labels)).split(64))
            batch = next(self.batches)
        return batch


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
            time.sleep(READ_SECONDS)

    def turn(self, batches: int) -> float:
        """Train ``batches`` batches; return examples per second between the worker's first and last report."""
        before = self.run.status().seen
        self.jobs.resume(self.id, batches)
        while self.run.status().seen == before:
            time.sleep(0.005)
        start, first = time.perf_counter(), self.run.status().seen
        while self.run.status().state == "running":
            self.run.curve(1500)
            time.sleep(READ_SECONDS)
        end = next(at for at, event in reversed(self.run.life()) if type(event).__name__ == "Paused")
        elapsed = time.perf_counter() - start - max(0.0, time.time() - end)
        return (self.run.status().seen - first) / elapsed


def tutorial_network(dtype: torch.dtype = torch.float32) -> Learner:
    """Return the network and the optimizer of PyTorch's MNIST example, with seed 1."""
    network = registry.build("mnist", seed=1).to(dtype)
    return network, torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.5)


def nudged_network() -> Learner:
    """The tutorial's network with its first weight moved to the next number that float32 has."""
    network, optimizer = tutorial_network()
    with torch.no_grad():
        first = network.get_parameter("conv1.weight").view(-1)
        first[0] = torch.nextafter(first[0], torch.tensor(torch.inf))
    return network, optimizer


def app_network(dtype: torch.dtype) -> Learner:
    """The network and the optimizer that the app trains."""
    network = make(TrainConfig()).to(dtype)
    return network, make_optimizer(TrainConfig(), network)


def step(network: nn.Module, optimizer: torch.optim.Optimizer, images: Tensor, labels: Tensor) -> float:
    """Take one step of SGD as a tutorial writes it, and return the loss before it."""
    optimizer.zero_grad()
    loss = F.nll_loss(network(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()
