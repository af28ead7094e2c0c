"""A run is a folder: its configuration, its name, its history (SQLite), its checkpoints."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.training.config import TrainConfig
from core.training.events import Changed, Event, Life, Tested
from core.training.status import Status

NAME_MAX = 200  # characters of a run's name; it is plain text and never part of a path


@dataclass(frozen=True)
class Curve:
    """The training loss over examples seen, in at most the number of points asked for.

    Up to that number each point is one batch and ``low == loss == high``; beyond, a point stands for a group
    of neighbouring batches: ``loss`` is their mean, ``low`` and ``high`` their extremes, ``seen`` the end of the
    group. All four are float64 arrays of one length.
    """

    seen: NDArray[np.float64]
    loss: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True)
class Checkpoint:
    """A whole checkpoint of a run: its folder, and where in the run it was taken."""

    name: str
    path: Path
    step: int
    epoch: int
    seen: int


@dataclass(frozen=True)
class RunSummary:
    """One line of the list of runs. ``created`` is Unix seconds; ``config`` None when it cannot be read."""

    id: str
    name: str
    created: float
    config: TrainConfig | None
    status: Status


class RunFolder:
    """A run that exists, for reading (and renaming). Raises ``Refusal`` when there is no such run.

    Open it anew on every rerun: it costs microseconds and holds nothing open.
    """

    def __init__(self, root: Path, run_id: str) -> None: ...

    id: str
    path: Path
    name: str
    created: float
    config: TrainConfig

    def status(self) -> Status:
        """Where the run stands now. Whether its worker is alive is asked of the file lock that it holds."""
        raise NotImplementedError

    def rename(self, name: str) -> None:
        """Give the run another name: plain text, 1 to ``NAME_MAX`` characters, control characters removed."""

    def events(self, after: int = -1, limit: int = 10_000) -> list[tuple[int, Event]]:
        """Return the history after sequence number ``after``, oldest first, each event with its own number.

        A number is a function of the event's place in the history, so a resumed run says the same event under
        the same number again.
        """
        raise NotImplementedError

    def curve(self, points: int = 1500) -> Curve:
        """Return the training loss in at most ``points`` points; the cost does not grow with the run."""
        raise NotImplementedError

    def tests(self) -> list[Tested]:
        """Return every test so far, oldest first."""
        raise NotImplementedError

    def changes(self) -> list[Changed]:
        """Return every change of the learning rate so far."""
        raise NotImplementedError

    def life(self) -> list[tuple[float, Life]]:
        """Return what happened to the process, each with the clock (Unix seconds)."""
        raise NotImplementedError

    def checkpoints(self) -> list[Checkpoint]:
        """Return the whole checkpoints, oldest first; what is half written or has no manifest is not among them."""
        raise NotImplementedError

    def checkpoint(self, name: str) -> Checkpoint:
        """Return one checkpoint by name ("epoch-3", "step-1200"); ``Refusal`` when there is none."""
        raise NotImplementedError


def create(root: Path, config: TrainConfig, name: str = "") -> RunFolder:
    """Make a new run with a generated id. An empty name becomes one made of the settings."""
    raise NotImplementedError


def list_runs(root: Path) -> list[RunSummary]:
    """Return all runs of ``root``, the newest first: two small files each, 1,000 runs in well under a second."""
    raise NotImplementedError


def delete(root: Path, run_id: str) -> None:
    """Delete a run. Raises ``Refusal`` while its worker is alive."""


def lineage(root: Path, run_id: str) -> list[str]:
    """Return the ids from the run's first ancestor to itself; an ancestor that is gone is named all the same."""
    raise NotImplementedError
