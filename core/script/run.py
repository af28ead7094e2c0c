"""Starts a program in a process of its own, within limits, and gives back its record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.isolation.limits import Limits
from core.isolation.pool import Pool
from core.script import child
from core.script.payload import GRACE
from core.script.program_record import Record

MODULES = ("core.script.warm_up",)
LIMITS = Limits(seconds=120.0, memory_mb=4_000)


class Runner:
    """A process that has torch already and forks one more for each program; close it at the end."""

    def __init__(self, most: int = 1) -> None:
        self._pool = Pool(most=most, modules=MODULES)

    def run(
        self, path: Path, arguments: Sequence[str] = (), limits: Limits = LIMITS, folder: Path | None = None
    ) -> Record:
        """Run the program at ``path`` in ``folder``, or in the current one.

        Raises ``CallFailed`` where its process met a limit or crashed.
        """
        bounds = Limits(limits.seconds + GRACE, limits.memory_mb)
        call = (str(path.resolve()), list(arguments), str(folder or Path.cwd()), limits.seconds)
        result: Record = self._pool.call(child.record, call, bounds, "")
        return result

    def close(self) -> None:
        """End the process and what it runs."""
        self._pool.close()
