"""TrainConfig: everything that decides a run, checked when it is made. Standard library only."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal

from core.errors import N_, InvalidSetting, brief

DATASETS = ("mnist", "digits")
NETWORKS = ("mnist", "lenet5", "lenet3")
STACK = "stack:"  # a network built on the Convolution page: "stack:" and its text
OPTIMIZERS = ("sgd", "nesterov", "adam", "rmsprop")
DEVICES = ("cpu", "cuda", "mps")
SCHEDULES = ("constant", "step", "cosine", "one_cycle", "warm_up")
INITIALISATIONS = ("default", "kaiming", "xavier", "normal", "zeros")
USES_MOMENTUM = ("sgd", "nesterov", "rmsprop")  # Adam has its own betas and ignores momentum

EPOCHS_MAX = 10_000  # 60,000 examples 10,000 times take days on any machine: more is a slip of the finger
WHOLE = {  # setting: smallest and largest whole number
    "epochs": (1, EPOCHS_MAX),
    "batch_size": (1, 60_000),
    "test_batch_size": (1, 60_000),
    "log_interval": (1, 1_000_000),
    "seed": (0, 2**64 - 1),
    "threads": (1, 256),
    "step_size": (1, EPOCHS_MAX),
    "shift": (0, 8),
    "patience": (0, 1000),
}
REAL = {  # setting: smallest and largest number
    "learning_rate": (0.0, 1000.0),
    "momentum": (0.0, 0.9999),
    "weight_decay": (0.0, 100.0),
    "gamma": (0.0, 1.0),
    "warm_up": (0.01, 0.99),
    "clip_norm": (0.0, 1000.0),
    "rotate": (0.0, 180.0),
}
CHOICES = {
    "dataset": DATASETS,
    "optimizer": OPTIMIZERS,
    "device": DEVICES,
    "schedule": SCHEDULES,
    "initialisation": INITIALISATIONS,
}
TEXT_MAX = 20_000  # characters of a configuration that is read from outside
STACK_MAX = 4_000
RUN_ID = re.compile(r"[a-z0-9-]{1,40}")
CHECKPOINT_NAME = re.compile(r"(epoch|step|auto)-[0-9]{1,12}|start")
SCREEN_WEIGHTS_NAME = re.compile(r"batch-[0-9]{1,12}")  # of ``core.training.screen_weights``
SettingValue = str | int | float | bool  # of one setting of a run
Batches = int | Literal["epoch"] | None  # how far to go before pausing: so many, to the end of the epoch, no pause
RESUME_COMMANDS: dict[str, Batches] = {"resume": None, "batch": 1, "epoch": "epoch"}  # and how far each one goes
UPLOAD = "upload"  # stands for the run in a Parent when the weights came as files


@dataclass(frozen=True)
class Parent:
    """Where the first weights of a run come from: a checkpoint of another run, or files (``run="upload"``).

    ``epochs`` and ``seen`` are the epochs begun and the examples seen up to there, ancestors included: the
    child's epochs are counted on from them, so that no order of the examples comes twice.
    """

    run: str
    checkpoint: str
    epochs: int = 0
    seen: int = 0

    def __post_init__(self) -> None:
        if not (isinstance(self.run, str) and RUN_ID.fullmatch(self.run)):
            raise InvalidSetting(N_("{value} is not the name of a run's folder"), value=brief(self.run))
        if not (isinstance(self.checkpoint, str) and CHECKPOINT_NAME.fullmatch(self.checkpoint)):
            raise InvalidSetting(N_("{value} is not the name of a checkpoint"), value=brief(self.checkpoint))
        check_whole("parent.epochs", self.epochs, 0, 2**31)
        check_whole("parent.seen", self.seen, 0, 2**53)


def default_threads() -> int:
    """Return how many threads a run uses unless told otherwise: all cores but the one that draws, 8 at most.

    Threads that train wait for each other, so one that a browser keeps from its core holds all of them up.
    ``$STEPWISE_THREADS`` sets another number, where many runs share the cores.
    """
    return int(os.environ.get("STEPWISE_THREADS") or max(1, min((os.cpu_count() or 1) - 1, 8)))


@dataclass(frozen=True)
class TrainConfig:
    """The settings of a run, with the tutorial's defaults; an impossible value raises ``InvalidSetting``.

    The number of threads belongs to it because one and two threads add in another order: each is repeatable,
    but their last bits differ.

    ``schedule`` decides the learning rate of each batch: "step" multiplies it by ``gamma`` every ``step_size``
    epochs, "one_cycle" and "warm_up" rise during the part ``warm_up`` of the run. A gradient whose norm is larger
    than ``clip_norm`` is scaled down to it; 0: never. ``shift`` (pixels) and ``rotate`` (degrees) change each
    training image again in each epoch. ``patience``: stop after so many epochs in which the test loss did not
    improve; 0: never.
    """

    dataset: str = "mnist"
    network: str = "mnist"
    epochs: int = 3
    batch_size: int = 64
    test_batch_size: int = 1000
    learning_rate: float = 0.01
    momentum: float = 0.5
    log_interval: int = 10
    seed: int = 1
    optimizer: str = "sgd"
    weight_decay: float = 0.0
    dropout: bool = True
    threads: int = field(default_factory=default_threads)
    device: str = "cpu"
    schedule: str = "constant"
    step_size: int = 1
    gamma: float = 0.1
    warm_up: float = 0.3
    clip_norm: float = 0.0
    initialisation: str = "default"
    shift: int = 0
    rotate: float = 0.0
    patience: int = 0
    parent: Parent | None = None

    def __post_init__(self) -> None:
        for name, options in CHOICES.items():
            check_choice(name, getattr(self, name), options)
        check_network(self.network)
        for name, (low, high) in WHOLE.items():
            check_whole(name, getattr(self, name), low, high)
        for name, (smallest, largest) in REAL.items():
            object.__setattr__(self, name, check_real(name, getattr(self, name), smallest, largest))
        if not isinstance(self.dropout, bool):
            raise InvalidSetting(
                N_("{setting} must be true or false, not {value}"), setting="dropout", value=brief(self.dropout)
            )
        if self.optimizer == "nesterov" and self.momentum == 0:
            raise InvalidSetting(
                N_("Nesterov looks ahead along the momentum: with momentum 0 there is nothing to look along")
            )
        if self.parent is not None and not isinstance(self.parent, Parent):
            raise InvalidSetting(
                N_("{setting} must be {allowed}, not {value}"),
                setting="parent",
                allowed="{run, checkpoint}",
                value=brief(self.parent),
            )

    @property
    def augments(self) -> bool:
        """Whether the training images are shifted or rotated."""
        return self.shift > 0 or self.rotate > 0

    def with_(self, **changes: Any) -> TrainConfig:
        """Return a copy with ``changes``, checked again."""
        return replace(self, **changes)

    def to_json(self) -> str:
        """Return the configuration as JSON with sorted keys: equal configurations give equal text."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, allow_nan=False)

    @staticmethod
    def from_json(text: str) -> TrainConfig:
        """Read what ``to_json`` wrote. Missing settings take their default; unknown ones are refused."""
        return TrainConfig.from_dict(read_object(text))

    @staticmethod
    def from_dict(by_name: Mapping[str, object]) -> TrainConfig:
        """Make a configuration of settings by name, as read from a form or a file."""
        values: dict[str, Any] = dict(by_name)
        refuse_unknown(values, TrainConfig)
        if isinstance(values.get("parent"), dict):
            refuse_unknown(values["parent"], Parent)
            try:
                values["parent"] = Parent(**values["parent"])
            except TypeError:
                raise InvalidSetting(
                    N_("{setting} must be {allowed}, not {value}"),
                    setting="parent",
                    allowed="{run, checkpoint}",
                    value=brief(values["parent"]),
                ) from None
        return TrainConfig(**values)


def check_whole(name: str, value: object, low: int, high: int) -> None:
    """Raise ``InvalidSetting`` unless ``value`` is an int (not a bool) with low <= value <= high."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InvalidSetting(
            N_("{setting} must be a whole number from {low} to {high}, not {value}"),
            setting=name,
            low=low,
            high=high,
            value=brief(value),
        )


def check_real(name: str, value: object, low: float, high: float) -> float:
    """Return ``value`` as a float; raise ``InvalidSetting`` unless it is a number with low <= value <= high."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not low <= value <= high:  # type: ignore[operator]  # false of NaN, too
        raise InvalidSetting(
            N_("{setting} must be a number from {low} to {high}, not {value}"),
            setting=name,
            low=f"{low:g}",
            high=f"{high:g}",
            value=brief(value),
        )
    return float(value)  # type: ignore[arg-type]


def check_choice(name: str, value: object, options: tuple[str, ...]) -> None:
    """Raise ``InvalidSetting`` unless ``value`` is one of ``options``."""
    if not isinstance(value, str) or value not in options:
        raise InvalidSetting(
            N_("{setting} must be {allowed}, not {value}"),
            setting=name,
            allowed=" / ".join(options),
            value=brief(value),
        )


def check_network(value: object) -> None:
    """Raise ``InvalidSetting`` unless ``value`` names a network or is ``stack:`` and a text of its layers."""
    if isinstance(value, str) and value.startswith(STACK) and len(STACK) < len(value) <= STACK_MAX:
        return
    check_choice("network", value, NETWORKS)


def check_batches(batches: Batches) -> None:
    """Raise ``InvalidSetting`` unless ``batches`` says how far to go."""
    if batches not in (None, "epoch"):
        check_whole("batches", batches, 1, 2**53)


def read_object(text: str) -> dict[str, Any]:
    """Parse ``text`` as one JSON object; anything else is refused."""
    if len(text) > TEXT_MAX:
        raise InvalidSetting(
            N_("a configuration of {size} characters is longer than {most}"), size=len(text), most=TEXT_MAX
        )
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidSetting(N_("this is not a configuration in JSON")) from None
    if not isinstance(values, dict):
        raise InvalidSetting(N_("this is not a configuration in JSON"))
    return values


def refuse_unknown(values: Mapping[str, object], kind: type) -> None:
    """Raise ``InvalidSetting`` when ``values`` names a setting that the dataclass ``kind`` does not have."""
    names = {f.name for f in fields(kind)}
    for name in values:
        if name not in names:
            raise InvalidSetting(N_("there is no setting called {name}"), name=brief(name))
