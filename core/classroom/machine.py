"""The machine: everything of a classroom's server that all its people share, and a desk for each of them."""

from __future__ import annotations

import contextlib
import threading
import time
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from core.classroom import identity, limits, log
from core.classroom.desk import Desk
from core.classroom.expiry import Expiry, ObservedClock
from core.classroom.limits import Usage
from core.classroom.settings import MB, Settings, read
from core.errors import Refusal
from core.settings import runs_folder
from core.training.crew import Crew
from core.training.run_folder import RunFolder

FRESH = 20.0  # seconds for which the sizes of all workspaces together are not counted again


class Machine:
    """The workspaces under ``root``, their crew and their limits. One a server; any method from any thread."""

    def __init__(self, root: Path, settings: Settings, standby: bool = True) -> None:
        self.root, self.settings = root, settings
        self.secret = identity.server_secret(root)
        self.expiry = Expiry(root, settings.expire_days, ObservedClock(root / "clock.json"))
        self.crew = Crew(settings.most_active_runs, standby, ended=self._ended)
        self._started = time.monotonic()
        self._lock = threading.Lock()
        self._counting = threading.Lock()
        self._desks: WeakValueDictionary[str, Desk] = WeakValueDictionary()  # those at which somebody sits
        self._counted: tuple[float, Usage] | None = None

    def desk(self, workspace: str) -> Desk:
        """Return the door to the runs of ``workspace`` and to no others, and remember that it is used."""
        folder = self.expiry.enter(workspace)
        with self._lock:
            desk = self._desks.get(workspace)
            if desk is None:
                desk = self._desks[workspace] = Desk(folder, workspace, self)
            return desk

    def everyone(self) -> Usage:
        """Return what all workspaces hold together; sizes may be ``FRESH`` seconds old, the queue is not."""
        with self._counting:
            if self._counted is None or time.monotonic() - self._counted[0] > FRESH:
                found = sum((limits.usage(folder) for folder in limits.workspaces(self.root)), Usage())
                self._counted = time.monotonic(), found
            old = self._counted[1]
        return Usage(old.stored, len(self.crew.active()), len(self.crew.waiting()), old.size)

    def health(self) -> dict[str, Any]:
        """Return what ``/health`` tells: numbers, and nobody's name. "full": there is no room for new runs."""
        free = limits.free_space(self.root)
        return {
            "status": "ok" if free >= self.settings.free_disk_mb * MB else "full",
            "training": len(self.crew.active()),
            "training_most": self.crew.limit,
            "waiting": len(self.crew.waiting()),
            "waiting_most": self.settings.queue,
            "workspaces": len(limits.workspaces(self.root)),
            "free_disk_mb": free // MB,
            "uptime_s": round(time.monotonic() - self._started),
        }

    def sweep(self) -> list[str]:
        """Delete the workspaces that are too old, say so in the log, and return their names."""
        gone = self.expiry.sweep()
        for workspace in gone:
            log.write("workspace expired", workspace=workspace[:8])
        return gone

    def stop_the_greedy(self) -> list[str]:
        """Stop, with a checkpoint, the runs of workspaces that grew beyond twice what one may have; say so."""
        most = 2 * self.settings.disk_mb * MB
        active = self.crew.active()
        greedy = {folder for folder in {run.parent for run in active} if limits.usage(folder).size > most}
        stopped = [run for run in active if run.parent in greedy and self.crew.send(run, {"do": "stop"})]
        for run in stopped:
            log.write("run stopped", workspace=run.parent.name[:8], run=run.name, why="disk")
        return [run.name for run in stopped]

    def _ended(self, folder: Path) -> None:
        """Write the line of a run whose worker has gone: finished, stopped, paused, interrupted or diverged."""
        facts: dict[str, Any] = {"workspace": folder.parent.name[:8], "run": folder.name}
        with contextlib.suppress(Refusal, OSError):
            run = RunFolder(folder.parent, folder.name)
            status = run.status()
            facts |= {
                "state": status.state,
                "epochs": run.config.epochs,
                "step": status.step,
                "steps": status.steps,
                "seconds": round(status.seconds_trained, 1),
                "accuracy": status.accuracy,
                "problem": status.problem,
            }
        log.write("run left", **facts)

    def close(self) -> None:
        """Checkpoint and end every worker, and keep the clock."""
        self.crew.close()
        with contextlib.suppress(OSError):  # the next start then counts from the last time that was kept
            self.expiry.clock.save()


_machines: dict[Path, Machine] = {}
_making = threading.Lock()


def machine() -> Machine:
    """Return the machine of this server's folder of runs, made when it is first asked for.

    It is no cache of Streamlit's: a message that any browser can send empties those for everybody.
    """
    root = runs_folder()
    with _making:
        if root not in _machines:
            _machines[root] = Machine(root, read())
        return _machines[root]
