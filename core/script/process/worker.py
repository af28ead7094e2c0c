"""The process of one program: ``python -m core.script.process.worker [TASKS]``. Imports torch, then waits for it.

``TASKS`` bounds its processes and threads. It reads one request, a line of JSON, and perhaps the line "stop"; it
writes lines of JSON: that it is ready, how far the program is, and at the end the record. It ends with its server,
whose pipe is then closed.
"""

from __future__ import annotations

import _thread
import contextlib
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from core.isolation import work
from core.isolation.frames import Call
from core.script import call_lines, child, warm_up
from core.script.payload import GRACE, Request, payload

EVERY = 0.25  # seconds between two lines about the progress
LAST_PRINTS = 12
MOST_FILE = 200_000_000  # bytes of one file that the program writes


class Channel:
    """The pipes to the server, moved out of the way of a program that prints, reads or closes files 0 to 2."""

    def __init__(self) -> None:
        self.input_fd, self._answers = os.dup(0), os.dup(1)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nowhere, number)
        self._writing = threading.Lock()
        self._read = bytearray()

    def send(self, message: dict[str, Any]) -> None:
        """Write one line."""
        line = json.dumps(message, allow_nan=False).encode() + b"\n"
        with self._writing, contextlib.suppress(OSError):
            while line:
                line = line[os.write(self._answers, line) :]

    def line(self) -> str | None:
        """Return the next line; None at the end."""
        while b"\n" not in self._read:
            chunk = os.read(self.input_fd, 1 << 16)
            if not chunk:
                return None
            self._read += chunk
        text, _end, rest = bytes(self._read).partition(b"\n")
        self._read = bytearray(rest)
        return text.decode(errors="replace")


def listen(channel: Channel) -> None:
    """Stop the program when the server says so, where it can still be recorded; end when the server is gone."""
    while (line := channel.line()) is not None:
        if line == "stop":
            child.stop_asked.set()
            _thread.interrupt_main(signal.SIGALRM)
    os._exit(1)


def report(channel: Channel, running: child.Running, stop: threading.Event) -> None:
    """Say how far the program is, again and again."""
    main = threading.main_thread().ident
    while not stop.wait(EVERY):
        frame = sys._current_frames().get(main or 0)
        while frame is not None and frame.f_code.co_filename != running.path:
            frame = frame.f_back
        with contextlib.suppress(Exception):  # the program's own threads may change what is read here
            channel.send(
                {
                    "kind": "progress",
                    "line": 0 if frame is None else frame.f_lineno,
                    "lines": running.lines.total,
                    "operations": running.recorder.operations.total,
                    "prints": running.prints.last(LAST_PRINTS),
                }
            )


def limit(request: Request, tasks: int | None = None) -> None:
    """Bound memory, processor time, files and ``tasks``; let the server, which looks after it, go first."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(15)
    work.limit(Call(0, request["seconds"] + GRACE, request["memory_mb"] * 1_000_000, b""))
    with contextlib.suppress(OSError, ValueError, AttributeError):
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_FILE, MOST_FILE))
        if tasks is not None:
            resource.setrlimit(resource.RLIMIT_NPROC, (tasks, tasks))


def main() -> int:
    """Run one program."""
    channel = Channel()
    warm_up.warm_up()
    channel.send({"kind": "ready"})
    line = channel.line()
    if line is None:
        return 0
    request: Request = json.loads(line)
    path = Path("program.py").resolve()
    path.write_text(request["text"], encoding="utf-8")
    threading.Thread(target=listen, args=(channel,), daemon=True).start()
    limit(request, int(sys.argv[1]) if len(sys.argv) > 1 else None)
    stop = threading.Event()

    def begun(running: child.Running) -> None:
        threading.Thread(target=report, args=(channel, running, stop), daemon=True).start()

    shape = None if request["shape"] is None else tuple(request["shape"])
    record = child.record(str(path), [], str(path.parent), request["seconds"], shape, begun)
    stop.set()
    for message in call_lines.lines(record.calls, record.gradients):
        channel.send(message)
    channel.send({"kind": "record", "record": payload(record, request["text"])})
    os._exit(0)  # threads of the program may still run


if __name__ == "__main__":
    sys.exit(main())
