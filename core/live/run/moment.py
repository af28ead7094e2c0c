"""A run at one moment: what a drawing has to be told again when anything of it changes."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TypedDict

from core.live.run.command import possible
from core.live.run.open_run import OpenRun
from core.training.run_folder import CHECKPOINTS, EXAMINATION, RunFolder
from core.training.status import Status

MOVES = ("running", "waiting")


class NewsFacts(TypedDict):
    """Tests, checkpoints, and the bytes of the examination."""

    tests: int
    checkpoints: int
    examined: int


@dataclass(frozen=True)
class Moment:
    """``rate`` is the learning rate of the next batch and ``changes`` how often it was asked to be another.

    ``place`` is the run's in the queue, None where it does not wait; ``elsewhere``: another server trains it.
    ``examined`` and ``checkpoints`` count what has been kept beside its history.
    """

    status: Status
    rate: float
    changes: int
    place: int | None
    elsewhere: bool
    checkpoints: int
    examined: int

    @property
    def news(self) -> NewsFacts:
        """How much there is of what the tabs below the chart show; it only grows."""
        tested = self.status.tested
        return {
            "tests": 0 if tested is None else tested + 1,
            "checkpoints": self.checkpoints,
            "examined": self.examined,
        }

    @property
    def commands(self) -> list[str]:
        """The commands that mean something now; none for a run that another server trains."""
        return [] if self.elsewhere else possible(self.status.state)

    @property
    def page(self) -> str:
        """What the page has to be drawn again for."""
        return f"{self.status.state} {self.changes} {self.elsewhere} {(self.place or 1) > 1}"


def moment(open_run: OpenRun, run: RunFolder) -> Moment:
    """Return how ``run`` is now: some small files and no list of its events."""
    status = run.status()
    moves = status.state in MOVES
    return Moment(
        status,
        run.learning_rate_at(status.step) if status.state == "paused" else status.learning_rate,
        len(run.commands()),
        open_run.jobs.place(run.id) if status.state == "waiting" else None,
        moves and open_run.jobs.elsewhere(run.id),
        _checkpoints(run),
        _size(run),
    )


def _checkpoints(run: RunFolder) -> int:
    """Return how many checkpoints are kept, without the automatic ones, which come and go."""
    with contextlib.suppress(OSError):
        return sum(not path.name.startswith((".", "auto-")) for path in (run.path / CHECKPOINTS).iterdir())
    return 0


def _size(run: RunFolder) -> int:
    with contextlib.suppress(OSError):
        return (run.path / EXAMINATION).stat().st_size
    return 0
