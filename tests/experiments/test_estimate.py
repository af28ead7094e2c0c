"""What an experiment costs is measured for each of its settings that take different times, or follows from it."""

from __future__ import annotations

import itertools

import pytest

from core.experiments import estimate as module
from core.experiments.estimate import Measurements, Probe, estimate, kind, kinds, probe
from core.experiments.plan import Axis, Plan
from core.experiments.search import Range, Search
from core.training.config import TrainConfig

BASE = TrainConfig(dataset="digits", threads=1, epochs=2)
SIZES, NETWORKS, OPTIMIZERS = (16, 64, 256), ("mnist", "lenet5"), ("sgd", "adam")


def imagined(config: TrainConfig) -> Probe:
    """A machine on which each setting has a factor of its own."""
    factor = (
        100
        / config.batch_size
        * (3 if config.network == "lenet5" else 1)
        * (1.5 if config.optimizer == "adam" else 1)
    )
    return Probe(1e-4 * factor, 2e-4 * factor, 0.1, 90_000, 1437)


def measured(plan: Plan | Search) -> Measurements:
    return Measurements(kinds(plan), [imagined(each) for each in kinds(plan)])


def alone(config: TrainConfig) -> float:
    """Return the seconds of one run on that machine."""
    part = imagined(config)
    return config.epochs * (part.examples * part.example + part.test) + part.test


def test_runs_are_counted_and_more_at_once_take_less_time() -> None:
    one_kind = Measurements([kind(BASE)], [probe(BASE)])
    one = estimate(Plan(BASE, (), seeds=1), one_kind, 1)
    rates = Plan(BASE, (Axis("learning_rate", (0.1, 0.2, 0.3)),), seeds=3)
    nine, two_at_once = estimate(rates, one_kind, 1), estimate(rates, one_kind, 2)
    assert (one.runs, nine.runs) == (1, 9)
    assert nine.seconds == pytest.approx(9 * one.seconds) and nine.size == 9 * one.size
    assert nine.seconds <= nine.most
    assert two_at_once.seconds == pytest.approx(nine.seconds / 2)
    checkpoint = one_kind.probes[0].checkpoint
    assert 3 * checkpoint < one.size < 3 * checkpoint + 200_000
    assert (nine.kinds, nine.measured) == (1, 1)  # a rate costs nothing


@pytest.mark.parametrize(("workers", "expected"), [(1, 9.0), (2, 9 / 2 + 1), (4, 9 / 4 + 1.5)])
def test_workers_that_do_not_stand_by_begin_after_their_start(workers: int, expected: float) -> None:
    plan = Plan(BASE, (Axis("learning_rate", (0.1, 0.2, 0.3)),), seeds=3)
    one_second = Measurements([kind(BASE)], [Probe(0.5 / 1000 / 2, 1.0 / 1000 / 2, 0.5 / 3, 90_000, 1000)])
    assert estimate(plan, one_second, 1).seconds == pytest.approx(9.0)
    cost = estimate(plan, one_second, workers, start=2.0)
    assert cost.seconds == pytest.approx(expected) and cost.most >= cost.seconds
    assert estimate(plan, one_second, workers, start=100.0).seconds == pytest.approx(9.0)  # one does it all


@pytest.mark.parametrize(
    "axes",
    [
        (Axis("epochs", (1, 5, 10)),),
        (Axis("batch_size", SIZES),),
        (Axis("network", NETWORKS), Axis("optimizer", OPTIMIZERS), Axis("epochs", (1, 2))),
    ],
)
def test_of_few_combinations_each_is_measured(axes: tuple[Axis, ...]) -> None:
    plan = Plan(BASE, axes, seeds=2)
    cost = estimate(plan, measured(plan), 1)
    assert cost.measured == cost.kinds == len({kind(member.config) for member in plan.members()})
    assert cost.seconds == pytest.approx(sum(alone(member.config) for member in plan.members()))


def test_of_many_combinations_the_settings_are_measured_one_by_one() -> None:
    axes = (Axis("batch_size", SIZES), Axis("network", NETWORKS), Axis("optimizer", OPTIMIZERS))
    plan = Plan(BASE, axes, seeds=1)
    assert len(kinds(plan)) == 1 + 2 + 1 + 1
    cost = estimate(plan, measured(plan), 1)
    assert (cost.kinds, cost.measured) == (12, 5)
    assert cost.seconds == pytest.approx(sum(alone(member.config) for member in plan.members()))


def test_what_was_not_measured_in_time_is_taken_for_the_costliest_of_its_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = Plan(BASE, (Axis("batch_size", (256, 16, 64)),), seeds=1)
    whole = measured(plan)
    short = Measurements(whole.kinds, whole.probes[:2])
    assert short.of(BASE.with_(batch_size=64)).example == pytest.approx(whole.probes[1].example)
    assert (estimate(plan, short, 1).kinds, estimate(plan, short, 1).measured) == (3, 2)
    ticks = itertools.count(step=10.0)
    monkeypatch.setattr(module.time, "perf_counter", lambda: next(ticks))
    monkeypatch.setattr(module, "probe", imagined)
    assert module.probes(kinds(plan)) == whole.probes[:2]


def test_a_search_says_what_its_middle_and_at_most_its_costliest_corner_take() -> None:
    space = (Range("epochs", 1, 9), Range("batch_size", 16, 256, log=True), Axis("network", NETWORKS))
    plan = Search(BASE, space, runs=10)
    cost = estimate(plan, measured(plan), 1)
    assert cost.seconds == pytest.approx(10 * alone(plan.middle().config))
    costliest = imagined(BASE.with_(batch_size=16, network="lenet5"))
    assert cost.most == pytest.approx(10 * (9 * (1437 * costliest.slowest + 0.1) + 0.1))


def test_the_value_of_a_setting_that_costs_the_same_is_no_other_kind() -> None:
    assert kind(BASE.with_(shift=1, clip_norm=0.5)) == kind(BASE.with_(shift=2, clip_norm=1.0, learning_rate=0.5))
    assert kind(BASE.with_(shift=1)) != kind(BASE)
