"""Starts programs: so many at once, owners take turns, and a process with torch waits ready for the next."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from core.classroom import settings
from core.errors import N_, InvalidSetting
from core.fair_queue import FairQueue
from core.isolation import limits as call_limits
from core.isolation.limits import CallFailed, Limits
from core.script.payload import Request
from core.script.process import sandbox
from core.script.process.job import Job
from core.script.process.task_limit import remove_left
from core.script.process.worker_process import WorkerProcess

OWN_LIMITS = Limits(seconds=300.0, memory_mb=8_000)
MOST_WAITING = 100
MOST_TEXT = 200_000  # characters of a program


class Launcher:
    """Any method from any thread. ``close`` ends what runs."""

    def __init__(self, kind: str, bounds: Limits, most: int) -> None:
        self.kind, self.bounds, self.most = kind, bounds, most
        remove_left()
        # Linux kills a child with the *thread* that started it (PR_SET_PDEATHSIG, which bubblewrap uses): one
        # thread, which lives as long as the server, starts them all.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="programs")
        self._spare: Future[WorkerProcess] | None = None
        self._queue: FairQueue[Job] = FairQueue()
        self._running: dict[Job, str] = {}
        self._lock = threading.Lock()
        self._closed = False

    def prepare(self) -> None:
        """Have a process ready before a user waits for it."""
        with self._lock:
            if self._spare is None and not self._closed:
                self._spare = self._starter.submit(WorkerProcess, self.kind)

    def start(self, text: str, owner: str, shape: list[int] | None = None) -> Job:
        """Run a program as soon as it is its owner's turn; ``InvalidSetting`` where it may not run."""
        if len(text) > MOST_TEXT:
            raise InvalidSetting(N_("a program has at most {most} characters"), most=MOST_TEXT)
        request = Request(text=text, shape=shape, seconds=self.bounds.seconds, memory_mb=self.bounds.memory_mb)
        job = Job(request)
        with self._lock:
            if self._closed or len(self._queue) >= MOST_WAITING:
                raise call_limits.busy(len(self._queue))
            self._queue.put(owner, job)
            self._let_in()
        return job

    def _let_in(self) -> None:
        """Start the next one while there is room; the lock is held."""
        while self._queue and len(self._running) < self.most:
            job = self._queue.take()
            self._running[job] = ""
            threading.Thread(target=self._run, args=(job,), daemon=True).start()

    def _run(self, job: Job) -> None:
        try:
            worker = self._worker()
            self.prepare()
            job.follow(worker)
        except CallFailed as ended:
            job.ended = ended
            job.finish()
        finally:
            with self._lock:
                del self._running[job]
                self._let_in()

    def _worker(self) -> WorkerProcess:
        """Return the process that waits, or a new one."""
        self.prepare()
        with self._lock:
            spare, self._spare = self._spare, None
        if spare is None:
            raise call_limits.not_started("the server ends")
        try:
            worker = spare.result()
            if not worker.alive:
                worker.end()
                worker = self._starter.submit(WorkerProcess, self.kind).result()
        except (OSError, RuntimeError) as error:
            raise call_limits.not_started(str(error)) from None
        return worker

    def close(self) -> None:
        """End what runs and what waits."""
        with self._lock:
            self._closed = True
            spare, self._spare = self._spare, None
            running = list(self._running)
            while self._queue:
                self._queue.take().finish()
        for job in running:
            job.stop()
        if spare is not None:
            spare.result().end()
        for job in running:
            job.has_ended.wait(10)
        self._starter.shutdown()


def kind_here(works: Callable[[str], bool] = sandbox.works) -> str:
    """Return the sandbox of this server: a classroom's is closed; on your own machine it is what works."""
    if settings.is_classroom():
        return sandbox.CLOSED
    return sandbox.OWN if works(sandbox.OWN) else sandbox.NONE


_making = threading.Lock()
_launcher: Launcher | None = None


def launcher() -> Launcher:
    """Return the launcher of this server, made when it is first asked for."""
    global _launcher
    with _making:
        if _launcher is None:
            _launcher = _new()
            atexit.register(_launcher.close)
        return _launcher


def _new() -> Launcher:
    if not settings.is_classroom():
        return Launcher(kind_here(), OWN_LIMITS, max(1, (os.cpu_count() or 1) - 1))
    options = settings.read()
    bounds = Limits(float(options.program_seconds), options.program_memory_mb)
    return Launcher(sandbox.CLOSED, bounds, options.programs)


def close() -> None:
    """End every program; a later call starts again."""
    global _launcher
    with _making:
        old, _launcher = _launcher, None
    if old is not None:
        old.close()
