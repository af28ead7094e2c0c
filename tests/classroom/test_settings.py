"""core.classroom.settings: the environment sets what is allowed, and nonsense is refused by name."""

from __future__ import annotations

import os
import re
from dataclasses import fields
from pathlib import Path

import pytest

from core.classroom import settings
from core.errors import InvalidSetting
from core.settings import CLASSROOM


def test_nothing_set_gives_the_defaults_and_as_many_runs_as_cores() -> None:
    options = settings.read({})
    assert options == settings.Settings()
    assert options.most_active_runs == (os.cpu_count() or 1)


def test_a_variable_sets_its_setting() -> None:
    options = settings.read({"STEPWISE_EPOCHS": "7", "STEPWISE_EXPIRE_DAYS": "0.5", "STEPWISE_ADDRESS": "0.0.0.0"})
    assert (options.epochs, options.expire_days, options.address) == (7, 0.5, "0.0.0.0")


@pytest.mark.parametrize("text", ["many", "-1", "nan", "inf", "1e30", "0", "٣٣٣x"])
def test_a_number_that_cannot_be_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(InvalidSetting, match="STEPWISE_QUEUE must be a number"):
        settings.read({"STEPWISE_QUEUE": text})


@pytest.mark.parametrize("text", ["nan", "-1", "inf"])
def test_a_time_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(InvalidSetting, match="STEPWISE_EXPIRE_DAYS"):
        settings.read({"STEPWISE_EXPIRE_DAYS": text})


def test_only_the_mark_makes_a_classroom() -> None:
    assert settings.is_classroom({CLASSROOM: "1"})
    assert not settings.is_classroom({})


def test_the_guide_names_every_setting_and_its_default() -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs" / "classroom.md").read_text(encoding="utf-8")
    rows = [line for line in guide.splitlines() if line.startswith("| `STEPWISE_")]
    environment: dict[str, str] = {}
    for row in rows:
        _, names, defaults, _, _ = row.split("|")
        values = [part.strip().strip("`") for part in defaults.split(",")]
        environment |= dict(zip(re.findall(r"STEPWISE_\w+", names), values * 2, strict=False))
    own = {settings.PREFIX + field.name.upper(): field.default for field in fields(settings.Settings)}
    assert own.keys() | {"STEPWISE_RUNS", "STEPWISE_DATA"} == environment.keys()
    for name, default in own.items():
        lines = (
            "the cores"
            if name == "STEPWISE_ACTIVE_RUNS"
            else f"{default:g}"
            if default != str(default)
            else default
        )
        assert environment[name] == lines or environment[name] == str(default), name
