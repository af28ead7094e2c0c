"""A kernel's own limit on the processes and threads of a program: no fork bomb outruns it.

Two ways, and each holds where the other does not. ``RLIMIT_NPROC`` counts by user namespace since Linux 5.14, so
that in a sandbox only the sandbox counts; for a server that runs as root it does not hold. A cgroup's ``pids.max``
holds for root too, where its folder may be written (https://docs.kernel.org/admin-guide/cgroup-v2.html).
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import sys
import time
from pathlib import Path

MOST_TASKS = 240  # processes and their threads
NAMESPACES = (5, 14)  # the Linux that counts by user namespace
CGROUPS = Path("/sys/fs/cgroup")
OWN = Path("/proc/self/cgroup")
ENTER = ("sh", "-c", '{ echo $$ > "$0"; } 2>/dev/null; exec "$@"')  # $0: the file cgroup.procs; $@: the command
NAME = "stepwise-"  # begins a group's name; the number of the server that made it follows
TRIES = 100  # to remove the group of processes that have just ended


def counts_by_namespace(release: str = "") -> bool:
    """Return whether ``RLIMIT_NPROC`` in a sandbox counts its own processes alone, and holds: not for root."""
    numbers = re.match(r"(\d+)\.(\d+)", release or platform.release())
    is_known = sys.platform == "linux" and numbers is not None
    return is_known and os.geteuid() != 0 and (int(numbers[1]), int(numbers[2])) >= NAMESPACES  # type: ignore[index]


class TaskGroup:
    """A cgroup for one program; ``command`` is empty where no cgroup can be made."""

    def __init__(self, mark: str, own: Path = OWN, root: Path = CGROUPS) -> None:
        self._folders: list[Path] = []
        self.command: list[str] = []
        for parent in _parents(own, root):
            folder = parent / f"{NAME}{os.getpid()}-{mark}"
            with contextlib.suppress(OSError):
                folder.mkdir()
                self._folders.append(folder)
                limit = folder / "pids.max"
                if limit.exists():
                    limit.write_text(str(MOST_TASKS))
                    self.command = [*ENTER, str(folder / "cgroup.procs")]
                    return
        self.remove()

    @property
    def holds(self) -> bool:
        """Whether the kernel counts."""
        return bool(self.command)

    def remove(self) -> None:
        """Remove the group; the kernel lets it go when its last process is gone."""
        for folder in self._folders:
            for _try in range(TRIES):
                try:
                    folder.rmdir()
                except FileNotFoundError:
                    break
                except OSError:
                    time.sleep(0.01)
                else:
                    break
        self._folders.clear()


def remove_left(own: Path = OWN, root: Path = CGROUPS) -> None:
    """Remove the empty groups of servers that are gone: one that was killed could not. A group in use stays."""
    for parent in _parents(own, root):
        with contextlib.suppress(OSError):
            for folder in parent.glob(f"{NAME}*"):
                if not _is_running(folder.name.removeprefix(NAME).partition("-")[0]):
                    with contextlib.suppress(OSError):
                        folder.rmdir()


def _is_running(number: str) -> bool:
    """Return whether a process has this number; a name without one is as old as a server that is gone."""
    if not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _parents(own: Path, root: Path) -> list[Path]:
    """Return the folders of this process' own groups that may count tasks: cgroup v1's, then v2's."""
    folders: list[tuple[bool, Path]] = []
    with contextlib.suppress(OSError):
        for line in own.read_text().splitlines():
            _number, controllers, path = line.split(":", 2)
            if "pids" in controllers.split(","):
                folders.append((False, root / "pids" / path.lstrip("/")))
            elif not controllers:
                folders.append((True, root / path.lstrip("/")))
    return [path for _new, path in sorted(folders)]
