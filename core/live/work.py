"""The threads that compute answers, shared by all tabs: the user with the least recent processor time is next."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

THREADS = 2
LOADING = 4  # threads that import: they wait more than they compute
HALF = 1.0  # seconds after which half of what was computed is forgotten


@dataclass(frozen=True)
class Result:
    """What a call returned, and the seconds of a processor that it took."""

    value: Any
    seconds: float


@dataclass
class Job:
    """A call that waits for a thread."""

    call: Callable[[], Any]
    future: asyncio.Future[Result]


class Work:
    """At most ``threads`` calls at once; of the owners that wait, the one with the least processor time is next.

    Belongs to the event loop that asks; the calls themselves run in threads.
    """

    def __init__(self, threads: int = THREADS, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock, self.free = clock, threads
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="live")
        self.loading = ThreadPoolExecutor(LOADING, thread_name_prefix="live-load")
        self.loaded: dict[str, Any] = {}
        self.waiting: dict[str, deque[Job]] = {}
        self.used: dict[str, tuple[float, float]] = {}  # owner -> seconds, and when that was so

    async def do(self, owner: str, call: Callable[[], Any]) -> Result:
        """Return what ``call`` returns, or raise what it raises, once it had its turn."""
        job = Job(call, asyncio.get_running_loop().create_future())
        self.waiting.setdefault(owner, deque()).append(job)
        self._start()
        return await job.future

    async def load(self, name: str, call: Callable[[], Any]) -> Any:
        """Return what ``call`` returns, and keep it under ``name``: later it is not called again.

        What is loaded imports modules. An import may wait for those of other threads for seconds, so it takes none
        of the threads that compute: what is loaded already is answered meanwhile. What ``call`` raises is raised.
        """
        if name not in self.loaded:
            self.loaded[name] = await asyncio.get_running_loop().run_in_executor(self.loading, call)
        return self.loaded[name]

    def _start(self) -> None:
        while self.free and self.waiting:
            owner = min(self.waiting, key=self.lately)
            job = self.waiting[owner].popleft()
            if not self.waiting[owner]:
                del self.waiting[owner]
            if job.future.cancelled():
                continue
            self.free -= 1
            loop = job.future.get_loop()
            ran = loop.run_in_executor(self.pool, _timed, job.call)
            ran.add_done_callback(partial(self._ended, owner, job))

    def _ended(self, owner: str, job: Job, ended: asyncio.Future[tuple[Any, BaseException | None, float]]) -> None:
        self.free += 1
        value, error, seconds = ended.result()
        self.used[owner] = self.lately(owner) + seconds, self.clock()
        self._forget()
        if not job.future.done():
            if error is None:
                job.future.set_result(Result(value, seconds))
            else:
                job.future.set_exception(error)
        self._start()

    def lately(self, owner: str) -> float:
        """Return the processor time of ``owner``, what is ``HALF`` seconds old counted half."""
        seconds, when = self.used.get(owner, (0.0, 0.0))
        return seconds * math.exp2(-(self.clock() - when) / HALF) if seconds else 0.0

    def _forget(self) -> None:
        if len(self.used) > 1000:
            self.used = {owner: use for owner, use in self.used.items() if self.lately(owner) > 1e-6}

    def close(self) -> None:
        """End the threads when what they compute is done."""
        for pool in (self.pool, self.loading):
            pool.shutdown(wait=False, cancel_futures=True)


def _timed(call: Callable[[], Any]) -> tuple[Any, BaseException | None, float]:
    """Return what ``call`` returned or raised, and its processor time in seconds."""
    begun = time.thread_time()
    try:
        value, error = call(), None
    except BaseException as raised:
        value, error = None, raised
    return value, error, time.thread_time() - begun
