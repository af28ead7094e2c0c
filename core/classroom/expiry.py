"""Deletes the workspaces that were unused for a number of days during which the server ran."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from core.classroom.identity import WORKSPACE, workspace_folder
from core.storage import storing
from core.training.files import is_held, replace_file
from core.training.status import QUEUE_LOCK, WORKER_LOCK

DAY = 86_400.0
USED = ".used"  # no run can have this name; holds the observed time of the last visit
EXPIRED = ".expired-"
PATIENCE = 60.0  # seconds between two marks of one workspace


class ObservedClock:
    """Seconds for which this server was seen to run, over all its starts; time off counts as one day at most.

    The wall clock alone would be no reason to delete: one jump of it (a flat battery, a wrong year) or a summer
    with the server off would make every workspace old at once. This clock follows the monotonic one, and the gap
    between two starts, of which only the wall clock knows, moves it by a day at most.
    """

    def __init__(
        self,
        file: Path,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.file, self.wall, self.monotonic = file, wall, monotonic
        observed, last_seen = self._read()
        self._base = observed + min(max(wall() - last_seen, 0.0), DAY)
        self._start = monotonic()

    def _read(self) -> tuple[float, float]:
        try:
            values = json.loads(self.file.read_bytes())
            if values["check"] == _check(values["observed"], values["wall"]):
                return values["observed"], values["wall"]
        except (OSError, ValueError, TypeError, KeyError):
            pass
        return 0.0, self.wall()  # a damaged clock begins again: too young deletes nothing

    def now(self) -> float:
        """Return the observed seconds; never less than before."""
        return self._base + self.monotonic() - self._start

    def save(self) -> None:
        """Keep the time for the next start."""
        observed, wall = self.now(), self.wall()
        content = {"observed": observed, "wall": wall, "check": _check(observed, wall)}
        replace_file(self.file, json.dumps(content).encode())


def _check(observed: float, wall: float) -> str:
    return hashlib.sha256(f"{observed!r} {wall!r}".encode()).hexdigest()


def _mark(folder: Path, now: float) -> None:
    """Write the time of use into the workspace; on a full disk it is left out, and the runs stay readable."""
    with contextlib.suppress(OSError):
        replace_file(folder / USED, repr(now).encode(), sync=False)


class Expiry:
    """Marks the workspaces under ``root`` as used, and deletes those not used for ``days`` (0: none)."""

    def __init__(self, root: Path, days: float, clock: ObservedClock) -> None:
        self.root, self.days, self.clock = root, days, clock
        self._marked: dict[str, float] = {}
        self._lock = threading.Lock()  # a workspace is not deleted while a user enters it

    def enter(self, workspace: str, create: bool = False) -> Path:
        """Return the folder of ``workspace`` and mark it as used now; ``create`` makes it.

        Without ``create`` nothing is made, so that a browser that starts no run takes no room on the disk.
        """
        folder = workspace_folder(self.root, workspace)
        with self._lock:
            now = self.clock.now()
            if create:
                with storing(self.root):
                    folder.mkdir(parents=True, exist_ok=True)
            if now - self._marked.get(workspace, -PATIENCE) >= PATIENCE and folder.is_dir():
                _mark(folder, now)
                self._marked[workspace] = now
        return folder

    def idle(self, folder: Path) -> float:
        """Return for how many observed seconds nobody used the workspace; an invalid mark is no proof."""
        now = self.clock.now()
        try:
            used = float((folder / USED).read_bytes())
        except (OSError, ValueError):
            used = float("nan")
        if 0.0 <= used <= now:
            return now - used
        _mark(folder, now)
        return 0.0

    def sweep(self) -> list[str]:
        """Delete expired workspaces and return their names; one with a living run stays."""
        self.clock.save()
        place = self.root / "workspaces"
        if not place.is_dir():
            return []
        expired = [folder.name for folder in sorted(place.iterdir()) if self.days and self._expire(folder)]
        for rest in place.glob(f"{EXPIRED}*"):
            shutil.rmtree(rest, ignore_errors=True)
        return expired

    def _expire(self, folder: Path) -> bool:
        if not WORKSPACE.fullmatch(folder.name) or folder.is_symlink() or not folder.is_dir():
            return False
        with self._lock:
            if self.idle(folder) <= self.days * DAY or has_living_run(folder):
                return False
            folder.rename(folder.with_name(f"{EXPIRED}{uuid.uuid4().hex}"))  # at once, or not at all
            self._marked.pop(folder.name, None)
        return True


def has_living_run(workspace: Path) -> bool:
    """Return whether a run of the workspace trains, is paused with its worker waiting, or waits for its turn."""
    return any(
        is_held(run / WORKER_LOCK) or is_held(run / QUEUE_LOCK) for run in workspace.iterdir() if run.is_dir()
    )
