"""The loop: ``train(config, data)`` yields what happens, one event at a time. No files, no clock, no screen.

A run's history is a pure function of its configuration, its data, and ``changes`` (step -> learning rate):
each epoch seeds torch's generator by (seed, epoch), draws its order from it, and then its dropout masks.
The generator is torch's global one, so one ``train`` at a time owns a process's randomness and threads.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.datasets import Dataset
from core.training.config import TrainConfig
from core.training.events import Batch, Changed, Diverged, Finished, History, Saved, Tested
from core.training.examples import Examples, prepare
from core.training.network import Loss, loss_of, make, make_optimizer
from core.training.testing import evaluate
from core.training.timetable import Timetable, epoch_seed

NO_CHANGES: Mapping[int, float] = {}


@dataclass
class TrainState:
    """What changes while a run trains; between two events it stands still and can be captured.

    ``step`` batches are done. ``tested`` says whether the test that belongs to this step, if any, is done.
    ``rng`` is the generator's state to go on with; it counts in the middle of an epoch, each epoch seeds anew.
    """

    network: nn.Module
    optimizer: torch.optim.Optimizer
    step: int = 0
    tested: bool = False
    rng: Tensor | None = None


def new_state(config: TrainConfig) -> TrainState:
    """Return the state before the first batch: the seed's initial weights, an optimizer that remembers nothing."""
    network = make(config).to(config.device)
    return TrainState(network, make_optimizer(config, network))


def train(
    config: TrainConfig,
    data: Dataset,
    state: TrainState | None = None,
    changes: Mapping[int, float] = NO_CHANGES,
) -> Iterator[History]:
    """Train and yield the history from ``state`` on; the test of epoch 0 comes first, ``Finished`` last.

    ``changes[k]`` is the learning rate from the batch after step ``k`` on. The mapping may grow while the loop
    stands at an event of step ``k``. A loss that is not finite updates nothing and ends the
    history with ``Diverged``.
    """
    torch.set_num_threads(config.threads)
    state = state or new_state(config)
    training, testing = prepare(config, data)
    times = Timetable.of(config, len(data.train_labels))
    loss_function = loss_of(config)
    while True:
        if not state.tested and times.ends_epoch(state.step):
            for event in boundary(config, testing, state, times, loss_function):
                yield event
                if isinstance(event, Diverged):
                    return
        if state.step >= times.steps:
            yield Finished(state.step, times.epoch(state.step), times.seen(state.step))
            return
        for event in epoch_batches(config, training, state, changes, times, loss_function):
            yield event
            if isinstance(event, Diverged):
                return


def boundary(
    config: TrainConfig, examples: Examples, state: TrainState, times: Timetable, loss_function: Loss
) -> Iterator[History]:
    """Test after 0, 1, ... n epochs; what tests well enough to have a finite loss is worth a checkpoint."""
    at = state.step, times.epoch(state.step), times.seen(state.step)
    tested = Tested(*at, **evaluate(state.network, examples, config, loss_function))
    if not math.isfinite(tested.loss):
        yield diverged(tested.loss, state, times)
        return
    yield tested
    state.tested = True
    yield Saved(*at, checkpoint=f"epoch-{at[1]}")


def epoch_batches(
    config: TrainConfig,
    examples: Examples,
    state: TrainState,
    changes: Mapping[int, float],
    times: Timetable,
    loss_function: Loss,
) -> Iterator[History]:
    """Train what is left of the current epoch."""
    epoch = times.epoch(state.step + 1)
    torch.manual_seed(epoch_seed(config.seed, times.epochs_before + epoch))
    batches = torch.randperm(times.examples).to(config.device).split(config.batch_size)  # type: ignore[no-untyped-call]
    if state.rng is not None and not times.ends_epoch(state.step):
        set_rng(config.device, state.rng)
    state.rng = None
    state.network.train()
    for indices in batches[state.step - times.first_step(epoch) :]:
        yield from change(state, changes, times)
        loss = train_batch(state, *examples[indices], loss_function)
        if not math.isfinite(loss):
            yield diverged(loss, state, times)
            return
        state.step += 1
        state.tested = False
        yield Batch(state.step, epoch, times.seen(state.step), loss)


def train_batch(state: TrainState, images: Tensor, labels: Tensor, loss_function: Loss) -> float:
    """Forward, backward and update on one batch; a loss that is not finite updates nothing. Return the loss."""
    state.optimizer.zero_grad()
    loss = loss_function(state.network(images), labels)
    value = loss.item()
    if math.isfinite(value):
        loss.backward()  # type: ignore[no-untyped-call]
        state.optimizer.step()
    return value


def change(state: TrainState, changes: Mapping[int, float], times: Timetable) -> Iterator[Changed]:
    """Set the learning rate that ``changes`` asks for at this step, and say so when it is another one."""
    wanted = changes.get(state.step)
    if wanted is None or wanted == state.optimizer.param_groups[0]["lr"]:
        return
    for group in state.optimizer.param_groups:
        group["lr"] = wanted
    yield Changed(state.step, times.seen(state.step), wanted)


def diverged(loss: float, state: TrainState, times: Timetable) -> Diverged:
    """Say that the run cannot go on; the last good checkpoint is that of the last test."""
    what = "nan" if math.isnan(loss) else "infinite"
    finished = (state.step - (0 if state.tested else 1)) // times.batches_per_epoch
    checkpoint = f"epoch-{finished}" if finished >= 0 else ""
    rate = state.optimizer.param_groups[0]["lr"]
    return Diverged(state.step, times.epoch(state.step), times.seen(state.step), what, rate, checkpoint)


def get_rng(device: str) -> Tensor:
    """Return the state of the generator that dropout on ``device`` draws from."""
    if device == "cuda":
        return torch.cuda.get_rng_state()
    return torch.mps.get_rng_state() if device == "mps" else torch.get_rng_state()


def set_rng(device: str, rng: Tensor) -> None:
    """Put back what ``get_rng`` returned."""
    if device == "cuda":
        torch.cuda.set_rng_state(rng)
    elif device == "mps":
        torch.mps.set_rng_state(rng)
    else:
        torch.set_rng_state(rng)
