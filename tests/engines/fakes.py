"""A cluster in this process: nodes whose workers are threads, and a transport that can lose one of them."""

from __future__ import annotations

import contextlib
import errno
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.engines import versions
from core.engines.messages import Facts
from core.engines.node import Node
from core.engines.transport import Member, NodeLost
from core.training.config import Batches
from core.training.engine import Reports, Worker
from core.training.run_controller import RunController
from core.training.worker_messages import Command
from core.training.worker_pool import Waiting, WorkerPool

one_at_a_time = threading.Lock()  # a run owns its process's random numbers
released = threading.Event()  # set: no worker is held any more


class Kill(BaseException):
    """What SIGKILL is: nothing after it is done, nothing catches it."""


class ThreadWorker:
    """Trains in a thread; at step ``hold`` of its first run it waits until it is told something or killed."""

    process: int | None = None

    def __init__(self, folder: Path, batches: Batches, reports: Reports, hold: int) -> None:
        self.folder: Path | None = folder
        self.leaving = False
        self.accepted = threading.Event()
        self.obeyed = 0
        self.hold, self.waits = hold, False
        self.killed = threading.Event()
        self.commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self.controller = RunController(folder, self, self.say)
        self.reports = reports
        self.thread = threading.Thread(target=self.work, args=(batches,), daemon=True)
        self.thread.start()

    def work(self, batches: Batches) -> None:
        with one_at_a_time, contextlib.suppress(Kill):
            self.controller.run(batches)
        self.accepted.set()
        self.reports["ended"](self)

    def say(self, **message: Any) -> None:
        if "accepted" in message:
            self.accepted.set()
        self.obeyed = message.get("obeyed", self.obeyed)
        if "paused" in message:
            self.reports["paused"](self)

    def empty(self) -> bool:
        """Return whether nothing was asked; the loop asks after each batch, so here it can be held."""
        while self.controller.state.step == self.hold and self.commands.empty() and not self.free():
            self.waits = True
            time.sleep(0.005)
        self.waits = False
        if self.killed.is_set():
            raise Kill
        return self.commands.empty()

    def free(self) -> bool:
        return self.killed.is_set() or released.is_set()

    def get(self) -> Command:
        while True:
            if self.killed.is_set():
                raise Kill
            with contextlib.suppress(queue.Empty):
                return self.commands.get(timeout=0.01)

    def send(self, command: Command) -> bool:
        self.commands.put(command)
        return not self.killed.is_set()

    def rest(self) -> None: ...

    def leave(self) -> None:
        self.leaving = True
        self.commands.put({"do": "leave"})

    def kill(self) -> None:
        self.killed.set()
        self.thread.join()

    def wait(self) -> None:
        self.thread.join(10)


class ThreadPool(WorkerPool):
    """The pool of a node: its first worker is held at step ``hold``."""

    def __init__(self, hold: int = -1) -> None:
        super().__init__(1000, standby=False)
        self.hold = hold
        self.all: list[ThreadWorker] = []

    def worker_for(self, waiting: Waiting) -> Worker:
        hold, self.hold = self.hold, -1
        worker = ThreadWorker(waiting.folder, waiting.batches, self._reports, hold)
        self.all.append(worker)
        return worker

    def workers(self) -> list[ThreadWorker]:
        return self.all


class InProcess:
    """A transport to nodes by name; ``lose`` ends one as a power cut would."""

    def __init__(self, slots: int = 1, **holds: int) -> None:
        self.there = {name: Member(name, name, slots) for name in holds}
        self.holds = holds
        self.facts: dict[str, Callable[[Facts], Facts]] = {}
        self.nodes: dict[str, Node] = {}
        self.mute: set[str] = set()  # nodes that commands do not reach any more
        self.full: set[str] = set()  # nodes whose disk is full
        self.closed = False

    def members(self) -> list[Member]:
        return list(self.there.values())

    def start(self, member: Member) -> None:
        self.nodes[member.id] = Node(ThreadPool(self.holds[member.id]))

    def call(self, member: Member, method: str, *arguments: Any) -> Any:
        node = self.nodes.get(member.id)
        if node is None:
            raise NodeLost(member.name)
        if method == "obey" and member.id in self.mute:
            return None
        if method == "begin" and member.id in self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        answer = getattr(node, method)(*arguments)
        if self.nodes.get(member.id) is not node:
            raise NodeLost(member.name)  # it was lost with the answer
        return self.facts.get(member.id, lambda facts: facts)(answer) if method == "facts" else answer

    def waits(self, name: str) -> bool:
        """Return whether the node's worker waits at its step."""
        return any(worker.waits for worker in self.nodes[name].pool.workers())  # type: ignore[attr-defined]

    def lose(self, name: str) -> None:
        self.there.pop(name)
        node = self.nodes.pop(name)
        for folder in node.pool.active():
            node.pool.kill(folder)

    def stop(self, member: Member) -> None:
        node = self.nodes.pop(member.id, None)
        if node is not None:
            node.close()

    def close(self) -> None:
        self.closed = True


def other_torch(facts: Facts) -> Facts:
    """The facts of a machine with another torch."""
    return replace(facts, versions=replace(versions.here(), torch="1.0"))
