"""What trains runs, as ``Jobs`` sees it: an engine, and the workers that its queue gives runs to.

``WorkerPool`` is the engine of one machine; ``core.engines`` has the one of several and chooses between them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypedDict

from core.training.config import Batches
from core.training.worker_messages import Command


class Engine(Protocol):
    """Takes runs, each known by its folder, and trains them; any method, from any thread.

    Wherever a run trains, its events after a sequence number are read from its folder on this machine.
    """

    limit: int  # runs that train at once

    @property
    def start_seconds(self) -> float:
        """How long a worker takes until it trains, as it was measured; 0 where that is not known."""

    def enter(self, folder: Path, batches: Batches, owner: str) -> None:
        """Let the run wait for its turn; ``InvalidSetting`` when it never would have one."""

    def send(self, folder: Path, command: Command) -> bool:
        """Give the run's worker a command; False when it has none that would obey."""

    def kill(self, folder: Path) -> None:
        """End a run's worker at once, without a checkpoint (what a crash would do)."""

    def take_out(self, folder: Path, state: str) -> bool:
        """Take a run out of the queue, from then on it is ``state``; False when it does not wait (any more)."""

    def waits(self, folder: Path) -> bool:
        """Return whether the run waits and has no worker yet."""

    def place(self, folder: Path) -> int | None:
        """Return the run's place in the queue (1: next), None when it does not wait."""

    def elsewhere(self, folder: Path) -> bool:
        """Return whether another server trains the run, or has it in its queue."""

    def active(self) -> list[Path]:
        """Return the runs that have a worker now."""

    def waiting(self) -> list[Path]:
        """Return the runs that wait, in the order in which they will be served if nobody else comes."""

    def processes(self) -> list[int]:
        """Return the ids of the worker processes on this machine."""

    def close(self) -> None:
        """Checkpoint and end every worker; nothing is left behind."""


class Worker(Protocol):
    """What trains one run, here or on another machine. ``accepted`` is set when it has its lock, or is gone."""

    folder: Path | None
    leaving: bool
    accepted: threading.Event
    obeyed: int  # the number of the last command that it obeyed, 0: none that had one

    @property
    def process(self) -> int | None:
        """The id of its process, None when that is on another machine."""

    def rest(self) -> None:
        """Stand by for another run."""

    def send(self, command: Command) -> bool:
        """Give it a command; False when it is gone."""

    def leave(self) -> None:
        """Ask it to checkpoint and go, without waiting for it."""

    def kill(self) -> None:
        """End it at once; it is gone when this returns."""

    def wait(self) -> None:
        """Wait until it is gone; one that does not go in time is killed: a few seconds of work."""


class Reports(TypedDict):
    """What a worker's owner is told, in a thread of the worker's own."""

    ended: Callable[[Worker], None]  # it is gone
    over: Callable[[Worker], None]  # its run is over, it waits for another
    paused: Callable[[Worker], None]  # its run has paused
