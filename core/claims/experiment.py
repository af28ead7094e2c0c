"""What an experiment is, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.sentence import Sentence

Variables = Mapping[str, Any]  # what the code left behind, by name

Read = Callable[
    [Variables], tuple[bool, Sentence]
]  # whether it ended as told, and the sentence that says what it means


@dataclass(frozen=True)
class Outcome:
    """What happened: all that was printed, the sentence that says what it means, curves where there are some."""

    printed: str
    verdict: Sentence
    as_expected: bool
    curves: dict[str, list[float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Experiment:
    """A title, what one would expect, how to read the verdict off the code's variables, and the code.

    ``prelude`` runs before the code and is not shown with it. ``raises``: the code is meant to end with an error,
    which is then part of what is printed. ``apart``: the code starts processes of its own, so it runs as a program
    of its own; the variables that ``keep`` names come back.
    """

    title: str
    expectation: str
    read: Read
    code: str
    prelude: str = ""
    raises: bool = False
    apart: bool = False
    keep: tuple[str, ...] = ()


def raised(part: str, sentence: str) -> Read:
    """Return the reading of an experiment that ends with an error whose text holds ``part``."""
    return lambda ran: (part in ran.get("error", ""), Sentence(sentence))
