"""The worker: ``python -m core.training.worker FOLDER`` trains one run and obeys the commands on its stdin.

One command a line, JSON: ``{"do": "pause"}``, "resume", "batch", "epoch", "stop", ``{"do": "learning_rate",
"value": 0.1}``, "leave". The end of stdin and SIGTERM mean "leave": save a checkpoint and exit. With ``--standby``
it imports torch, loads the data, and waits for ``{"run": FOLDER}``, so that a run starts at once. When its run is
over it says so and waits for the next one; after an error it exits, as the state of the process is unknown.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import sys
import threading
from pathlib import Path
from typing import Unpack, cast

from core import garbage
from core.training.config import Batches
from core.training.worker_messages import Command, Message

LEAVE: Command = {"do": "leave"}


def listen(commands: queue.SimpleQueue[Command], warm: threading.Event) -> None:
    """Put each line of stdin that is a command into ``commands``, and "leave" when stdin ends.

    A worker that is not ``warm`` yet has nothing to save and exits at once; on SIGTERM it exits when it is warm.
    """
    rest = b""
    while chunk := os.read(0, 65536):  # not sys.stdin: its lock, held by a thread that waits, spoils Python's exit
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            with contextlib.suppress(ValueError):
                command = json.loads(line)
                if isinstance(command, dict):
                    commands.put(cast(Command, command))
    if not warm.is_set():
        os._exit(0)
    commands.put(LEAVE)


def obey_signals(commands: queue.SimpleQueue[Command]) -> None:
    """Put "leave" into ``commands`` on SIGTERM and Ctrl-C; in a handler, only a ``SimpleQueue`` allows it."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: commands.put(LEAVE))


def lower_priority() -> None:
    """Lower this process's CPU priority, so that pages are answered while a run trains."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(10)


def say(**message: Unpack[Message]) -> None:
    """Send a message to the server: one line of JSON on stdout."""
    with contextlib.suppress(OSError):  # the server is gone
        print(json.dumps(message), flush=True)


def next_run(commands: queue.SimpleQueue[Command]) -> tuple[Path, Batches] | None:
    """Wait for a run and return its folder and how far to train; None when the worker is to exit."""
    while (command := commands.get()) != LEAVE:
        if "run" in command:
            return Path(command["run"]), command.get("batches")
    return None


def main() -> int:
    """Run a worker; exit status 0 when it left in an orderly way."""
    commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
    warm = threading.Event()
    lower_priority()
    obey_signals(commands)
    is_standby = sys.argv[1:2] == ["--standby"]
    if not is_standby:  # before what its stdin holds already: commands to this run
        commands.put({"run": sys.argv[1], "batches": json.loads(sys.argv[2]) if len(sys.argv) > 2 else None})
    threading.Thread(target=listen, args=(commands, warm), daemon=True).start()
    with garbage.uncollected():
        from core import lazy_compiler

        lazy_compiler.install()  # a run compiles nothing
        if is_standby:
            from core.training.warm_up import warm_up

            warm_up()
            say(ready=True)
        warm.set()
        from core.training.run_controller import RunController

    while (run := next_run(commands)) is not None:
        folder, batches = run
        controller = RunController(folder, commands, say)
        status = controller.run(batches)
        if status != 0 or controller.stop_requested:
            return status
        del controller  # and with it the network and the data, before the next run is waited for
        say(over=folder.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
