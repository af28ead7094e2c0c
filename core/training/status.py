"""Status: where a run stands, written by its worker as one small file that can be read at any time."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from core.errors import InvalidSetting
from core.storage import FULL, cannot_store
from core.training.files import is_held, replace_file

FILE = "status.json"
WORKER_LOCK = "worker.lock"  # held by the worker as long as it lives
QUEUE_LOCK = "queue.lock"  # held by the server while the run waits for its turn; its times say when that was
STATES = ("running", "paused", "waiting", "interrupted", "finished", "stopped", "diverged")
UNDER_WAY = ("running", "waiting", "paused")  # Stop ends it
OVER = ("finished", "stopped", "diverged")
FINAL = ("finished", "diverged")  # no command changes it any more


@dataclass(frozen=True)
class Status:
    """Where a run stands.

    ``state`` is one of ``STATES``. ``step`` of ``steps`` batches and ``seen`` of ``examples`` are done.
    ``loss``, ``test_loss``, ``accuracy`` and ``best_accuracy`` are the latest known, None before there is one;
    ``tested`` is after how many epochs that test was, 0 before any training.
    ``examples_per_second`` and ``seconds_left`` are measured by the worker, None while not running;
    ``seconds_trained`` is the time spent in batches and tests. ``updated`` is the clock (Unix seconds).
    ``problem_message`` and ``problem_values`` are the ``InvalidSetting`` that says what went wrong (a full disk),
    "" when nothing did.
    """

    state: str = "interrupted"
    step: int = 0
    steps: int = 0
    epoch: int = 0
    seen: int = 0
    examples: int = 0
    learning_rate: float = 0.0
    loss: float | None = None
    test_loss: float | None = None
    accuracy: float | None = None
    best_accuracy: float | None = None
    tested: int | None = None
    examples_per_second: float | None = None
    seconds_left: float | None = None
    seconds_trained: float = 0.0
    updated: float = 0.0
    problem_message: str = ""
    problem_values: dict[str, Any] = field(default_factory=dict)

    @property
    def error(self) -> InvalidSetting | None:
        """What went wrong, to be said in the reader's language; None when nothing did. The file may be anyone's."""
        if not self.problem_message:
            return None
        try:
            return InvalidSetting(self.problem_message, **self.problem_values)
        except (LookupError, ValueError, TypeError, AttributeError):
            return InvalidSetting("{problem}", problem=self.problem_message)

    @property
    def problem(self) -> str:
        """What went wrong, as an English sentence; "" when nothing did."""
        return str(self.error or "")

    @property
    def progress(self) -> float:
        """The part that is done, 0…1."""
        return self.step / self.steps if self.steps else 0.0


def write_status(folder: Path, status: Status) -> None:
    """Put ``status`` into the run's folder, whole. On Windows a reader can be in the way for a moment.

    On a full disk a problem goes over the old content, whose place is there: the reason must not be lost.
    """
    content = json.dumps(asdict(status)).encode()
    for _ in range(50):
        try:
            return replace_file(folder / FILE, content, sync=False)
        except PermissionError:
            time.sleep(0.01)
        except OSError as error:
            if error.errno not in FULL or not status.problem_message:
                raise
            return _overwrite(folder / FILE, content)
    return replace_file(folder / FILE, content, sync=False)


def _overwrite(path: Path, content: bytes) -> None:
    """Write ``content`` over that of ``path``. A reader that meets half of it takes it for none."""
    with path.open("r+b") as file:
        file.write(content)
        file.truncate()


def parse(content: bytes) -> Status:
    """Return what a status file says; a fresh ``Status`` for what cannot be read."""
    try:
        values = json.loads(content)
        names = {f.name for f in fields(Status)}
        return Status(**{name: value for name, value in values.items() if name in names})
    except (ValueError, TypeError, AttributeError):
        return Status()


def problem(status: Status, error: Exception, folder: Path) -> Status:
    """Return the status of a run in ``folder`` that an error ended."""
    invalid = error if isinstance(error, InvalidSetting) else cannot_store(error, folder)
    if invalid is None:
        invalid = InvalidSetting("{problem}", problem=f"{type(error).__name__}: {error}"[:500])
    values = {
        name: value if isinstance(value, int | float) else str(value) for name, value in invalid.values.items()
    }
    return replace(status, state="interrupted", problem_message=invalid.message, problem_values=values)


def read_status(folder: Path) -> Status:
    """Return what was written last; a fresh ``Status`` when there is nothing, or nothing that can be read.

    A run that nobody works on is what it was when the work was given up; one that was not given up was interrupted.
    """
    try:
        status = parse((folder / FILE).read_bytes())
    except OSError:
        status = Status()
    is_queued = is_held(folder / QUEUE_LOCK)  # asked first: it is let go once the worker holds its own
    if is_held(folder / WORKER_LOCK):
        return status if status.state in ("running", "paused") else replace(status, state="running")
    if is_queued:
        return replace(status, state="waiting")
    if status.state in (*OVER, "paused"):
        return status
    return replace(status, state="interrupted", examples_per_second=None, seconds_left=None)


def note_turn(folder: Path) -> None:
    """Note that the run has its turn now: its worker says so only seconds later, once it has imported torch."""
    lock = folder / QUEUE_LOCK
    changed_ns = lock.stat().st_mtime_ns
    os.utime(lock, ns=(changed_ns, max(time.time_ns(), changed_ns + 1)))


def turn_of(folder: Path) -> tuple[float, float]:
    """Return when the run began to wait and when it had its turn, Unix seconds; infinity for what was not yet."""
    try:
        times = (folder / QUEUE_LOCK).stat()
    except OSError:
        return float("inf"), float("inf")
    had = times.st_mtime_ns > times.st_atime_ns
    return times.st_atime, times.st_mtime if had else float("inf")
