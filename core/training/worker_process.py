"""One worker process, as the server sees it: started with pipes, spoken to in lines, ended by closing its stdin."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Unpack, cast

from core.settings import PROJECT
from core.training.config import Batches
from core.training.engine import Reports
from core.training.worker_messages import Command, Message

LEAVE_SECONDS = 10.0  # a worker checkpoints and goes well within this


class WorkerProcess:
    """A child that runs ``core.training.worker``.

    ``accepted`` is set when it has its run's lock, or is gone.
    The child shares no session with the terminal, so that Ctrl-C reaches the server alone, which closes the pipe.
    """

    def __init__(self, *arguments: str, **reports: Unpack[Reports]) -> None:
        self.folder: Path | None = None
        self.leaving = False
        self.obeyed = 0
        self.accepted = threading.Event()
        self.start_seconds = 0.0  # until it stood by; 0 while it does not yet
        self._began = time.monotonic()
        self._reports = reports
        self._lock = threading.Lock()
        self.child = subprocess.Popen(
            [sys.executable, "-m", "core.training.worker", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])},
            start_new_session=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.child.stdout is not None
        for line in self.child.stdout:
            message = read_line(line)
            if "ready" in message:
                self.start_seconds = time.monotonic() - self._began
            if "accepted" in message:
                self.accepted.set()
            if "obeyed" in message:
                self.obeyed = message["obeyed"]
            if "paused" in message:
                self._reports["paused"](self)
            if "over" in message:
                self._reports["over"](self)
        self.child.wait()
        with contextlib.suppress(OSError):
            self.child.stdout.close()
        self.accepted.set()
        self._reports["ended"](self)

    @property
    def alive(self) -> bool:
        """Whether the process has not ended."""
        return self.child.poll() is None

    @property
    def process(self) -> int | None:
        """The process's id, which the operating system may give to another one when this one has ended."""
        return self.child.pid

    def rest(self) -> None:
        """Stand by for another run."""
        self.folder, self.accepted, self.obeyed = None, threading.Event(), 0

    def take(self, folder: Path, batches: Batches) -> bool:
        """Give a standby worker its run; False when it is gone."""
        return self.send({"run": str(folder), "batches": batches})

    def send(self, command: Command) -> bool:
        """Write one command; False when the worker is gone."""
        assert self.child.stdin is not None
        with self._lock:
            try:
                self.child.stdin.write(json.dumps(command).encode() + b"\n")
                self.child.stdin.flush()
            except (OSError, ValueError):
                return False
        return True

    def leave(self) -> None:
        """Ask the worker to checkpoint and go, without waiting for it."""
        self.leaving = True
        assert self.child.stdin is not None
        with self._lock, contextlib.suppress(OSError):
            self.child.stdin.close()

    def kill(self) -> None:
        """End the worker at once; it is gone when this returns."""
        self.child.kill()
        self.child.wait()

    def wait(self) -> None:
        """Wait until the worker is gone; one that does not go in time is killed: a few seconds of work."""
        try:
            self.child.wait(LEAVE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()


def read_line(line: bytes) -> Message:
    """Return a line of JSON as a message, an empty one for anything else."""
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return cast(Message, message) if isinstance(message, dict) else {}
