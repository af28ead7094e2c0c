"""What a tutorial is here: what it teaches, and its steps with the screens that show them running."""

from __future__ import annotations

from dataclasses import dataclass

Query = dict[str, str]


@dataclass(frozen=True)
class Step:
    """One step of a tutorial: a sentence to translate, and the screen that runs it: a lesson and its settings."""

    says: str
    lesson: str
    query: Query


@dataclass(frozen=True)
class Tutorial:
    """One tutorial: a title and what it teaches, to translate, and its steps in order."""

    title: str
    teaches: str
    steps: tuple[Step, ...]


PARTS = {"convolution": "layer"}  # of lessons that may stand at another one, as the reader left them


def step(says: str, lesson: str, **settings: str | int) -> Step:
    """Return a step; ``settings`` are those of the lesson, without its prefix."""
    if lesson in PARTS:
        settings.setdefault("part", PARTS[lesson])
    return Step(says, lesson, {f"{lesson}_{name}": str(value) for name, value in settings.items()})
