"""The settings: the tutorial's defaults, and invalid ones are rejected at once and in words."""

from __future__ import annotations

import json
import math
import os
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidSetting
from core.networks import registry
from core.training.config import EPOCHS_MAX, NETWORKS, REAL, STACK, WHOLE, Parent, TrainConfig, brief
from tests.pace import at_once

HUGE = 10**20_000  # Python refuses to print it: more than 4,300 digits
IMPOSSIBLE = [
    ("epochs", 0),
    ("epochs", 10**9),
    ("epochs", 2.5),
    ("epochs", True),
    ("epochs", HUGE),
    ("batch_size", 0),
    ("batch_size", -64),
    ("batch_size", "64"),
    ("test_batch_size", 0),
    ("log_interval", 0),
    ("learning_rate", math.nan),
    ("learning_rate", math.inf),
    ("learning_rate", -1),
    ("learning_rate", 1e30),
    ("learning_rate", HUGE),
    ("learning_rate", "0.01"),
    ("learning_rate", None),
    ("momentum", 1.0),
    ("momentum", -0.1),
    ("weight_decay", -1e-9),
    ("weight_decay", math.nan),
    ("seed", -1),
    ("seed", 2**64),
    ("seed", HUGE),
    ("threads", 0),
    ("threads", 10**6),
    ("optimizer", "adamw"),
    ("optimizer", ["sgd"]),
    ("dataset", "../mnist"),
    ("device", "tpu"),
    ("network", "resnet"),
    ("network", "stack:"),
    ("network", "stack:" + "x" * 10**7),
    ("dropout", 1),
    ("parent", "run"),
]


def test_the_defaults_are_the_tutorials() -> None:
    config = TrainConfig()
    assert (config.epochs, config.batch_size, config.test_batch_size) == (3, 64, 1000)
    assert (config.learning_rate, config.momentum, config.log_interval, config.seed) == (0.01, 0.5, 10, 1)
    assert (config.optimizer, config.network, config.dropout, config.weight_decay) == ("sgd", "mnist", True, 0.0)


@pytest.mark.parametrize(
    ("name", "value"), IMPOSSIBLE, ids=[f"{name}-{n}" for n, (name, _) in enumerate(IMPOSSIBLE)]
)
def test_what_cannot_be_is_refused_at_once_and_in_few_words(name: str, value: object) -> None:
    def refused() -> None:
        with pytest.raises(InvalidSetting) as error:
            TrainConfig(**{name: value})  # type: ignore[arg-type]
        assert len(str(error.value)) < 250
        assert name in str(error.value)

    assert at_once(refused)


def test_nesterov_needs_a_momentum() -> None:
    with pytest.raises(InvalidSetting, match="momentum 0"):
        TrainConfig(optimizer="nesterov", momentum=0.0)


@given(
    st.builds(
        dict,
        epochs=st.integers(1, EPOCHS_MAX),
        learning_rate=st.floats(0, 1000),
        momentum=st.floats(0.01, 0.9999),
        seed=st.integers(0, 2**64 - 1),
        optimizer=st.sampled_from(["sgd", "nesterov", "adam", "rmsprop"]),
        dropout=st.booleans(),
        parent=st.none() | st.just(Parent("a-1", "epoch-3", 3, 180_000)),
    )
)
def test_a_configuration_comes_back_from_its_json_as_it_was(values: dict[str, object]) -> None:
    config = TrainConfig(**values)  # type: ignore[arg-type]
    assert TrainConfig.from_json(config.to_json()) == config
    assert TrainConfig.from_json(config.to_json()).to_json() == config.to_json()


@given(st.sampled_from([*WHOLE, *REAL]), st.integers() | st.floats() | st.text() | st.none() | st.lists(st.none()))
def test_any_value_of_a_number_is_kept_or_refused(name: str, value: object) -> None:
    low, high = {**WHOLE, **REAL}[name]
    try:
        config = TrainConfig(**{name: value})  # type: ignore[arg-type]
    except InvalidSetting:
        return
    assert low <= getattr(config, name) <= high
    assert getattr(config, name) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "3",
        "{",
        '{"learning_rate": NaN}',
        '{"learning_rate": 1e999}',
        '{"epoch": 3}',
        '{"parent": {"run": "../../etc", "checkpoint": "epoch-1"}}',
        '{"parent": {"run": "a", "checkpoint": "../model"}}',
        '{"parent": {"run": "a", "checkpoint": "epoch-1", "epochs": -1}}',
        '{"parent": {"runs": "a"}}',
        '{"parent": {}}',
        '{"seed": ' + "9" * 5000 + "}",
        "[" * 10_000,
        '{"dataset": "' + "x" * 100_000 + '"}',
    ],
    ids=range(15),
)
def test_text_that_is_no_configuration_is_refused(text: str) -> None:
    with pytest.raises(InvalidSetting):
        TrainConfig.from_json(text)


def test_missing_settings_take_their_default_and_none_is_left_out_of_the_json() -> None:
    assert TrainConfig.from_json("{}") == TrainConfig()
    assert set(json.loads(TrainConfig().to_json())) == {f.name for f in fields(TrainConfig)}


def test_brief_is_brief_whatever_it_is_given() -> None:
    for value in (HUGE, -HUGE, "x" * 10**6, ["y"] * 10**6, 1e300, None, {1: 2}, b"z" * 10**6):
        assert len(brief(value)) <= 60


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 1), (4, 3), (64, 8), (None, 1)])
def test_a_run_leaves_a_core_to_the_browser(
    cores: int | None, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STEPWISE_THREADS", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert TrainConfig().threads == threads
    monkeypatch.setenv("STEPWISE_THREADS", "5")
    assert TrainConfig().threads == 5


def test_a_config_knows_the_networks_of_the_registry_without_importing_torch() -> None:
    assert set(NETWORKS) == set(registry.DIGIT_NETS)
    assert STACK == registry.STACK
