"""A worker as the server sees it: started in its sandbox, asked once, ended with everything that it started."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

from core.isolation.limits import not_started
from core.script.process import sandbox, tree
from core.script.process.task_limit import MOST_TASKS, TaskGroup, counts_by_namespace
from core.settings import PROJECT, data_folder

LOOK = 0.2  # seconds between two looks at whether it is to stop, at its processes and its memory
WORKER = ("-m", "core.script.process.worker")
KEPT = (
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "LC_ALL",
    "TZ",
    "SYSTEMROOT",
    "VIRTUAL_ENV",
)  # of the environment, where trusted


class WorkerProcess:
    """The process, and with ``sandbox.NONE`` the temporary folder that it runs in."""

    def __init__(self, kind: str) -> None:
        self.kind, self.mark = kind, uuid.uuid4().hex
        self._folder = None if kind != sandbox.NONE else tempfile.TemporaryDirectory(prefix="stepwise-")
        folder: Path | None = None
        if self._folder is not None:
            folder = Path(self._folder.name) / "program"
            folder.mkdir()
            if (data_folder() / "MNIST" / "raw").is_dir():
                with contextlib.suppress(OSError):  # Windows, without the right to make links
                    (folder.parent / "data").symlink_to(data_folder())
                    (folder / "data").symlink_to(data_folder())
        environment = _environment(kind, self.mark)
        self._tasks = TaskGroup(self.mark)
        most = [str(MOST_TASKS)] if kind != sandbox.NONE and counts_by_namespace() else []
        self._process = subprocess.Popen(
            [*self._tasks.command, *sandbox.command(kind, environment), sys.executable, *WORKER, *most],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=environment,
            start_new_session=True,
            bufsize=0,
        )
        assert self._process.stdout is not None
        self.answers = self._process.stdout.fileno()
        self._ready = False

    @property
    def pid(self) -> int:
        """The process, or bubblewrap's, whose child it is."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def wait_until_ready(self, seconds: float, stop: threading.Event) -> None:
        """Wait for the line that says that torch is imported, or until ``stop`` is set.

        Raises ``CallFailed`` where the line does not come.
        """
        received, deadline = bytearray(), time.monotonic() + seconds
        while not self._ready and not stop.is_set():
            if time.monotonic() > deadline:
                raise not_started("timeout")
            if not select.select([self.answers], [], [], LOOK)[0]:
                continue
            chunk = os.read(self.answers, 1 << 10)
            if not chunk:
                raise not_started(f"exit status {self.status()}")
            received += chunk
            self._ready = received.endswith(b"\n")

    def send(self, line: str) -> None:
        """Write a line to it; one that is gone need not read it."""
        assert self._process.stdin is not None
        data = line.encode() + b"\n"
        with contextlib.suppress(OSError):
            while data:
                data = data[self._process.stdin.write(data) or 0 :]

    def status(self) -> int:
        """Return its exit status, negative for a signal."""
        try:
            status = self._process.wait(5)
        except subprocess.TimeoutExpired:
            return -9
        return 128 - status if self.kind != sandbox.NONE and status > 128 else status

    def end(self) -> None:
        """End it and all that it started, and remove its folder."""
        tree.kill(self.pid, self.mark, is_namespace=self.kind != sandbox.NONE)
        with contextlib.suppress(OSError):
            self._process.kill()
        self._process.wait()
        self._tasks.remove()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        if self._folder is not None:
            with contextlib.suppress(OSError):
                self._folder.cleanup()


def _environment(kind: str, mark: str) -> dict[str, str]:
    """Return all that the program sees of an environment: nothing of the server's own settings and secrets."""
    trusted = {name: os.environ[name] for name in KEPT if name in os.environ}
    closed = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": sandbox.FOLDER, "USER": "program", "LANG": "C.UTF-8"}
    ours = {
        tree.MARK: mark,
        "PYTHONPATH": str(PROJECT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8",
        "CUDA_VISIBLE_DEVICES": "",
        "HIP_VISIBLE_DEVICES": "",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "MPLBACKEND": "Agg",
    }
    if kind == sandbox.OWN:  # the disk is read-only: what libraries keep for later goes into the temporary folder
        ours |= {"XDG_CACHE_HOME": "/tmp/cache", "TORCH_HOME": "/tmp/torch", "MPLCONFIGDIR": "/tmp/matplotlib"}
    return (closed if kind == sandbox.CLOSED else trusted) | ours
