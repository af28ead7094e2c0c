"""The classroom: what all users of its server share, and the runs of each workspace."""

from __future__ import annotations

import contextlib
import threading
import time
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from core.classroom import identity, limits, log
from core.classroom.expiry import Expiry, ObservedClock
from core.classroom.health import Health
from core.classroom.limits import Usage
from core.classroom.settings import MB, Settings, read
from core.classroom.workspace_jobs import WorkspaceJobs
from core.engines import selection
from core.errors import InvalidSetting
from core.experiments import group
from core.settings import runs_folder
from core.training.run_folder import RunFolder

FRESH = 20.0  # seconds for which the sizes of all workspaces together are not counted again


class Classroom:
    """The workspaces under ``root``, their pool and their limits. One a server; any method from any thread."""

    def __init__(self, root: Path, settings: Settings, standby: bool = True) -> None:
        self.root, self.settings = root, settings
        self.secret = identity.server_secret(root)
        self.expiry = Expiry(root, settings.expire_days, ObservedClock(root / "clock.json"))
        self.pool = selection.engine(settings.most_active_runs, standby, self._ended)
        self._started = time.monotonic()
        self._lock = threading.Lock()
        self._counting = threading.Lock()
        self._workspaces: WeakValueDictionary[str, WorkspaceJobs] = WeakValueDictionary()  # those in use
        self._counted: tuple[float, Usage] | None = None

    def jobs_of(self, workspace: str) -> WorkspaceJobs:
        """Return the runs of ``workspace`` and of no other, and record that it is used."""
        folder = self.expiry.enter(workspace)
        with self._lock:
            jobs = self._workspaces.get(workspace)
            if jobs is None:
                jobs = self._workspaces[workspace] = WorkspaceJobs(folder, workspace, self)
            return jobs

    def everyone(self) -> Usage:
        """Return what all workspaces hold together; sizes may be ``FRESH`` seconds old, the queue is not."""
        with self._counting:
            if self._counted is None or time.monotonic() - self._counted[0] > FRESH:
                usage = sum((limits.usage(folder) for folder in limits.workspaces(self.root)), Usage())
                self._counted = time.monotonic(), usage
            old = self._counted[1]
        return Usage(old.stored, len(self.pool.active()), len(self.pool.waiting()), old.size)

    def health(self) -> Health:
        """Return what ``/health`` tells."""
        free = limits.free_space(self.root)
        return {
            "status": "ok" if free >= self.settings.free_disk_mb * MB else "full",
            "training": len(self.pool.active()),
            "training_most": self.pool.limit,
            "waiting": len(self.pool.waiting()),
            "waiting_most": self.settings.queue,
            "workspaces": len(limits.workspaces(self.root)),
            "free_disk_mb": free // MB,
            "uptime_s": round(time.monotonic() - self._started),
        }

    def sweep(self) -> list[str]:
        """Delete the workspaces that are too old, say so in the log, and return their names."""
        expired = self.expiry.sweep()
        for workspace in expired:
            log.write("workspace expired", workspace=workspace[:8])
        return expired

    def stop_runs_over_disk_quota(self) -> list[str]:
        """Stop, with a checkpoint, the runs of workspaces that grew beyond twice what one may have; say so."""
        most = 2 * self.settings.disk_mb * MB
        active = self.pool.active()
        too_large = {folder for folder in {run.parent for run in active} if limits.usage(folder).size > most}
        stopped = [run for run in active if run.parent in too_large and self.pool.send(run, {"do": "stop"})]
        for run in stopped:
            log.write("run stopped", workspace=run.parent.name[:8], run=run.name, why="disk")
        return [run.name for run in stopped]

    def _ended(self, folder: Path) -> None:
        """Write the line of a run whose worker has gone: finished, stopped, paused, interrupted or diverged.

        Its experiment, if it has one, goes on.
        """
        facts: dict[str, Any] = {"workspace": folder.parent.name[:8], "run": folder.name}
        with contextlib.suppress(InvalidSetting, OSError):
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
        if group.is_member(folder):
            with contextlib.suppress(InvalidSetting, OSError):
                group.advance_after(folder, self.jobs_of(folder.parent.name))

    def close(self) -> None:
        """Checkpoint and end every worker, and keep the clock."""
        self.pool.close()
        with contextlib.suppress(OSError):  # the next start then counts from the last time that was kept
            self.expiry.clock.save()


by_folder: dict[Path, Classroom] = {}
_making = threading.Lock()


def classroom() -> Classroom:
    """Return the classroom of this server's folder of runs, made when it is first asked for.

    It is no cache of Streamlit's: a message that any browser can send empties those for all users.
    """
    root = runs_folder()
    with _making:
        if root not in by_folder:
            by_folder[root] = Classroom(root, read())
        return by_folder[root]
