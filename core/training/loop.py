"""The loop: ``train(config, data)`` yields what happens, one event at a time. No files, no clock, no screen.

A run's history is a pure function of its configuration, its data, and ``changes`` (step -> learning rate):
each epoch seeds torch's generator by (seed, epoch), draws its order from it, and then the augmentation and the
dropout masks of its batches.
The generator is torch's global one, so one ``train`` at a time owns a process's randomness and threads.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from core.datasets import Dataset
from core.training.augmentation import augment
from core.training.batches import CapturedSteps, Observer, OneByOne, Parts, Trainer, cuda_graph, set_rate
from core.training.config import TrainConfig
from core.training.device import ask_for_equal_bits, set_rng
from core.training.evaluation import evaluate
from core.training.events import Batch, Changed, Diverged, Finished, History, Saved, Tested
from core.training.examples import Examples, prepare
from core.training.learning_rate import Rates
from core.training.network import Loss, loss_of, make, make_optimizer
from core.training.schedule import Schedule, epoch_seed

NO_CHANGES: Mapping[int, float] = {}
FOREVER = 2**62  # steps


@dataclass
class TrainState:
    """What changes while a run trains; between two events it stands still and can be captured.

    ``step`` batches are done. ``tested`` says whether the test that belongs to this step, if any, is done.
    ``rng`` is the generator's state to go on with; it counts in the middle of an epoch, each epoch seeds again.
    ``best_loss`` is the lowest test loss and ``epochs_since_best`` how many epochs ended since; ``rates`` is the
    state of the learning-rate schedule, None where there is none.
    """

    network: nn.Module
    optimizer: torch.optim.Optimizer
    step: int = 0
    tested: bool = False
    rng: Tensor | None = None
    best_loss: float | None = None
    epochs_since_best: int = 0
    rates: dict[str, Any] | None = None


def new_state(config: TrainConfig) -> TrainState:
    """Return the state before the first batch: the seed's initial weights, an optimizer without state."""
    network = make(config).to(config.device)
    return TrainState(network, make_optimizer(config, network))


def train(
    config: TrainConfig,
    data: Dataset,
    state: TrainState | None = None,
    changes: Mapping[int, float] = NO_CHANGES,
    until: Callable[[], int] = lambda: FOREVER,
    observer: Observer | None = None,
) -> Iterator[History]:
    """Train and yield the history from ``state`` on; the test of epoch 0 comes first, ``Finished`` last.

    ``changes[k]`` is the learning rate from the batch after step ``k`` on; it ends the schedule. The mapping may
    grow while the loop stands at an event whose step is ``state.step``: on a card several batches are trained
    before their events come, and ``state`` is that of the last. No batch after step ``until()`` is trained
    together with those before it. A loss that is not finite updates nothing and ends the history with
    ``Diverged``. ``observer`` looks at some steps and changes none of it; on CUDA, where steps are replayed, it
    sees none.
    """
    torch.set_num_threads(config.threads)
    ask_for_equal_bits(config.device)
    state = state or new_state(config)
    training, testing = prepare(config, data)
    times = Schedule.of(config, len(data.train_labels))
    loss_function = loss_of(config)
    trainer = make_trainer(config, state, training, loss_function, observer)
    rates = make_rates(config, state, times)
    while True:
        if not state.tested and times.ends_epoch(state.step):
            for event in boundary(config, testing, state, times, loss_function):
                yield event
                if isinstance(event, Diverged):
                    return
        if state.step >= times.steps or stops_early(config, state):
            yield Finished(state.step, times.epoch(state.step), times.examples_at(state.step))
            return
        for event in epoch_batches(config, trainer, state, changes, times, until, rates):
            yield event
            if isinstance(event, Diverged):
                return


def boundary(
    config: TrainConfig, examples: Examples, state: TrainState, times: Schedule, loss_function: Loss
) -> Iterator[History]:
    """Evaluate after 0, 1, ... n epochs; a network whose loss is finite is worth a checkpoint."""
    at = state.step, times.epoch(state.step), times.examples_at(state.step)
    tested = Tested(*at, **evaluate(state.network, examples, config, loss_function))
    if not math.isfinite(tested.loss):
        yield diverged(tested.loss, state, times)
        return
    improved = state.best_loss is None or tested.loss < state.best_loss
    yield tested
    state.tested = True
    state.best_loss = tested.loss if improved else state.best_loss
    state.epochs_since_best = 0 if improved else state.epochs_since_best + 1
    yield Saved(*at, checkpoint=f"epoch-{at[1]}")


def stops_early(config: TrainConfig, state: TrainState) -> bool:
    """Return whether the test loss has not improved for ``config.patience`` epochs."""
    return state.tested and 0 < config.patience <= state.epochs_since_best


def make_rates(config: TrainConfig, state: TrainState, times: Schedule) -> Rates | None:
    """Return the schedule of the learning rate where the state left it; None for a constant rate."""
    if config.schedule == "constant":
        return None
    rates = Rates(config, times)
    if state.rates is not None:
        rates.load(state.rates)
    return rates


def parts_of(config: TrainConfig, state: TrainState, examples: Examples, loss_function: Loss) -> Parts:
    """Return what a batch of ``config`` needs."""
    augmenting = partial(augment, shift=config.shift, rotate=config.rotate) if config.augments else None
    return Parts(state.network, state.optimizer, examples, loss_function, augmenting, config.clip_norm)


def make_trainer(
    config: TrainConfig,
    state: TrainState,
    examples: Examples,
    loss_function: Loss,
    observer: Observer | None = None,
) -> Trainer:
    """Return what trains the batches: by a captured graph on CUDA, else one after the other."""
    parts = parts_of(config, state, examples, loss_function)
    if config.device == "cuda":
        return CapturedSteps(parts, config.batch_size, cuda_graph)
    return OneByOne(parts, observer, lambda: state.step)


def epoch_batches(
    config: TrainConfig,
    trainer: Trainer,
    state: TrainState,
    changes: Mapping[int, float],
    times: Schedule,
    until: Callable[[], int],
    rates: Rates | None = None,
) -> Iterator[History]:
    """Train what is left of the current epoch."""
    epoch = times.epoch(state.step + 1)
    torch.manual_seed(epoch_seed(config.seed, times.epochs_before + epoch))
    batches = torch.randperm(times.examples).to(config.device).split(config.batch_size)
    if state.rng is not None and not times.ends_epoch(state.step):
        set_rng(config.device, state.rng)
    state.rng = None
    state.network.train()
    first, end = times.first_step(epoch), times.first_step(epoch + 1)
    while state.step < end:
        yield from change(state, changes, times, rates is not None)
        stop = together(state.step, trainer.most, until(), end, changes)
        start = state.step
        coming = coming_rates(rates, start, stop, changes)
        losses = trainer.train(batches[start - first : stop - first], coming)
        state.rates = rates.state() if rates is not None and coming else state.rates
        failed = not math.isfinite(losses[-1])
        state.step += len(losses) - failed
        state.tested = state.tested and state.step == start
        for step, loss in enumerate(losses[: len(losses) - failed], start=start + 1):
            yield Batch(step, epoch, times.examples_at(step), loss)
        if failed:
            yield diverged(losses[-1], state, times)
            return


def together(step: int, most: int, until: int, end: int, changes: Mapping[int, float]) -> int:
    """Return the step up to which batches are trained together: one at least, and none beyond a change of rate."""
    change = min((at for at in changes if at > step), default=end)
    return max(step + 1, min(step + most, until, end, change))


def coming_rates(rates: Rates | None, start: int, stop: int, changes: Mapping[int, float]) -> list[float]:
    """Return the rates of the batches up to ``stop``; none where the rate is constant or was set by hand."""
    if rates is None or any(at <= start for at in changes):
        return []
    return [rates.at(step) for step in range(start, stop)]


def change(
    state: TrainState, changes: Mapping[int, float], times: Schedule, scheduled: bool = False
) -> Iterator[Changed]:
    """Set the learning rate that ``changes`` asks for at this step, and say so when it is another one.

    One that ends a schedule is said in any case.
    """
    rate = changes.get(state.step)
    if rate is None or (rate == state.optimizer.param_groups[0]["lr"] and not scheduled):
        return
    set_rate(state.optimizer, rate)
    yield Changed(state.step, times.examples_at(state.step), rate)


def diverged(loss: float, state: TrainState, times: Schedule) -> Diverged:
    """Say that the run cannot go on; the last good checkpoint is that of the last test."""
    what = "nan" if math.isnan(loss) else "infinite"
    finished = (state.step - (0 if state.tested else 1)) // times.batches_per_epoch
    checkpoint = f"epoch-{finished}" if finished >= 0 else ""
    rate = state.optimizer.param_groups[0]["lr"]
    return Diverged(state.step, times.epoch(state.step), times.examples_at(state.step), what, rate, checkpoint)
