"""Schedules: the curve that is drawn is torch's, and the rate of every batch is its scheduler's."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidSetting
from core.training import learning_rate
from core.training.batches import Parts
from core.training.config import SCHEDULES, TrainConfig
from core.training.learning_rate import Rates, curve, make_scheduler, rate
from core.training.loop import new_state, train
from core.training.schedule import Schedule
from tests.training.data import SMALL, tiny_dataset

SCHEDULED = SCHEDULES[1:]
DATA = tiny_dataset()


def torchs_rates(config: TrainConfig, times: Schedule) -> list[float]:
    """The rates that torch's scheduler sets, stepped once after each batch as its documentation does."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=config.learning_rate)
    scheduler = make_scheduler(config, times, optimizer)
    rates = []
    for _ in range(times.steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


@given(
    st.sampled_from(SCHEDULED),
    st.integers(1, 40),
    st.integers(1, 8),
    st.integers(1, 5),
    st.floats(0.01, 0.99),
    st.floats(0.0, 1.0),
)
def test_the_rate_that_is_drawn_is_the_rate_that_torch_sets(
    schedule: str, examples: int, epochs: int, step_size: int, warm_up: float, gamma: float
) -> None:
    config = TrainConfig(schedule=schedule, step_size=step_size, warm_up=warm_up, gamma=gamma, epochs=epochs)
    times = Schedule(examples, 4, epochs)
    rates = [rate(config, times, step) for step in range(times.steps)]
    assert rates == pytest.approx(torchs_rates(config, times), rel=1e-9, abs=1e-13)


def test_a_step_by_hand() -> None:
    config = TrainConfig(schedule="step", step_size=2, gamma=0.5, learning_rate=0.8, epochs=5)
    assert [rate(config, Schedule(8, 4, 5), step) for step in range(10)] == [0.8] * 4 + [0.4] * 4 + [0.2] * 2


@pytest.mark.parametrize("schedule", SCHEDULED)
def test_every_batch_is_trained_at_the_rate_of_torchs_scheduler(
    schedule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = SMALL.with_(schedule=schedule)
    used: list[float] = []
    update = Parts.update

    def noting(parts: Parts) -> None:
        used.append(parts.optimizer.param_groups[0]["lr"])
        update(parts)

    monkeypatch.setattr(Parts, "update", noting)
    list(train(config, DATA, new_state(config)))
    assert used == torchs_rates(config, Schedule.of(config, 60))
    assert len(set(used)) > 1
    used.clear()
    list(train(config, DATA, new_state(config), {3: 0.5}))
    assert used == [*torchs_rates(config, Schedule.of(config, 60))[:3], *[0.5] * 5]  # by hand: the schedule ends


def test_a_long_curve_has_few_points_and_both_ends() -> None:
    config = TrainConfig(schedule="cosine", epochs=1000)
    steps, rates = curve(config, Schedule.of(config, 60_000))
    assert (steps[0], steps[-1]) == (0, 937_999)
    assert len(steps) <= 402
    assert rates[0] == 0.01 and math.isclose(rates[-1], 0, abs_tol=1e-12)


def test_the_state_of_another_schedule_is_refused() -> None:
    times = Schedule(8, 4, 5)
    cosine, step = (Rates(TrainConfig(schedule=name), times) for name in ("cosine", "step"))
    with pytest.raises(InvalidSetting, match="schedule"):
        step.load(cosine.state())
    with pytest.raises(InvalidSetting, match="schedule"):
        step.load({**step.state(), "get_lr": 1})


def test_a_run_of_one_batch_has_a_rate() -> None:
    for schedule in SCHEDULES:
        assert learning_rate.rate(TrainConfig(schedule=schedule), Schedule(4, 4, 1), 0) > 0
