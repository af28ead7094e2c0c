"""How batches are trained: one at a time on the CPU; on CUDA many in a row, by replaying one captured graph.

A batch on a card takes less time than Python needs to launch its kernels and to wait for its loss. So the kernels
of one batch are captured once and replayed, losses stay on the card, and they are read together after some tenth of
a second. Numbers do not depend on how many batches are read together.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from core.errors import N_, InvalidSetting
from core.training.device import get_rng, set_rng
from core.training.examples import Examples
from core.training.network import Loss

READ_SECONDS = 0.1  # losses are read about so often, so that a live curve moves and a command is obeyed soon
MOST = 4096  # batches that are read together
NOT_REPEATABLE = "does not have a deterministic implementation"  # torch's words
Step = Callable[[], None]


@dataclass(frozen=True)
class Parts:
    """What a batch of training needs."""

    network: nn.Module
    optimizer: torch.optim.Optimizer
    examples: Examples
    loss_function: Loss
    augment: Callable[[Tensor], Tensor] | None = None
    clip_norm: float = 0.0  # 0: the gradient is left as it is

    def batch(self, which: Tensor) -> tuple[Tensor, Tensor]:
        """Return these images, augmented where that is wanted, and their labels."""
        images, labels = self.examples[which]
        return (self.augment(images) if self.augment else images), labels

    def update(self, loss: Tensor) -> None:
        """Backward, clip the gradient where that is wanted, and update."""
        loss.backward()
        if self.clip_norm:
            nn.utils.clip_grad_norm_(self.network.parameters(), self.clip_norm)
        self.optimizer.step()


class Trainer(Protocol):
    """Trains batches of examples; ``most`` is how many it takes at once."""

    most: int

    def train(self, batches: Sequence[Tensor], rates: Sequence[float] = ()) -> list[float]:
        """Train on ``batches``, each int64 (n,) indices of examples, and return their losses.

        ``rates`` are their learning rates; without them the optimizer's stays. A loss that is not finite updates
        nothing and is the last that is returned.
        """


class Watched(Protocol):
    """A step that is looked at: who trains it says its ``loss``."""

    loss: float


class Observer(Protocol):
    """Looks at some steps while they run, and changes nothing (``core.examination.Examiner``)."""

    def is_due(self, step: int) -> bool:
        """Return whether the step after ``step`` batches is one to look at."""

    def watch(self, step: int) -> AbstractContextManager[Watched]:
        """Look at the step that runs inside."""


class OneByOne:
    """Trains one batch and reads its loss, then the next; ``observer`` looks at some, numbered by ``step``."""

    most = 1

    def __init__(self, parts: Parts, observer: Observer | None = None, step: Callable[[], int] = lambda: 0) -> None:
        self.parts, self.observer, self.step = parts, observer, step

    def train(self, batches: Sequence[Tensor], rates: Sequence[float] = ()) -> list[float]:
        """See ``Trainer.train``."""
        losses: list[float] = []
        for index, which in enumerate(batches):
            if rates:
                set_rate(self.parts.optimizer, rates[index])
            losses.append(self._train(which, self.step() + len(losses)))
            if not math.isfinite(losses[-1]):
                break
        return losses

    def _train(self, which: Tensor, step: int) -> float:
        if self.observer is None:
            return train_batch(self.parts, which)
        if self.observer.is_due(step):
            return self._watched(self.observer, which, step)
        before = torch.get_rng_state()
        loss = train_batch(self.parts, which)
        if not math.isfinite(loss):  # nothing was updated: the same again, to see where it began
            torch.set_rng_state(before)
            self._watched(self.observer, which, step)
        return loss

    def _watched(self, observer: Observer, which: Tensor, step: int) -> float:
        with observer.watch(step) as watched:
            watched.loss = train_batch(self.parts, which)
            return watched.loss


def train_batch(parts: Parts, which: Tensor) -> float:
    """Forward, backward and update on one batch; a loss that is not finite updates nothing. Return the loss."""
    images, labels = parts.batch(which)
    parts.optimizer.zero_grad()
    loss = parts.loss_function(parts.network(images), labels)
    value = loss.item()
    if math.isfinite(value):
        parts.update(loss)
    return value


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Give ``optimizer`` the learning rate ``rate``."""
    for group in optimizer.param_groups:
        group["lr"] = rate


@dataclass(frozen=True)
class Copy:
    """Weights, buffers, the optimizer's state and the generator's, as they were."""

    tensors: list[Tensor]
    state: dict[Tensor, dict[str, Any]]
    rng: Tensor


class Captured:
    """Trains full batches by replaying one captured step; the last, smaller batch of an epoch is run as it is.

    ``capture`` turns a step into its replay: ``cuda_graph``, or a stand-in where there is no card. A step is
    forward, backward and update on the examples that ``self.which`` names, int64 (batch_size,).
    """

    def __init__(
        self,
        parts: Parts,
        batch_size: int,
        capture: Callable[[Step], Step],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.parts, self.capture, self.clock = parts, capture, clock
        self.device = parts.examples.labels.device
        self.which = torch.zeros(batch_size, dtype=torch.int64, device=self.device)
        self.loss = torch.zeros((), device=self.device)
        self.rate = torch.zeros((), device=self.device)  # a graph reads it, so a new rate needs no new graph
        self.replay: Step | None = None
        self.warm = bool(parts.optimizer.state)  # a graph must find the state that the first step makes
        self.most = 1

    def train(self, batches: Sequence[Tensor], rates: Sequence[float] = ()) -> list[float]:
        """See ``Trainer.train``."""
        start = self.clock()
        before = self._copy()
        losses = self._run(batches, rates)
        count = next((index for index, loss in enumerate(losses) if not math.isfinite(loss)), None)
        if count is not None:  # the batches after it went on with numbers that are lost: again, up to it
            self._restore(before)
            self._run(batches[:count], rates[:count])
            return losses[: count + 1]
        seconds = max(self.clock() - start, 1e-6)
        self.most = max(1, min(MOST, int(READ_SECONDS * len(batches) / seconds), 2 * self.most))
        return losses

    def _run(self, batches: Sequence[Tensor], rates: Sequence[float]) -> list[float]:
        """Train on ``batches``, whatever their losses are, and read all losses at once."""
        losses = torch.zeros(len(batches), device=self.device)
        if rates:
            set_rate(self.parts.optimizer, rates[-1])  # what the optimizer has when the batches are done
        with self._rate_on_device(), refusing_what_differs():
            for index, which in enumerate(batches):
                if rates:
                    self.rate.fill_(rates[index])
                if self.warm and len(which) == len(self.which):
                    self._replay(which)
                else:
                    self._step(which)
                    self.warm = True
                losses[index].copy_(self.loss)
            return losses.tolist()

    def _replay(self, which: Tensor) -> None:
        self.which.copy_(which)
        if self.replay is None:
            before = self._copy()
            self.replay = self.capture(lambda: self._step(self.which))
            self._restore(before)
        self.replay()

    def _step(self, which: Tensor) -> None:
        """Forward, backward and update on the examples ``which``; the loss stays on the device."""
        images, labels = self.parts.batch(which)
        self.parts.optimizer.zero_grad()
        loss = self.parts.loss_function(self.parts.network(images), labels)
        self.parts.update(loss)
        self.loss.copy_(loss.detach())

    @contextmanager
    def _rate_on_device(self) -> Iterator[None]:
        """Let the optimizer read its learning rate from the device, in every step alike."""
        groups = self.parts.optimizer.param_groups
        rates = [group["lr"] for group in groups]
        self.rate.fill_(rates[0])
        for group in groups:
            group["lr"] = self.rate
        try:
            yield
        finally:
            for group, rate in zip(groups, rates, strict=True):
                group["lr"] = rate

    def _tensors(self) -> list[Tensor]:
        return [*self.parts.network.parameters(), *self.parts.network.buffers()]

    def _copy(self) -> Copy:
        """Copy what a step changes."""
        state = {
            parameter: {key: value.clone() if isinstance(value, Tensor) else value for key, value in entry.items()}
            for parameter, entry in self.parts.optimizer.state.items()
        }
        return Copy([tensor.detach().clone() for tensor in self._tensors()], state, get_rng(self.device.type))

    def _restore(self, before: Copy) -> None:
        """Put back what ``_copy`` copied, in place: a graph knows tensors by where they are."""
        with torch.no_grad():
            for tensor, old in zip(self._tensors(), before.tensors, strict=True):
                tensor.copy_(old)
        if not before.state and self.parts.optimizer.state:
            self.parts.optimizer.state.clear()
            self.replay, self.warm = None, False
        for parameter, entry in before.state.items():
            for key, value in entry.items():
                if isinstance(value, Tensor):
                    self.parts.optimizer.state[parameter][key].copy_(value)
                else:
                    self.parts.optimizer.state[parameter][key] = value
        set_rng(self.device.type, before.rng)


@contextmanager
def refusing_what_differs() -> Iterator[None]:
    """Turn torch's error of an operation whose bits differ from time to time into ``InvalidSetting``."""
    try:
        yield
    except RuntimeError as error:
        if NOT_REPEATABLE not in str(error):
            raise
        raise InvalidSetting(
            N_("{operation} gives other bits each time on CUDA, so a run with it is not exact there: choose cpu"),
            operation=str(error).split(NOT_REPEATABLE)[0].strip()[:80],
        ) from error


def cuda_graph(step: Step) -> Step:
    """Capture ``step`` as a CUDA graph and return what replays it; three runs before it let torch make its plans.

    Source: "Whole-network capture" in PyTorch's notes on CUDA semantics.
    """
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay
