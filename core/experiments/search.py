"""A search: settings with ranges and a number of runs, each proposed from the results of those before it.

It is for spaces where a grid is too large: four settings with six values each are 1,296 runs.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import asdict, dataclass
from typing import Any

from core.errors import N_, InvalidSetting, brief
from core.experiments.plan import RUNS_MAX, VARIED, Axis, Member, check_hypothesis
from core.training.config import CHOICES, REAL, WHOLE, SettingValue, TrainConfig, check_real, check_whole

AT_ONCE_MAX = 16
SETTINGS_MAX = 6


@dataclass(frozen=True)
class Range:
    """A setting that is a number, and between what bounds; ``log``: equal factors are equally likely at first."""

    setting: str
    low: float
    high: float
    log: bool = False

    @property
    def whole(self) -> bool:
        """Whether its values are whole numbers."""
        return self.setting in WHOLE

    @property
    def middle(self) -> float:
        """The value in its middle, on its scale."""
        low, high = self.low, self.high
        return self.of(math.sqrt(low * high) if self.log else (low + high) / 2)

    def of(self, value: float) -> float:
        """Return the value that a run gets: whole, or of three digits, which are easier to read and to repeat."""
        if self.whole:
            return round(value)
        return min(max(float(f"{value:.3g}"), self.low), self.high)


USUAL = (  # what a range may begin with
    Range("learning_rate", 0.001, 1.0, True),
    Range("momentum", 0.1, 0.95),  # Nesterov cannot do without any
    Range("batch_size", 16, 512, True),
    Range("weight_decay", 1e-6, 0.01, True),
    Range("epochs", 1, 10),
    Range("clip_norm", 0.1, 10.0, True),
    Range("gamma", 0.1, 0.9),
    Range("step_size", 1, 5),
    Range("warm_up", 0.05, 0.5),
    Range("shift", 0, 3),
    Range("rotate", 0.0, 30.0),
    Range("patience", 1, 5),
)
SEARCHED = (*(usual.setting for usual in USUAL), "dropout", "network", *(n for n in CHOICES if n in VARIED))


@dataclass(frozen=True)
class Search:
    """``runs`` runs, whose settings in ``space`` are proposed; all else, the seed too, is that of ``base``.

    Run n is proposed from the results of the runs 0 … n - ``at_once``, so that ``at_once`` can train at the same
    time and the order in which they end changes nothing. Raises ``InvalidSetting`` for what is impossible.
    """

    base: TrainConfig
    space: tuple[Range | Axis, ...]
    runs: int = 20
    at_once: int = 2
    hypothesis: str = ""

    def __post_init__(self) -> None:
        check_whole("runs", self.runs, 2, RUNS_MAX)
        check_whole("at_once", self.at_once, 1, AT_ONCE_MAX)
        check_hypothesis(self.hypothesis)
        if not 1 <= len(self.space) <= SETTINGS_MAX:
            raise InvalidSetting(N_("a search needs 1 to {most} settings"), most=SETTINGS_MAX)
        if len(set(self.settings)) < len(self.space):
            raise InvalidSetting(N_("the same setting is varied twice"))
        for dimension in self.space:
            _check(dimension)
        for corner in itertools.product(*map(ends, self.space)):
            self.member(0, corner)

    @property
    def settings(self) -> tuple[str, ...]:
        """The names of the settings that are searched."""
        return tuple(dimension.setting for dimension in self.space)

    @property
    def count(self) -> int:
        """How many runs it has."""
        return self.runs

    def member(self, index: int, values: tuple[SettingValue, ...]) -> Member:
        """Return run ``index`` with ``values`` of its settings."""
        changes = dict(zip(self.settings, values, strict=True))
        return Member(index, values, self.base.with_(**changes, parent=None))

    def middle(self) -> Member:
        """Return a run in the middle of the space, with the first of each choice."""
        values = (each.middle if isinstance(each, Range) else each.values[0] for each in self.space)
        return self.member(0, tuple(values))

    def member_of(self, index: int, config: TrainConfig) -> Member:
        """Return run ``index`` as it was started under ``config``."""
        return Member(index, tuple(getattr(config, setting) for setting in self.settings), config)

    def results_needed(self, index: int) -> int:
        """Return of how many runs, from the first on, run ``index`` must know the results."""
        return max(0, index - self.at_once + 1)

    def to_json(self) -> dict[str, Any]:
        """Return the search as JSON's own types."""
        return asdict(self)

    @staticmethod
    def from_json(values: dict[str, Any]) -> Search:
        """Read what ``to_json`` wrote; ``InvalidSetting`` for anything else."""
        try:
            space = tuple(_dimension(each) for each in values["space"])
            base = TrainConfig.from_dict(values["base"])
            return Search(base, space, values["runs"], values["at_once"], str(values["hypothesis"]))
        except (KeyError, TypeError, ValueError):
            raise InvalidSetting(N_("this is not the plan of an experiment")) from None


def _dimension(values: dict[str, Any]) -> Range | Axis:
    if "values" in values:
        return Axis(str(values["setting"]), tuple(values["values"]))
    return Range(str(values["setting"]), values["low"], values["high"], bool(values["log"]))


def ends(dimension: Range | Axis) -> tuple[SettingValue, ...]:
    """Return both ends of a range, or all values."""
    return dimension.values if isinstance(dimension, Axis) else (dimension.low, dimension.high)


def _check(dimension: Range | Axis) -> None:
    """Raise ``InvalidSetting`` for a setting that cannot be searched, and for a range without an inside."""
    setting = dimension.setting
    if setting not in VARIED:
        raise InvalidSetting(N_("{setting} cannot be varied"), setting=brief(setting))
    if isinstance(dimension, Axis):
        if len(set(dimension.values)) < 2:
            raise InvalidSetting(N_("{setting} has one value only: choose two or more"), setting=setting)
        return
    if setting not in WHOLE and setting not in REAL:
        raise InvalidSetting(N_("{setting} is no number: choose values of it"), setting=setting)
    for end in (dimension.low, dimension.high):
        if dimension.whole:
            check_whole(setting, end, *WHOLE[setting])
        else:
            check_real(setting, end, *REAL[setting])
    if not dimension.low < dimension.high:
        raise InvalidSetting(N_("the range of {setting} is empty: its end must be larger"), setting=setting)
    if dimension.log and dimension.low <= 0:
        raise InvalidSetting(N_("a log scale has no 0: let the range of {setting} begin above it"), setting=setting)


def place(dimension: Range, value: float) -> float:
    """Return where ``value`` lies in a range, 0 … 1, on its scale."""
    low, high, at = dimension.low, dimension.high, value
    if dimension.log:
        low, high, at = math.log(low), math.log(high), math.log(at)
    return (at - low) / (high - low)
