"""Many batches at once: the same losses and weights however many are read together, on a card too."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from benchmarks.resume import digest
from core.errors import InvalidSetting
from core.training import checkpoint, loop
from core.training.batches import CapturedSteps, OneByOne, Parts, Step, Trainer, rejecting_nondeterminism
from core.training.config import TrainConfig
from core.training.device import ask_for_equal_bits
from core.training.events import Batch, Changed, Diverged, History
from core.training.examples import Examples
from core.training.loop import TrainState, new_state, parts_of, train
from core.training.network import Loss
from core.training.schedule import Schedule
from tests.training.data import SMALL, tiny_dataset

DATA = tiny_dataset()
RATE = 2**-6  # float32 holds it exactly, as a rate on a card must be held
NORM = "stack:1x28x28~conv-o4-k5~norm~max-k2~relu~dropout~flatten~linear-i576-o10"
CONFIGS = {
    "sgd": SMALL.with_(learning_rate=RATE),
    "sgd without momentum": SMALL.with_(learning_rate=RATE, momentum=0.0),
    "adam": SMALL.with_(optimizer="adam", learning_rate=2**-9),
    "nesterov": SMALL.with_(optimizer="nesterov", learning_rate=RATE, momentum=0.5, weight_decay=2**-12),
    "rmsprop and batch norm": SMALL.with_(optimizer="rmsprop", learning_rate=2**-10, network=NORM),
    "lenet": SMALL.with_(network="lenet5", learning_rate=RATE),
    "clipped and augmented": SMALL.with_(learning_rate=RATE, clip_norm=0.5, shift=2, rotate=10.0),
    "rates that halve": SMALL.with_(learning_rate=RATE, schedule="step", gamma=0.5),
}


def runs_before_it_captures(steps: Step, before: Step) -> Step:
    """What stands in for a graph: like one it runs a step some times first, and then replays all."""
    before(), before()
    return steps


def one_by_one(
    config: TrainConfig, state: TrainState, examples: Examples, loss: Loss, _observer: object
) -> OneByOne:
    """Make what trains one batch after the other."""
    return OneByOne(parts_of(config, state, examples, loss))


def history_by(
    trainer: Callable[..., Trainer], config: TrainConfig, state: TrainState, **options: Any
) -> list[History]:
    """Return the history of ``config`` as ``trainer`` trains it, and leave ``state`` at its end."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(loop, "make_trainer", trainer)
        return list(train(config, DATA, state, **options))


def captured_trainer(most: int = 5) -> Callable[..., CapturedSteps]:
    """Return what makes a trainer that takes ``most`` batches at once and never measures."""

    class FixedSteps(CapturedSteps):
        def train(self, which: Sequence[Tensor], rates: Sequence[float] = ()) -> list[float]:
            losses = super().train(which, rates)
            self.most = most
            return losses

    def make(
        config: TrainConfig, state: TrainState, examples: Examples, loss: Loss, _observer: object
    ) -> CapturedSteps:
        parts = parts_of(config, state, examples.ready(), loss)
        return FixedSteps(parts, config.batch_size, runs_before_it_captures)

    return make


TOGETHER = pytest.mark.parametrize("most", [1, 3, 5, 100])


@TOGETHER
@pytest.mark.parametrize("name", CONFIGS)
def test_history_and_weights_are_those_of_one_batch_after_the_other(name: str, most: int) -> None:
    config = CONFIGS[name]
    ours, theirs = new_state(config), new_state(config)
    assert history_by(captured_trainer(most), config, ours) == history_by(one_by_one, config, theirs)
    assert digest(ours) == digest(theirs)


@TOGETHER
def test_a_rate_changes_at_its_step_in_the_middle_of_what_would_be_read_together(most: int) -> None:
    config, changes = CONFIGS["sgd"], {2: 2**-4, 5: 2**-8}
    history = history_by(captured_trainer(most), config, new_state(config), changes=changes)
    assert [event.step for event in history if isinstance(event, Changed)] == [2, 5]
    assert history == history_by(one_by_one, config, new_state(config), changes=changes)


def test_no_batch_beyond_the_step_at_which_one_wants_to_stop_is_trained() -> None:
    for stop in range(1, 8):
        state = new_state(SMALL)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(loop, "make_trainer", captured_trainer(100))
            for event in train(SMALL, DATA, state, until=lambda stop=stop: stop):
                if isinstance(event, Batch) and event.step == stop:
                    break
        assert state.step == stop


@TOGETHER
def test_a_run_resumed_between_two_readings_is_the_run_that_was_never_stopped(most: int, tmp_path: Path) -> None:
    config = CONFIGS["rmsprop and batch norm"]
    times = Schedule.of(config, len(DATA.train_labels))
    whole, stopped = new_state(config), new_state(config)
    expected = history_by(captured_trainer(most), config, whole)
    histories: list[History] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(loop, "make_trainer", captured_trainer(most))
        for event in train(config, DATA, stopped):
            histories.append(event)
            if isinstance(event, Batch) and event.step == stopped.step >= 2:
                break
    saved = checkpoint.write(tmp_path, f"step-{stopped.step}", checkpoint.capture(stopped, config, times))
    resumed = checkpoint.restore(config, checkpoint.load(saved))
    assert histories + history_by(captured_trainer(most), config, resumed) == expected
    assert digest(resumed) == digest(whole)


@TOGETHER
def test_a_loss_that_is_not_finite_updates_nothing_and_undoes_what_came_after_it(most: int) -> None:
    config = SMALL.with_(learning_rate=2.0**9, momentum=0.0, epochs=4)
    ours, theirs = new_state(config), new_state(config)
    history = history_by(captured_trainer(most), config, ours)
    assert isinstance(history[-1], Diverged)
    assert history == history_by(one_by_one, config, theirs)
    assert digest(ours) == digest(theirs)


def test_a_divergence_in_the_first_batches_takes_back_the_optimizers_state_too() -> None:
    state = new_state(SMALL)
    examples = Examples(DATA.train_images, DATA.train_labels, 0).ready()
    examples.images[:20] = math.inf
    parts = Parts(state.network, state.optimizer, examples, torch.nn.functional.nll_loss)
    before = digest(state)
    captured = CapturedSteps(parts, 10, runs_before_it_captures)
    losses = captured.train(list(torch.arange(60).split(10)))
    assert len(losses) == 1
    assert not math.isfinite(losses[0])
    assert digest(state) == before
    assert not state.optimizer.state


def test_so_many_batches_are_read_together_that_losses_come_about_ten_times_a_second() -> None:
    ticks = itertools.count(0.0, 0.01)  # two looks at the clock a call: each call seems to take 10 ms
    state = new_state(SMALL)
    parts = Parts(
        state.network,
        state.optimizer,
        Examples(DATA.train_images, DATA.train_labels, 0),
        torch.nn.functional.nll_loss,
    )
    captured = CapturedSteps(parts, 10, runs_before_it_captures, clock=lambda: next(ticks))
    batches: Iterator[Tensor] = itertools.cycle(torch.arange(60).split(10))
    grown = []
    for _ in range(6):
        captured.train([next(batches) for _ in range(captured.most)])
        grown.append(captured.most)
    assert grown == [2, 4, 8, 16, 32, 64]
    captured.clock = lambda: next(ticks) * 100  # a second each
    captured.train([next(batches) for _ in range(captured.most)])
    assert captured.most == 6  # 64 batches a second are 6 a tenth


def test_an_operation_without_repeatable_bits_is_refused_by_its_name() -> None:
    with pytest.raises(InvalidSetting) as refused, rejecting_nondeterminism():
        raise RuntimeError("adaptive_pool_backward does not have a deterministic implementation, but you set ...")
    assert "adaptive_pool_backward" in str(refused.value)
    with pytest.raises(RuntimeError, match="something else"), rejecting_nondeterminism():
        raise RuntimeError("something else")


def test_equal_bits_are_asked_for_on_cuda_only() -> None:
    ask_for_equal_bits("cuda")
    assert torch.are_deterministic_algorithms_enabled()
    ask_for_equal_bits("cpu")
    assert not torch.are_deterministic_algorithms_enabled()


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")
@pytest.mark.parametrize("name", CONFIGS)
def test_on_a_card_two_runs_and_a_resumed_one_have_the_same_bits(name: str, tmp_path: Path) -> None:
    config = CONFIGS[name].with_(device="cuda")
    times = Schedule.of(config, len(DATA.train_labels))
    one, two = new_state(config), new_state(config)
    history = list(train(config, DATA, one))
    assert history == list(train(config, DATA, two))
    assert digest(one) == digest(two)
    stopped = new_state(config)
    for event in train(config, DATA, stopped, until=lambda: 6):
        if isinstance(event, Batch) and event.step == 6:
            break
    saved = checkpoint.write(tmp_path, "step-6", checkpoint.capture(stopped, config, times))
    resumed = checkpoint.restore(config, checkpoint.load(saved))
    rest = list(train(config, DATA, resumed))
    assert rest == history[-len(rest) :]
    assert digest(one) == digest(resumed)


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")
def test_on_a_card_the_graph_computes_what_plain_calls_compute(monkeypatch: pytest.MonkeyPatch) -> None:
    config = CONFIGS["sgd"].with_(device="cuda")
    graph, plain = new_state(config), new_state(config)
    history = list(train(config, DATA, graph))
    monkeypatch.setattr(loop, "cuda_graph", runs_before_it_captures)
    assert history == list(train(config, DATA, plain))
    assert digest(graph) == digest(plain)
