"""A classroom's real server for benchmarks and tests: started on a free port, its log kept, ended."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
EVENT = '{"at"'  # what a line of the log that is an event begins with


@dataclass
class Serving:
    """A server that runs: where, in which process, with which folder of runs, and what its log said so far."""

    address: str
    process: subprocess.Popen[str]
    runs: Path
    lines: list[str] = field(default_factory=list)

    def log(self, event: str) -> list[dict[str, Any]]:
        """Return the log's lines of one kind, read as JSON."""
        events = [json.loads(line) for line in self.lines if _is_event(line)]
        return [line for line in events if line["event"] == event]

    def messages(self) -> list[str]:
        """Return the other lines of the log: what the server warned of, and its tracebacks."""
        return [line for line in self.lines if not _is_event(line)]

    def health(self) -> dict[str, Any]:
        """Return what ``/health`` tells."""
        with urllib.request.urlopen(f"{self.address}/health", timeout=30) as answer:
            answer_json: dict[str, Any] = json.loads(answer.read())
            return answer_json

    def memory(self) -> int:
        """Return the server's own memory in bytes: what it has and shares with nobody, on Linux."""
        for line in Path(f"/proc/{self.process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
        return 0

    def end(self, seconds: float = 30) -> None:
        """Ask the server to end, as ``systemctl stop`` does, and wait for it."""
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def serving(runs: Path, **settings: object) -> Iterator[Serving]:
    """Run ``serve.py`` with ``settings`` (``epochs=3`` sets ``STEPWISE_EPOCHS``) until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    variables = {f"STEPWISE_{name.upper()}": str(value) for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, "serve.py"],
        cwd=ROOT,
        env={**os.environ, "STEPWISE_PORT": str(port), "STEPWISE_RUNS": str(runs), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    server = Serving(f"http://127.0.0.1:{port}", process, runs)
    threading.Thread(target=_keep, args=(server,), daemon=True).start()
    try:
        _wait(server)
        yield server
    finally:
        server.end()


def _split(line: str) -> list[str]:
    """Return an event that follows, in one line, on what another process left without an end, by itself."""
    before, event, rest = line.partition(EVENT)
    return [before, event + rest] if before and event else [line]


def _is_event(line: str) -> bool:
    return line.startswith(EVENT)


def _keep(server: Serving) -> None:
    assert server.process.stdout is not None
    for line in server.process.stdout:
        server.lines += _split(line.rstrip("\n"))


def _wait(server: Serving, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if server.process.poll() is not None:
            raise RuntimeError("the server ended: " + "\n".join(server.lines[-20:]))
        try:
            server.health()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server did not come up")
