"""The plan of an experiment: a configuration, settings with several values each, and a number of seeds."""

from __future__ import annotations

import itertools
from dataclasses import asdict, dataclass, fields
from typing import Any

from core.errors import N_, InvalidSetting, brief
from core.training.config import CHOICES, REAL, WHOLE, SettingValue, TrainConfig, check_whole

NOT_VARIED = ("seed", "parent", "log_interval", "device")  # seeds have a number of their own
VARIED = tuple(field.name for field in fields(TrainConfig) if field.name not in NOT_VARIED)
SEEDS_MAX = 20
RUNS_MAX = 100
HYPOTHESIS_MAX = 500  # characters
SWITCH = {"true": True, "on": True, "1": True, "false": False, "off": False, "0": False}


@dataclass(frozen=True)
class Axis:
    """A setting and the values that it takes."""

    setting: str
    values: tuple[SettingValue, ...]


@dataclass(frozen=True)
class Member:
    """One run of a plan: its number, the values of the axes in it, and its whole configuration."""

    index: int
    values: tuple[SettingValue, ...]
    config: TrainConfig


@dataclass(frozen=True)
class Plan:
    """Every combination of the values of ``axes``, each with ``seeds`` seeds from ``base.seed`` on.

    Raises ``InvalidSetting`` for a setting that cannot be varied, values that are not possible, and too many runs.
    """

    base: TrainConfig
    axes: tuple[Axis, ...]
    seeds: int = 3
    hypothesis: str = ""

    def __post_init__(self) -> None:
        check_whole("seeds", self.seeds, 1, SEEDS_MAX)
        check_hypothesis(self.hypothesis)
        for axis in self.axes:
            if axis.setting not in VARIED:
                raise InvalidSetting(N_("{setting} cannot be varied"), setting=brief(axis.setting))
            if not axis.values:
                raise InvalidSetting(N_("{setting} has no value: write at least one"), setting=axis.setting)
            if len(set(axis.values)) < len(axis.values):
                raise InvalidSetting(N_("{setting} has the same value twice"), setting=axis.setting)
        if len({axis.setting for axis in self.axes}) < len(self.axes):
            raise InvalidSetting(N_("the same setting is varied twice"))
        if self.count > RUNS_MAX:
            raise InvalidSetting(
                N_("{count} runs are too many: take fewer values or seeds, at most {most} runs"),
                count=self.count,
                most=RUNS_MAX,
            )
        self.members()

    @property
    def settings(self) -> tuple[str, ...]:
        """The names of the settings that are varied."""
        return tuple(axis.setting for axis in self.axes)

    @property
    def count(self) -> int:
        """How many runs it has."""
        count = self.seeds
        for axis in self.axes:
            count *= len(axis.values)
        return count

    def combinations(self) -> list[tuple[SettingValue, ...]]:
        """Return every combination of values, in the order of the axes."""
        return list(itertools.product(*(axis.values for axis in self.axes)))

    def members(self) -> list[Member]:
        """Return the runs: the first seed of every combination, then the second, so that all are seen early."""
        rows: list[Member] = []
        for seed in range(self.seeds):
            for values in self.combinations():
                changes = dict(zip(self.settings, values, strict=True))
                config = self.base.with_(**changes, seed=(self.base.seed + seed) % 2**64, parent=None)
                rows.append(Member(len(rows), values, config))
        return rows

    def to_json(self) -> dict[str, Any]:
        """Return the plan as JSON's own types."""
        return {**asdict(self), "axes": [[axis.setting, list(axis.values)] for axis in self.axes]}

    @staticmethod
    def from_json(values: dict[str, Any]) -> Plan:
        """Read what ``to_json`` wrote; ``InvalidSetting`` for anything else."""
        try:
            axes = tuple(Axis(str(name), tuple(options)) for name, options in values["axes"])
            base = TrainConfig.from_dict(values["base"])
            return Plan(base, axes, values["seeds"], str(values["hypothesis"]))
        except (KeyError, TypeError, ValueError):
            raise InvalidSetting(N_("this is not the plan of an experiment")) from None


def check_hypothesis(text: str) -> None:
    """Raise ``InvalidSetting`` for a hypothesis that is too long to be kept."""
    if len(text) > HYPOTHESIS_MAX:
        raise InvalidSetting(
            N_("a hypothesis has at most {most} characters, this one has {size}"),
            most=HYPOTHESIS_MAX,
            size=len(text),
        )


def parse(setting: str, text: str) -> tuple[SettingValue, ...]:
    """Return the values of ``setting`` in ``text``, separated by commas; ``InvalidSetting`` for what is none."""
    return tuple(_value(setting, part.strip()) for part in text.replace("，", ",").split(",") if part.strip())


def _value(setting: str, text: str) -> SettingValue:
    try:
        if setting in WHOLE:
            return int(text)
        if setting in REAL:
            return float(text)
        if setting == "dropout":
            return SWITCH[text.lower()]
    except (ValueError, KeyError):
        raise InvalidSetting(N_("{text} is not a value of {setting}"), text=brief(text), setting=setting) from None
    return text


def options(setting: str) -> tuple[str, ...]:
    """Return the values of a setting that is a choice; () of any other."""
    return CHOICES.get(setting, ())
