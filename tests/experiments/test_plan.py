"""Plans: every combination with every seed, and what cannot be is refused in words."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidSetting
from core.experiments.plan import RUNS_MAX, VARIED, Axis, Plan, parse
from tests.training.data import SMALL

RATES = Axis("learning_rate", (0.01, 0.1, 1.0))


def test_every_combination_comes_with_every_seed_and_the_first_seed_of_all_comes_first() -> None:
    plan = Plan(SMALL, (RATES, Axis("dropout", (True, False))), seeds=2)
    members = plan.members()
    assert len(members) == plan.count == 12
    assert [member.config.seed for member in members] == [1] * 6 + [2] * 6
    triples = {(m.config.learning_rate, m.config.dropout, m.config.seed) for m in members}
    assert triples == {(r, d, s) for r in RATES.values for d in (True, False) for s in (1, 2)}
    assert all(member.values == (member.config.learning_rate, member.config.dropout) for member in members)


@given(
    st.lists(st.sampled_from(["learning_rate", "momentum", "dropout", "batch_size"]), max_size=3, unique=True),
    st.integers(1, 4),
)
def test_a_plan_comes_back_from_its_json(names: list[str], seeds: int) -> None:
    values = {"learning_rate": (0.1, 0.01), "momentum": (0.5,), "dropout": (True, False), "batch_size": (8, 16)}
    plan = Plan(SMALL, tuple(Axis(name, values[name]) for name in names), seeds, "does it help? 有用吗")
    assert Plan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


@pytest.mark.parametrize(
    ("axes", "seeds", "words"),
    [
        ((Axis("learning_rate", ()),), 1, "no value"),
        ((Axis("learning_rate", (0.1, 0.1)),), 1, "twice"),
        ((RATES, RATES), 1, "twice"),
        ((Axis("seed", (1, 2)),), 1, "cannot be varied"),
        ((Axis("parent", (None,)),), 1, "cannot be varied"),
        ((Axis("learning_rate", (-1.0,)),), 1, "learning_rate must be a number from 0"),
        ((RATES,), 0, "seeds must be a whole number"),
        ((RATES,), 21, "seeds must be a whole number"),
        ((Axis("batch_size", tuple(range(1, RUNS_MAX + 2))),), 1, "too many"),
    ],
)
def test_what_cannot_be_planned_is_refused(axes: tuple[Axis, ...], seeds: int, words: str) -> None:
    with pytest.raises(InvalidSetting, match=words):
        Plan(SMALL, axes, seeds)


@pytest.mark.parametrize("values", [{}, {"base": 1, "axes": 2, "seeds": 3, "hypothesis": ""}, {"axes": [["a"]]}])
def test_what_is_no_plan_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(InvalidSetting):
        Plan.from_json(values)


def test_values_are_read_as_their_setting_wants_them() -> None:
    assert parse("learning_rate", "0.1, 1e-3，1") == (0.1, 0.001, 1.0)
    assert parse("batch_size", " 16,32, ") == (16, 32)
    assert parse("dropout", "on, False") == (True, False)
    for setting, text in (("batch_size", "1.5"), ("learning_rate", "fast"), ("dropout", "maybe")):
        with pytest.raises(InvalidSetting, match="is not a value of"):
            parse(setting, text)


def test_the_seed_is_never_an_axis() -> None:
    assert "seed" not in VARIED and "parent" not in VARIED and "learning_rate" in VARIED
