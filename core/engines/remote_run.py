"""One run that trains on a node, as the server sees it: a ``Worker`` whose process is on another machine."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from core.engines import mirror
from core.engines.messages import Cursor, Facts, Update
from core.engines.mirror import Mirror
from core.training.config import RESUME_COMMANDS, Batches
from core.training.engine import Reports
from core.training.files import Lock
from core.training.status import FILE as STATUS
from core.training.status import WORKER_LOCK, Status, parse, problem, read_status, write_status
from core.training.worker_messages import Command

LEAVE_SECONDS = 10.0  # a worker checkpoints and goes well within this


class Line(Protocol):
    """The way to the node that trains the run."""

    def post(self, method: str, *arguments: Any) -> None:
        """Have a method of the node called soon, in order, without waiting for it."""

    def hang_up(self, key: str) -> None:
        """Forget the run: its place on the node is free."""


@dataclass(frozen=True)
class Rest:
    """What a node is to do with a run: how far to go, and commands that no other one has obeyed."""

    batches: Batches = None
    commands: tuple[Command, ...] = ()


@dataclass(frozen=True)
class Pending:
    """A command that is not known to be obeyed; the run had done ``step`` batches when it was sent."""

    number: int
    command: Command
    step: int


class RemoteRun:
    """The run in ``folder`` on a node, under ``key``; holds the run's lock here as long as it trains there.

    Its owner is told of what happens outside of ``_guard``: who asks may hold a lock of the owner.
    """

    process: int | None = None  # it is on another machine

    def __init__(self, key: str, folder: Path, owner: str, line: Line, reports: Reports) -> None:
        self.key, self.path, self.owner, self.line = key, folder, owner, line
        self.folder: Path | None = folder
        self.leaving = False
        self.accepted, self.node_is_gone, self.has_ended = threading.Event(), threading.Event(), threading.Event()
        self.obeyed = self._numbered = 0
        self.cursor: Cursor | None = None
        self._reports = reports
        self._guard = threading.RLock()
        self._lock = Lock(folder / WORKER_LOCK)
        self._mirror: Mirror | None = None
        self._pending: list[Pending] = []
        self._until: Batches = None  # "epoch", or the step at which it pauses by itself
        self._first: int | None = None  # so many batches after it began

    # ---- from the server

    def begin(self, node: str, facts: Facts, rest: Rest) -> None:
        """Take the run's lock and send the run to its node, which is called ``node``."""
        try:
            with self._guard:
                if not self.node_is_gone.is_set() and self._lock.acquire():
                    write_status(self.path, replace(read_status(self.path), state="running", problem_message=""))
                    self._mirror = Mirror(self.path, node, facts)
                    self._until = rest.batches if rest.batches == "epoch" else None
                    self._first = rest.batches if isinstance(rest.batches, int) else None
                    self.line.post("begin", self.key, mirror.package(self.path, rest.batches))
                    for command in rest.commands:
                        self.send(command)
                    self.accepted.set()
        except Exception as error:  # whatever it was, the user must hear of it
            self.fail(error)
        if not self.accepted.is_set():
            self._end()

    def send(self, command: Command) -> bool:
        """Have the run's worker obey ``command``; it does so elsewhere when this node is lost before."""
        with self._guard:
            if self.node_is_gone.is_set():
                return False
            self._numbered += 1
            self._pending.append(Pending(self._numbered, command, written_status(self.path).step))
            self.line.post("obey", [(self.key, {**command, "number": self._numbered})])
        return True

    def leave(self) -> None:
        """Ask the worker to checkpoint and go, without waiting for it."""
        self.leaving = True
        self.send({"do": "leave"})

    def rest(self) -> None:
        """Do nothing: a node keeps its own workers ready."""

    def kill(self) -> None:
        """End the run's worker at once, without a checkpoint."""
        self.line.post("kill", self.key)
        self._end()

    def wait(self) -> None:
        """Wait until the worker is gone and all it did is here; one that does not go in time is killed."""
        if not self.has_ended.wait(LEAVE_SECONDS):
            self.kill()

    # ---- from the node

    def apply(self, update: Update) -> None:
        """Write what the node tells."""
        try:
            with self._guard:
                if self.node_is_gone.is_set() or self._mirror is None:
                    return
                if update.error:
                    raise RuntimeError(update.error)
                status = self._mirror.apply(update)
                self.cursor, self.obeyed = update.cursor, update.obeyed
                self._note_pause()
        except Exception as error:  # a full disk, for example
            self.fail(error)
            return
        if update.over:
            self.line.post("forget", self.key)
            self._end()
        elif status is not None and status.state == "paused":
            self._reports["paused"](self)

    def _note_pause(self) -> None:
        """Keep at which step the run is to pause by itself, for the case that it must go on elsewhere."""
        started = self._mirror.started if self._mirror else None
        if started is not None and self._first is not None:
            self._until, self._first = started.step + self._first, None
        for pending in self._pending:
            if pending.number <= self.obeyed and pending.command["do"] in RESUME_COMMANDS:
                batches = how_far(pending.command)
                self._until = pending.step + batches if isinstance(batches, int) else batches
        self._pending = [pending for pending in self._pending if pending.number > self.obeyed]

    def lost(self) -> Rest | None:
        """The node is gone: return what another one is to do; None when the run rests anyway, or is gone.

        After the former the run's lock is held until ``hand_back``.
        """
        with self._guard:
            if self.node_is_gone.is_set():
                return None
            goes_on = any(pending.command["do"] in RESUME_COMMANDS for pending in self._pending)
            if not self.leaving and (goes_on or written_status(self.path).state != "paused"):
                rest = self._rest()
                self._let_go()
                return rest
        self._end()
        return None

    def _rest(self) -> Rest:
        """Return what is left to do: the last command to go on says how far, others are repeated."""
        batches = self._first or self._until
        if isinstance(self._until, int):
            batches = max(1, self._until - mirror.newest_step(self.path))
        commands = [pending.command for pending in self._pending]
        last = max(
            (place for place, command in enumerate(commands) if command["do"] in RESUME_COMMANDS), default=-1
        )
        if last >= 0:
            batches = how_far(commands[last])
        repeated = (c for place, c in enumerate(commands) if place > last or c["do"] == "learning_rate")
        return Rest(batches, tuple(repeated))

    def hand_back(self) -> None:
        """Let the run's lock go."""
        self._lock.release()
        self.accepted.set()
        self.has_ended.set()

    def fail(self, error: Exception) -> None:
        """End the run with a sentence that says why."""
        with self._guard:
            if not self.node_is_gone.is_set():
                self.line.post("kill", self.key)
                write_status(self.path, problem(written_status(self.path), error, self.path))
        self._end()

    def _end(self) -> None:
        """Let go of the run, once, and tell."""
        with self._guard:
            was_gone = self.node_is_gone.is_set()
            self._let_go()
            self.hand_back()
        if not was_gone:
            self._reports["ended"](self)

    def _let_go(self) -> None:
        """Write nothing any more, and free the place on the node."""
        if self._mirror is not None:
            self._mirror.close()
            self._mirror = None
        self.line.hang_up(self.key)
        self.node_is_gone.set()


def how_far(command: Command) -> Batches:
    """Return how far a command to go on lets a run go."""
    return command.get("batches", RESUME_COMMANDS[command["do"]])


def written_status(folder: Path) -> Status:
    """Return what the status file says, whether a worker has the run or not."""
    try:
        return parse((folder / STATUS).read_bytes())
    except OSError:
        return Status()
