"""One run of a program as the server sees it: waiting, running, done; stopped at any time; nothing left behind."""

from __future__ import annotations

import contextlib
import json
import os
import select
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.errors import N_
from core.isolation import limits as call_limits
from core.isolation.limits import CallFailed, Limits
from core.script.call_lines import CallReader
from core.script.calls import RecordedCall
from core.script.gradients import RecordedGradient
from core.script.payload import GRACE, RecordData, Request, checked
from core.script.process import tree
from core.script.process.worker_process import LOOK, WorkerProcess

WAITING, RUNNING, DONE = "waiting", "running", "done"
START_SECONDS = 120.0  # until torch is imported, on a busy machine
STOP_SECONDS = 3.0  # from the wish to stop to the end of the process
MOST_PROCESSES = 40
MOST_ANSWER = 40_000_000  # bytes of the record


@dataclass
class Progress:
    """How far the program is."""

    line: int = 0
    lines: int = 0
    operations: int = 0
    prints: list[str] = field(default_factory=list)


class Job:
    """A program that runs; its attributes may be read from any thread at any time."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.state = WAITING
        self.progress = Progress()
        self.record: RecordData | None = None
        self._arrived = CallReader()
        self.ended: CallFailed | None = None  # why there is no record
        self.stopped = False
        self.began = 0.0
        self.mark = ""  # of its processes
        self._stop = threading.Event()
        self.has_ended = threading.Event()

    @property
    def calls(self) -> Mapping[int, RecordedCall]:
        """The calls whose cells can be opened, by the number of the operation."""
        return self._arrived.calls

    @property
    def gradients(self) -> Mapping[tuple[int, int], RecordedGradient]:
        """The gradients whose cells can be opened, by the number of the backward pass, and theirs in it."""
        return self._arrived.gradients

    @property
    def seconds(self) -> float:
        """How long it has run."""
        return time.monotonic() - self.began if self.began else 0.0

    def stop(self) -> None:
        """End the program: within a moment where it listens, by force where it does not."""
        self.stopped = True
        self._stop.set()

    def follow(self, worker: WorkerProcess) -> None:
        """Run the program in ``worker`` and end that process, whatever happens."""
        try:
            if not self._stop.is_set():
                self._follow(worker)
        except CallFailed as ended:
            self.ended = ended
        finally:
            worker.end()
            self.finish()

    def finish(self) -> None:
        """Be done."""
        self.state = DONE
        self.has_ended.set()

    def _follow(self, worker: WorkerProcess) -> None:
        self.mark = worker.mark
        worker.wait_until_ready(START_SECONDS, self._stop)
        if self._stop.is_set():
            return
        worker.send(json.dumps(self.request))
        self.began, self.state = time.monotonic(), RUNNING
        bounds = Limits(self.request["seconds"], self.request["memory_mb"])
        deadline, looked = self.began + bounds.seconds + GRACE, 0.0
        received = bytearray()
        is_stopping = False
        while True:
            now = time.monotonic()
            if self._stop.is_set() and not is_stopping:
                is_stopping, deadline = True, now + STOP_SECONDS
                worker.send("stop")
            if now > deadline:
                if is_stopping:
                    return
                raise call_limits.too_slow(bounds)
            if now > looked + LOOK:
                looked = now
                _check(worker, bounds)
            if not select.select([worker.answers], [], [], LOOK / 2)[0]:
                continue
            chunk = os.read(worker.answers, 1 << 20)
            if not chunk:
                if is_stopping:
                    return
                raise call_limits.crashed(worker.status())
            received += chunk
            if len(received) > MOST_ANSWER:
                raise CallFailed(N_("the program's record is larger than {most} MB"), most=MOST_ANSWER // 1_000_000)
            while b"\n" in received:
                line, _end, rest = bytes(received).partition(b"\n")
                received = bytearray(rest)
                if self._take(line):
                    return

    def _take(self, line: bytes) -> bool:
        """Take one line from the process, which need not be honest; True: it was the last."""
        with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
            message = json.loads(line)
            if message["kind"] == "progress":
                self.progress = _progress(message)
            elif message["kind"] in ("numbers", "call", "gradient"):
                self._arrived.take(message)
            elif message["kind"] == "record":
                self.record = checked(message["record"])
                return True
        return False


def _progress(message: dict[str, Any]) -> Progress:
    prints = [str(text)[:300] for text in message["prints"][:50]]
    return Progress(int(message["line"]), int(message["lines"]), int(message["operations"]), prints)


def _check(worker: WorkerProcess, bounds: Limits) -> None:
    """Raise ``CallFailed`` where all processes of the program together take too much."""
    used = tree.usage(worker.pid, worker.mark)
    if used.processes > MOST_PROCESSES:
        raise CallFailed(N_("the program started more than {most} processes and was stopped"), most=MOST_PROCESSES)
    if used.memory > (bounds.memory_mb + 1_000) * 1_000_000:
        raise call_limits.too_large(bounds)
