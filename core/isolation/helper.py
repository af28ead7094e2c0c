"""The helper: ``python -m core.isolation.helper MODULE…`` imports the modules, then does the calls on its stdin.

On Linux it forks a child for each call, so that a call starts in 5 ms from torch as imported, and watches their
clocks. Elsewhere, or with ``--serial``, it does one call after the other, and the server watches the clock. It
ends, and its children with it, when stdin ends: also when the server was killed.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import selectors
import signal
import sys
import time
from dataclasses import dataclass, field

from core import garbage
from core.isolation import work
from core.isolation.frames import MEMORY, READY, SIGNAL, STATUS, TIME, Answer, Call, take_calls

CHUNK = 1 << 20


@dataclass
class Child:
    """The process of one call: its pipe, what came through it so far, and when its time is over."""

    call: Call
    pid: int
    read: int
    end: float
    received: bytearray = field(default_factory=bytearray)
    late: bool = False


def warm_up(modules: list[str]) -> None:
    """Import what calls will need and let it do once what it does first, so that no child has to do that again."""
    with garbage.uncollected():
        for name in modules:
            module = importlib.import_module(name)
            if hasattr(module, "warm_up"):
                module.warm_up()
        import ctypes  # noqa: F401  (each child needs it)
    garbage.collect_once()  # a collection in a child would touch, and so copy, every page


def send(answer: Answer) -> None:
    """Write one answer; a server that is gone need not hear it."""
    frame = answer.packed()
    with contextlib.suppress(OSError):
        while frame:
            frame = frame[os.write(1, frame) :]


def start(call: Call) -> Child:
    """Fork a child for ``call``."""
    read_end, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        work.in_child(call, write)
    os.close(write)
    return Child(call, pid, read_end, time.monotonic() + call.seconds)


def finish(child: Child) -> Answer:
    """Wait for a child whose pipe has ended, and return what it answered or what ended it."""
    os.close(child.read)
    status = os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1])
    number, received = child.call.number, bytes(child.received)
    if child.late or status == -getattr(signal, "SIGXCPU", 0):
        return Answer(number, TIME)
    if status == work.NO_MEMORY:
        return Answer(number, MEMORY)
    if status != 0 or len(received) < Answer.HEADER.size:
        return Answer(number, SIGNAL, -status) if status < 0 else Answer(number, STATUS, status)
    _number, kind, value, length = Answer.HEADER.unpack_from(received)
    return Answer(number, kind, value, received[Answer.HEADER.size : Answer.HEADER.size + length])


def forking() -> None:
    """Start a child for each call as it comes, and relay their answers, until stdin ends."""
    children: dict[int, Child] = {}
    received = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(0, selectors.EVENT_READ)
        while True:
            now = time.monotonic()
            for child in children.values():
                if child.end <= now and not child.late:
                    child.late = True
                    os.kill(child.pid, signal.SIGKILL)
            ends = [child.end for child in children.values() if not child.late]
            for key, _ in selector.select(max(0.0, min(ends) - now) if ends else None):
                chunk = os.read(key.fd, CHUNK)
                if key.fd == 0:
                    if not chunk:
                        for child in children.values():
                            os.kill(child.pid, signal.SIGKILL)
                        return
                    received += chunk
                    for call in take_calls(received):
                        child = start(call)
                        children[child.read] = child
                        selector.register(child.read, selectors.EVENT_READ)
                elif chunk:
                    children[key.fd].received += chunk
                else:
                    selector.unregister(key.fd)
                    send(finish(children.pop(key.fd)))


def serial() -> None:
    """Do one call after the other in this very process."""
    received = bytearray()
    while chunk := os.read(0, CHUNK):
        received += chunk
        for call in take_calls(received):
            work.limit(call)
            answer = work.answer(call)
            work.unlimit()
            send(answer)


def main(arguments: list[str]) -> int:
    """Serve until stdin ends."""
    warm_up([name for name in arguments if not name.startswith("--")])
    sys.stdout = sys.stderr  # file 1 belongs to the answers
    send(Answer(0, READY))
    # macOS has fork, but Apple's own libraries, which torch uses there, do not survive it.
    if "--serial" in arguments or not hasattr(os, "fork") or sys.platform == "darwin":
        serial()
    else:
        forking()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
