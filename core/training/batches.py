"""How batches are trained: one at a time on the CPU; on CUDA many in a row, by replaying one captured graph.

A batch on a card takes less time than Python needs to launch its kernels and to wait for its loss. So the kernels
of some batches are captured once and replayed, losses stay on the card, and they are read together after some
tenth of a second. Numbers do not depend on how many batches are read together.
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
from core.training.branches import STREAMS, Branches
from core.training.device import get_rng, set_rng
from core.training.examples import Examples
from core.training.network import Loss

READ_SECONDS = 0.1  # losses are read about so often, so that a live curve moves and a command is obeyed soon
MOST = 4096  # batches that are read together
BLOCK = 8  # batches that one graph trains: fewer launches, but a longer capture
NOT_DETERMINISTIC = "does not have a deterministic implementation"  # in torch's message
Step = Callable[[], None]
Capture = Callable[[Step, Step], Step]  # as cuda_graph


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
        """Return the images at the indices ``which``, augmented if there is an ``augment``, and their labels."""
        images, labels = self.examples[which]
        return (self.augment(images) if self.augment else images), labels

    def update(self) -> None:
        """Clip the gradient if ``clip_norm`` is not 0, and take the optimizer's step."""
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


class WatchedStep(Protocol):
    """A step that an ``Observer`` watches: the trainer sets its ``loss``."""

    loss: float


class Observer(Protocol):
    """Watches some steps while they run, and changes nothing (``core.examination.Examiner``)."""

    def is_due(self, step: int) -> bool:
        """Return whether the step after ``step`` batches is to be watched."""

    def watch(self, step: int) -> AbstractContextManager[WatchedStep]:
        """Watch the step that runs inside the context."""


class OneByOne:
    """Trains one batch at a time and reads its loss; ``observer`` watches some, and ``step()`` numbers them."""

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
        if not math.isfinite(loss):  # nothing was updated: run it again, watched, to see where NaN began
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
        loss.backward()
        parts.update()
    return value


def set_rate(optimizer: torch.optim.Optimizer, rate: float | Tensor) -> None:
    """Give ``optimizer`` the learning rate ``rate``."""
    for group in optimizer.param_groups:
        group["lr"] = rate


@dataclass(frozen=True)
class Copy:
    """Weights, buffers, the optimizer's state and the generator's, as they were."""

    tensors: list[Tensor]
    state: dict[Tensor, dict[str, Any]]
    rng: Tensor


class CapturedSteps:
    """Trains full batches by replaying captured steps; the last, smaller batch of an epoch is run as it is.

    ``capture`` turns steps into their replay: ``cuda_graph``, or a stand-in where there is no card. A step is
    forward, backward and update on the examples that a row of ``self.which`` names, int64 (BLOCK, batch_size), at
    the learning rate in ``self.rates``, float32 (BLOCK,): a graph reads both, so new ones need no new graph.
    ``BLOCK`` steps are captured in one graph, and one step in another for what is left over.
    """

    def __init__(
        self,
        parts: Parts,
        batch_size: int,
        capture: Capture,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.parts, self.capture, self.clock = parts, capture, clock
        self.device = parts.examples.labels.device
        self.which = torch.zeros(BLOCK, batch_size, dtype=torch.int64, device=self.device)
        self.losses = torch.zeros(BLOCK, device=self.device)
        self.rates = torch.zeros(BLOCK, device=self.device)
        self.replays: dict[int, Step] = {}  # by how many steps they run
        on_card = self.device.type == "cuda"
        self.branches = Branches([torch.cuda.Stream() for _ in range(STREAMS)] if on_card else [])
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
        if rates:
            set_rate(self.parts.optimizer, rates[-1])  # what the optimizer has when the batches are done
        constant = self.parts.optimizer.param_groups[0]["lr"]
        on_device = torch.tensor(rates or [constant] * len(batches), device=self.device, dtype=torch.float32)
        losses = torch.zeros(len(batches), device=self.device)
        index = 0
        with self._keeping_rates(), rejecting_nondeterminism():
            while index < len(batches):
                count = self._together(batches[index : index + BLOCK])
                self.rates[:count].copy_(on_device[index : index + count])
                self._run_block(batches[index : index + count])
                losses[index : index + count].copy_(self.losses[:count])
                index += count
            return losses.tolist()

    def _together(self, batches: Sequence[Tensor]) -> int:
        """Return how many of ``batches`` one replay trains: all of a whole block, else one."""
        return BLOCK if self.warm and len(batches) == BLOCK and self._is_full(batches[-1]) else 1

    def _is_full(self, which: Tensor) -> bool:
        return len(which) == self.which.shape[1]

    def _run_block(self, batches: Sequence[Tensor]) -> None:
        if self.warm and self._is_full(batches[0]):
            self._replay(batches)
        else:
            self._run_step(batches[0], 0)
            self.warm = True

    def _replay(self, batches: Sequence[Tensor]) -> None:
        count = len(batches)
        torch.stack(list(batches), out=self.which[:count])
        if count not in self.replays:
            before = self._copy()
            self.replays[count] = self.capture(lambda: self._run_steps(count), lambda: self._run_steps(1))
            self._restore(before)
        self.replays[count]()

    def _run_steps(self, count: int) -> None:
        for row in range(count):
            self._run_step(self.which[row], row)

    def _run_step(self, which: Tensor, row: int) -> None:
        """Forward, backward and update on the examples ``which`` at ``self.rates[row]``, on the device alone."""
        set_rate(self.parts.optimizer, self.rates[row])
        images, labels = self.parts.batch(which)
        self.parts.optimizer.zero_grad()
        with self.branches:
            loss = self.parts.loss_function(self.parts.network(images), labels)
        loss.backward()
        self.branches.join()
        self.parts.update()
        self.losses[row].copy_(loss.detach())

    @contextmanager
    def _keeping_rates(self) -> Iterator[None]:
        """Put back the optimizer's own learning rates, which each step replaces by one on the device."""
        groups = self.parts.optimizer.param_groups
        rates = [group["lr"] for group in groups]
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
            self.replays.clear()
            self.warm = False
        for parameter, entry in before.state.items():
            for key, value in entry.items():
                if isinstance(value, Tensor):
                    self.parts.optimizer.state[parameter][key].copy_(value)
                else:
                    self.parts.optimizer.state[parameter][key] = value
        set_rng(self.device.type, before.rng)


@contextmanager
def rejecting_nondeterminism() -> Iterator[None]:
    """Raise ``InvalidSetting`` where torch reports an operation without a deterministic implementation."""
    try:
        yield
    except RuntimeError as error:
        if NOT_DETERMINISTIC not in str(error):
            raise
        raise InvalidSetting(
            N_("{operation} gives other bits each time on CUDA, so a run with it is not exact there: choose cpu"),
            operation=str(error).split(NOT_DETERMINISTIC)[0].strip()[:80],
        ) from error


def cuda_graph(steps: Step, before: Step) -> Step:
    """Capture ``steps`` as a CUDA graph and return what replays it; ``before`` runs first: torch makes its plans.

    Source: "Whole-network capture" in PyTorch's notes on CUDA semantics.
    """
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        before()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        steps()
    return graph.replay
