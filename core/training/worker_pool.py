"""The pool: all workers of one server and the queue before them, whichever folder their runs are in.

Runs are known by their folder here, so that nobody who only knows an id reaches a run of another workspace.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from core.errors import N_, InvalidSetting
from core.fair_queue import FairQueue
from core.training.config import Batches
from core.training.engine import Reports, Worker
from core.training.files import Lock, is_held
from core.training.status import QUEUE_LOCK, WORKER_LOCK, note_turn, read_status, write_status
from core.training.worker_messages import Command
from core.training.worker_process import WorkerProcess


@dataclass
class Waiting:
    """A run that waits for its turn: whose it is, how far it is to go, and the lock that says that it waits."""

    folder: Path
    owner: str
    batches: Batches
    lock: Lock


class WorkerPool:
    """At most ``limit`` runs train at once, the rest wait their turn; any method, from any thread."""

    def __init__(
        self,
        limit: int | None = None,
        standby: bool = True,
        ended: Callable[[Path], None] = lambda _folder: None,
    ) -> None:
        """``limit`` defaults to the cores; ``standby`` keeps one worker ready that has imported torch already.

        ``ended`` is told, in some thread, the folder of each run whose worker is gone.
        """
        self.limit = limit or os.cpu_count() or 1
        self._lock = threading.RLock()
        self._workers: dict[Path, Worker] = {}
        self._queue: FairQueue[Path] = FairQueue()
        self._waiting: dict[Path, Waiting] = {}
        self._standby: WorkerProcess | None = None
        self._keeps_standby = standby
        self._start_seconds = 0.0
        self._closed = False
        self._tell_ended = ended
        self._reports: Reports = {"ended": self._ended, "over": self._over, "paused": self._paused}
        self._prepare_standby()

    @property
    def start_seconds(self) -> float:
        """How long the last worker that stood by took to start; 0 before one did."""
        with self._lock:
            if self._standby is not None:
                self._start_seconds = self._standby.start_seconds or self._start_seconds
            return self._start_seconds

    # ---- the queue

    def enter(self, folder: Path, batches: Batches, owner: str) -> None:
        """Put a run into the queue of ``owner``, and start the next one; do nothing where it waits or trains.

        Raises ``InvalidSetting`` where another server has it in its queue.
        """
        with self._lock:
            if folder in self._waiting or self._trains(folder):
                return
            self._let_wait(folder, batches, owner)
        self._start_next()

    def _let_wait(self, folder: Path, batches: Batches, owner: str, again: bool = False) -> None:
        lock = Lock(folder / QUEUE_LOCK)
        if not lock.acquire():
            raise InvalidSetting(N_("another server has taken this run up"))
        self._waiting[folder] = Waiting(folder, owner, batches, lock)
        self._queue.put(owner, folder, again)

    def _trains(self, folder: Path) -> bool:
        """Return whether the run has a worker that begins with it or goes on; not one that is over or leaves."""
        worker = self._workers.get(folder)
        if worker is None or worker.leaving:
            return False
        return not worker.accepted.is_set() or read_status(folder).state in ("running", "paused")

    def take_out(self, folder: Path, state: str) -> bool:
        """Take a run out of the queue and write ``state`` as its status; return False when it does not wait."""
        with self._lock:
            if not self._queue.remove(folder):
                return False
            waiting = self._waiting.pop(folder)
            write_status(folder, replace(read_status(folder), state=state))
            waiting.lock.release()
        return True

    def waits(self, folder: Path) -> bool:
        """Return whether the run waits and has no worker yet."""
        with self._lock:
            return folder in self._waiting and folder not in self._workers

    def place(self, folder: Path) -> int | None:
        """Return the run's place in the queue (1: next), None when it does not wait."""
        with self._lock:
            order = self._queue.in_order()
        return order.index(folder) + 1 if folder in order else None

    def _start_next(self) -> None:
        """Start runs while there is room; a paused run gives its place up to one that waits."""
        with self._lock:
            while self._queue and not self._closed:
                if len(self._workers) >= self.limit:
                    self._ask_a_paused_one_to_leave()
                    return
                if self._queue.in_order()[0] in self._workers:  # just leaving: `_ended` or `_over` comes back here
                    return
                self._start(self._waiting[self._queue.take()])

    def _ask_a_paused_one_to_leave(self) -> None:
        for folder, worker in self._workers.items():
            if worker.accepted.is_set() and read_status(folder).state == "paused":
                worker.leave()
                return

    def elsewhere(self, folder: Path) -> bool:
        """Return whether another server trains the run, or has it in its queue."""
        with self._lock:
            if folder in self._workers or folder in self._waiting:
                return False
            return is_held(folder / WORKER_LOCK) or is_held(folder / QUEUE_LOCK)

    # ---- workers

    def send(self, folder: Path, command: Command) -> bool:
        """Send the run's worker a command; return False when the run has no worker that would obey it."""
        with self._lock:
            return self._trains(folder) and self._workers[folder].send(command)

    def kill(self, folder: Path) -> None:
        """End a run's worker at once, without a checkpoint (what a crash would do)."""
        with self._lock:
            worker = self._workers.get(folder)
        if worker is not None:
            worker.kill()

    def active(self) -> list[Path]:
        """Return the runs that have a worker now."""
        with self._lock:
            return list(self._workers)

    def processes(self) -> list[int]:
        """Return the ids of the worker processes; that of the one kept ready is the last."""
        with self._lock:
            workers = [*self._workers.values(), *([self._standby] if self._standby else [])]
        return [worker.process for worker in workers if worker.process is not None]

    def obeyed(self, folder: Path) -> int:
        """Return the number of the last command that the run's worker obeyed; 0: none that had a number."""
        with self._lock:
            worker = self._workers.get(folder)
            return worker.obeyed if worker is not None else 0

    def waiting(self) -> list[Path]:
        """Return the runs that wait, in the order in which they will start if no other run comes."""
        with self._lock:
            return self._queue.in_order()

    def _start(self, waiting: Waiting) -> None:
        """Give the run to a worker; ``_hand_over`` gives up its place in the queue."""
        with contextlib.suppress(OSError):  # the folder is gone, or its disk is full: nobody waits for the note
            note_turn(waiting.folder)
        worker = self.worker_for(waiting)
        worker.folder = waiting.folder
        self._workers[waiting.folder] = worker
        threading.Thread(target=self._hand_over, args=(worker, waiting), daemon=True).start()

    def worker_for(self, waiting: Waiting) -> Worker:
        """Return the standby worker, or a fresh one, which begins with the run."""
        worker, self._standby = self._standby, None
        if worker is None or not worker.alive or not worker.take(waiting.folder, waiting.batches):
            worker = WorkerProcess(str(waiting.folder), json.dumps(waiting.batches), **self._reports)
        return worker

    def _hand_over(self, worker: Worker, waiting: Waiting) -> None:
        """Hold the run's place until its worker holds its lock, so that it never looks abandoned."""
        worker.accepted.wait()
        with self._lock:
            waiting.lock.release()
            if self._waiting.get(waiting.folder) is waiting:
                del self._waiting[waiting.folder]

    def _prepare_standby(self) -> None:
        """Have a worker ready for the next run; called when none trains, as importing torch would slow it down."""
        with self._lock:
            if self._keeps_standby and self._standby is None and not self._closed:
                self._standby = WorkerProcess("--standby", **self._reports)

    def _paused(self, _worker: Worker) -> None:
        """A run has paused: another one may be waiting for its place."""
        self._prepare_standby()
        self._start_next()

    def _over(self, worker: Worker) -> None:
        """A run is over: its worker, which has imported torch, stands by for the next unless another does."""
        with self._lock:
            folder = self._let_go(worker)
            worker.rest()
            stays = self._keeps_standby and self._standby is None and not self._closed
            if stays and isinstance(worker, WorkerProcess):
                self._standby = worker
        if not stays:
            worker.leave()
        self._go_on_after(folder)

    def _ended(self, worker: Worker) -> None:
        """A worker is gone: make room for the next."""
        with self._lock:
            if worker is self._standby:
                self._standby = None
            folder = self._let_go(worker)
        if folder is not None:
            self._prepare_standby()
        self._go_on_after(folder)

    def _let_go(self, worker: Worker) -> Path | None:
        """Take the worker's run from it and return the run's folder; None when it had none."""
        if worker.folder is not None and self._workers.get(worker.folder) is worker:
            del self._workers[worker.folder]
        return worker.folder

    def _go_on_after(self, folder: Path | None) -> None:
        """Start what waits, and tell that the run of ``folder`` has no worker any more."""
        self._start_next()
        if folder is not None:
            self._tell_ended(folder)

    def close(self) -> None:
        """Checkpoint and end every worker; nothing is left behind."""
        with self._lock:
            self._closed = True
            workers = [*self._workers.values(), *([self._standby] if self._standby else [])]
            for waiting in self._waiting.values():
                waiting.lock.release()
        for worker in workers:
            worker.leave()
            if not worker.accepted.is_set():  # still importing: there is nothing to lose and no need to wait
                worker.kill()
        for worker in workers:
            worker.wait()
