"""The calls of one server: who is next, how many run at once, and the helper that does them."""

from __future__ import annotations

import contextlib
import itertools
import os
import pickle
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from typing import Any

from core.fair_queue import FairQueue
from core.isolation.frames import LEFT, MEMORY, RAISED, RETURNED, SIGNAL, TIME, Answer, Call
from core.isolation.limits import CallFailed, Limits, busy, crashed, left, not_started, too_large, too_slow
from core.isolation.process import HelperProcess

MODULES = ("core.foundations.warm_up", "core.networks.row_layers", "core.claims.collections")  # what the pages call
START_SECONDS = 120.0  # until torch is imported, on a busy machine
GRACE = 5.0  # seconds after which a helper that watches the clock itself counts as hanging
MOST_WAITING = 200  # calls; each is a browser tab that waits


class Pool:
    """At most ``most`` calls at once, the others wait their turn; any method, from any thread."""

    def __init__(
        self,
        most: int | None = None,
        most_waiting: int = MOST_WAITING,
        serial: bool = sys.platform != "linux",
        modules: Sequence[str] = MODULES,
    ) -> None:
        """``serial``: the helper does one call after the other itself, instead of forking a child for each."""
        self.most = 1 if serial else most or os.cpu_count() or 1
        self.most_waiting, self.serial, self.modules = most_waiting, serial, modules
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._queue: FairQueue[threading.Event] = FairQueue()
        self._running = 0
        self._helper: HelperProcess | None = None
        self._closed = False

    def start(self) -> HelperProcess:
        """Return the helper, started where there is none; ``CallFailed`` where it does not start."""
        with self._lock:
            if self._helper is None or not self._helper.alive:
                try:
                    self._helper = HelperProcess(self.modules, self.serial, self._helper_ended)
                except OSError as error:
                    raise not_started(str(error)) from None
            return self._helper

    def _helper_ended(self, helper: HelperProcess) -> None:
        """Have the next helper import torch while nobody waits for it; not after one that could not even begin."""
        if helper.begun and not self._closed:
            with contextlib.suppress(CallFailed):
                self.start()

    def call(
        self,
        function: Callable[..., Any],
        arguments: Sequence[Any],
        bounds: Limits,
        owner: str,
    ) -> Any:
        """Do a call as ``core.isolation.call`` says."""
        body = pickle.dumps((function, tuple(arguments)))
        with self._turn(owner):
            answer, helper = self._ask(body, bounds)
            if not self.serial and not helper.alive:  # the helper itself was killed: that was not this call's doing
                answer, _helper = self._ask(body, bounds)
            return _outcome(answer, bounds)

    def _ask(self, body: bytes, bounds: Limits) -> tuple[Answer, HelperProcess]:
        helper = self.start()
        if not helper.ready.wait(START_SECONDS) or not helper.alive:
            helper.kill()
            raise not_started(f"exit status {helper.child.poll()}")
        call = Call(next(self._numbers), bounds.seconds, bounds.memory_mb * 1_000_000, body)
        try:
            return helper.ask(call).result(bounds.seconds + (0 if self.serial else GRACE)), helper
        except FutureTimeout:
            helper.kill()
            raise too_slow(bounds) from None

    @contextmanager
    def _turn(self, owner: str) -> Iterator[None]:
        """Wait for one's turn; owners take turns."""
        turn = threading.Event()
        with self._lock:
            if len(self._queue) >= self.most_waiting:
                raise busy(len(self._queue))
            self._queue.put(owner, turn)
            self._let_in()
        turn.wait()
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1
                self._let_in()

    def _let_in(self) -> None:
        """Let in the next call while there is room; the lock is held."""
        while self._queue and self._running < self.most:
            self._running += 1
            self._queue.take().set()
        if not self._queue and not self._running:
            self._queue = FairQueue()  # forgets who was served when

    def close(self) -> None:
        """End the helper and what it runs."""
        self._closed = True
        with self._lock:
            helper = self._helper
        if helper is not None:
            helper.close()


def _outcome(answer: Answer, bounds: Limits) -> Any:
    """Return what the call returned, or raise what it raised or what ended it."""
    if answer.kind == RETURNED:
        return pickle.loads(answer.body)
    if answer.kind == RAISED:
        raise pickle.loads(answer.body)
    if answer.kind == TIME:
        raise too_slow(bounds)
    if answer.kind == MEMORY:
        raise too_large(bounds)
    if answer.kind == LEFT:
        raise left(answer.body.decode(errors="replace"))
    raise crashed(-answer.value if answer.kind == SIGNAL else answer.value)
