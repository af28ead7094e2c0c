"""What an instrument answers: a pure function of its settings, found by its name."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core import i18n
from core.errors import InvalidSetting
from core.live.settings import RELOAD, Setting, Value

Array = NDArray[np.float32]
# name -> the module whose ``INSTRUMENT`` it is, or whose ``one(…)`` makes "name.…"; imported when first asked
MODULES: dict[str, str] = {
    "convolution": "core.live.convolution",
    "examples": "core.live.examples",
    "lenet": "core.live.lenet",
    "linear_fit": "core.live.linear_fit",
    "network": "core.live.network",
    "operators": "core.live.operators",
    "run": "core.live.run",
    "two_layers": "core.live.two_layers",
}


@dataclass(frozen=True)
class Ask:
    """What is asked: settings, the language of sentences, and the tensors that the browser has sent before."""

    settings: Mapping[str, Value]
    language: str = "en"
    tensors: Mapping[str, Array] = field(default_factory=dict)

    def say(self, message: str, **values: object) -> str:
        """Return the sentence ``message`` in the language of the tab; write it inside ``N_(...)``."""
        return i18n.translate(self.language, message, **values)


@dataclass(frozen=True)
class Answer:
    """A message to the browser: ``header`` is what JSON carries, ``arrays`` become Float32 (``core.message``)."""

    header: Mapping[str, object]
    arrays: Sequence[ArrayLike] = ()


@dataclass(frozen=True)
class Later:
    """In place of a part of an answer: there is no news yet; go on after ``seconds``, which take no thread."""

    seconds: float


Part = Answer | Later


@dataclass(frozen=True)
class Instrument:
    """A name, the declared settings, and ``answer``: one message, or the messages of a stream in their order.

    The work of one message is bounded by the bounds of the settings. A stream that is overtaken by a newer question
    of the same drawing, or whose tab is gone, ends between two messages. Gradients are off unless ``gradients``.
    """

    name: str
    settings: tuple[Setting, ...]
    answer: Callable[[Ask], Answer | Iterator[Part]]
    gradients: bool = False

    def setting(self, name: str) -> Setting:
        """Return the declaration of setting ``name``."""
        return next(each for each in self.settings if each.name == name)


@cache
def instrument(name: str) -> Instrument:
    """Return the instrument ``name``; raises ``InvalidSetting`` where there is none."""
    family, dot, which = name.partition(".")
    module = importlib.import_module(MODULES[family]) if family in MODULES else None
    if not hasattr(module, "one" if dot else "INSTRUMENT"):
        raise InvalidSetting(RELOAD)
    result: Instrument = module.one(which) if dot else module.INSTRUMENT  # type: ignore[union-attr]
    return result
