"""What a run can say: small frozen facts with a stable JSON form. Standard library only.

Two kinds. The *history* (Changed, Batch, Tested, Saved, Diverged, Finished) is a pure function of the
configuration and of the learning rates set at each step. The *life* (Started, Paused, Resumed, Stopped,
Interrupted) is what happened to the process; it is kept beside the history and never compared.

``step`` counts the batches trained so far, ``seen`` the examples; both start at 0 in every run.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Mistake:
    """A test image the network got wrong: where it is in the test set, its loss, what was said and what is true."""

    index: int
    label: int
    predicted: int
    loss: float


@dataclass(frozen=True)
class Batch:
    """A batch was trained: ``loss`` is its mean loss before the update. ``epoch`` counts from 1."""

    step: int
    epoch: int
    seen: int
    loss: float


@dataclass(frozen=True)
class Tested:
    """The test set was read after ``epoch`` epochs (0: before any training).

    ``loss`` is the mean loss, ``accuracy`` in 0…1, ``confusion[label][predicted]`` counts the test images,
    ``mistakes`` holds the wrong answers with the highest loss, the worst first.
    """

    step: int
    epoch: int
    seen: int
    loss: float
    accuracy: float
    confusion: tuple[tuple[int, ...], ...]
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True)
class Changed:
    """From the batch after ``step`` on, the learning rate is ``learning_rate``."""

    step: int
    seen: int
    learning_rate: float


@dataclass(frozen=True)
class Saved:
    """A checkpoint of this name holds the network as it was after ``step`` batches."""

    step: int
    epoch: int
    seen: int
    checkpoint: str


@dataclass(frozen=True)
class Diverged:
    """The loss of the batch after ``step`` was ``what`` ("nan" or "infinite"): nothing was updated with it.

    ``checkpoint`` is the last good one, "" when there is none; ``learning_rate`` is the rate at that moment.
    """

    step: int
    epoch: int
    seen: int
    what: str
    learning_rate: float
    checkpoint: str = ""


@dataclass(frozen=True)
class Finished:
    """All epochs are done."""

    step: int
    epoch: int
    seen: int


@dataclass(frozen=True)
class Started:
    """A worker took the run up at ``step``; ``checkpoint`` is what it resumed from ("" at the beginning)."""

    step: int
    checkpoint: str = ""
    skipped: tuple[str, ...] = ()
    """Names of damaged checkpoints that were passed over."""
    node: str = ""
    """The machine of a cluster that trains it, with its torch and its processor; "" on the server's own."""
    torch: str = ""
    processor: str = ""


@dataclass(frozen=True)
class Paused:
    """The run waits, its state saved as ``checkpoint``."""

    step: int
    checkpoint: str


@dataclass(frozen=True)
class Resumed:
    """The run goes on."""

    step: int


@dataclass(frozen=True)
class Stopped:
    """The user ended the run before its last epoch; its state is ``checkpoint``."""

    step: int
    checkpoint: str


@dataclass(frozen=True)
class Interrupted:
    """The worker had to leave (the server stopped, or an error); ``reason`` says why, "" for a plain goodbye."""

    step: int
    checkpoint: str
    reason: str = ""


History = Batch | Tested | Changed | Saved | Diverged | Finished
Life = Started | Paused | Resumed | Stopped | Interrupted
Event = History | Life

KINDS: dict[str, type[Any]] = {
    kind.__name__.lower(): kind
    for kind in (Batch, Tested, Changed, Saved, Diverged, Finished, Started, Paused, Resumed, Stopped, Interrupted)
}


def to_json(event: Event) -> str:
    """Return ``event`` as one line of JSON: its kind and its fields. Equal events give equal text.

    NaN and the infinities are written as Python's json writes them and come back as themselves.
    """
    return json.dumps({"event": type(event).__name__.lower(), **asdict(event)}, separators=(",", ":"))


def from_json(text: str) -> Event:
    """Read what ``to_json`` wrote."""
    values = json.loads(text)
    kind = KINDS[values.pop("event")]
    if kind is Tested:
        values["confusion"] = tuple(tuple(row) for row in values["confusion"])
        values["mistakes"] = tuple(Mistake(**mistake) for mistake in values["mistakes"])
    if kind is Started:
        values["skipped"] = tuple(values["skipped"])
    return kind(**values)  # type: ignore[no-any-return]


def is_sound(event: Event, steps: int) -> bool:
    """Return whether every field of an event from outside has its type, and its step lies in a run of ``steps``."""
    kinds = {"int": (int,), "float": (int, float), "str": (str,)}
    values = {f.name: (getattr(event, f.name), kinds.get(str(f.type), (tuple,))) for f in fields(event)}
    typed = all(isinstance(value, kind) and not isinstance(value, bool) for value, kind in values.values())
    if not typed or not 0 <= event.step <= steps:
        return False
    if not isinstance(event, Tested):
        return True
    counts = [count for row in event.confusion for count in row]
    numbers = [number for mistake in event.mistakes for number in asdict(mistake).values()]
    square = len(event.confusion) == 10 and all(len(row) == 10 for row in event.confusion)
    return square and all(type(count) is int for count in counts) and all(type(n) in (int, float) for n in numbers)
