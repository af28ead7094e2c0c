"""Jobs: the narrow door to training. Starts workers, queues what exceeds the cores, passes commands on.

One ``Jobs`` belongs to the server process (``st.cache_resource`` in pages); every method may be called from any
thread. What a run is and did is read from its ``RunFolder``, not from here.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import threading
from dataclasses import dataclass, replace
from pathlib import Path

from core.errors import N_, Refusal
from core.training import run_folder
from core.training.config import REAL, UPLOAD, Batches, Parent, TrainConfig, check_batches, check_real
from core.training.events import Event
from core.training.fair_queue import FairQueue
from core.training.files import Lock
from core.training.process import WorkerProcess
from core.training.run_folder import CHECKPOINTS, RunFolder
from core.training.status import QUEUE_LOCK, read_status, write_status

GO_ON: dict[str, Batches] = {"resume": None, "batch": 1, "epoch": "epoch"}
COMMANDS = (*GO_ON, "pause", "stop", "learning_rate")


@dataclass
class Waiting:
    """A run that waits for its turn: whose it is, how far it is to go, and the lock that says that it waits."""

    run_id: str
    owner: str
    batches: Batches
    lock: Lock


class Jobs:
    """The runs of one folder ``root``: at most ``limit`` train at once, the rest wait their turn."""

    def __init__(self, root: Path, limit: int | None = None, standby: bool = True) -> None:
        """``limit`` defaults to the cores; ``standby`` keeps one worker ready that has imported torch already."""
        self.root = root
        self.limit = limit or os.cpu_count() or 1
        self._door = threading.RLock()
        self._workers: dict[str, WorkerProcess] = {}
        self._queue: FairQueue[str] = FairQueue()
        self._waiting: dict[str, Waiting] = {}
        self._standby: WorkerProcess | None = None
        self._keeps_standby = standby
        self._closed = False
        self._prepare_standby()

    # ---- starting

    def submit(
        self,
        config: TrainConfig,
        name: str = "",
        batches: Batches = None,
        owner: str = "",
        model: bytes | None = None,
        optimizer: bytes | None = None,
    ) -> str:
        """Make a run and start it, or let it wait for its turn; return its id.

        ``batches``: pause by itself after so many, or at the end of the first "epoch". ``owner``: whose turn
        it is, for the fair queue. ``model``/``optimizer``: contents of uploaded ``model.pth``/``optimizer.pth`` to
        start from; they are checked before anything is made (``Refusal`` says what is wrong with them).
        """
        check_batches(batches)
        if model is None and optimizer is not None:
            raise Refusal(N_("an optimizer's memory belongs to a network: give model.pth as well"))
        if model is None:
            run = run_folder.create(self.root, config.with_(parent=None), name)
        else:
            # These import torch, which a server's start need not wait for.
            from core.training.checkpoint import write
            from core.training.foreign import start_from_files

            snapshot = start_from_files(config, model, optimizer)
            config = config.with_(parent=Parent(UPLOAD, "start"))
            run = run_folder.create(self.root, config, name)
            write(run.path / CHECKPOINTS, "start", snapshot)
        self._enter(run.id, batches, owner)
        return run.id

    def continue_from(
        self,
        run_id: str,
        checkpoint: str,
        config: TrainConfig,
        name: str = "",
        batches: Batches = None,
        owner: str = "",
    ) -> str:
        """Start a child of ``run_id`` from that checkpoint under ``config`` (its ``parent`` is filled in).

        ``config.epochs`` is how many more. The network must be the parent's (``Refusal``). With settings
        unchanged, 3 epochs and 2 more give exactly what 5 give.
        """
        check_batches(batches)
        parent = RunFolder(self.root, run_id)
        point = parent.checkpoint(checkpoint)
        if config.network != parent.config.network:
            raise Refusal(
                N_("the checkpoint holds weights of {old}, they do not fit {new}"),
                old=parent.config.network,
                new=config.network,
            )
        before = parent.config.parent.seen if parent.config.parent else 0
        origin = Parent(run_id, checkpoint, point.epochs_begun, before + point.seen)
        child = run_folder.create(self.root, config.with_(parent=origin), name)
        shutil.copytree(point.path, child.path / CHECKPOINTS / "start")
        self._enter(child.id, batches, owner)
        return child.id

    def resume(self, run_id: str, batches: Batches = None, owner: str = "") -> None:
        """Take a paused, interrupted or stopped run up where it was, bit for bit; it may have to wait its turn."""
        check_batches(batches)
        state = RunFolder(self.root, run_id).status().state
        if state in ("finished", "diverged"):
            raise Refusal(N_("this run is over: continue from one of its checkpoints as a new run"))
        with self._door:
            worker = self._workers.get(run_id)
        if worker is None or not worker.send({"do": "resume", "batches": batches}):
            self._enter(run_id, batches, owner)

    def _enter(self, run_id: str, batches: Batches, owner: str) -> None:
        """Let the run wait, and start whoever is next."""
        with self._door:
            worker = self._workers.get(run_id)
            if run_id in self._waiting or (worker is not None and not worker.leaving):
                return
            lock = Lock(run_folder.folder_of(self.root, run_id) / QUEUE_LOCK)
            if not lock.acquire():
                raise Refusal(N_("another server has taken this run up"))
            self._waiting[run_id] = Waiting(run_id, owner, batches, lock)
            self._queue.put(owner, run_id)
        self._start_next()

    def _start_next(self) -> None:
        """Start runs while there is room; a paused run gives its place up to one that waits."""
        with self._door:
            while self._queue and not self._closed:
                if len(self._workers) >= self.limit:
                    self._ask_a_paused_one_to_leave()
                    return
                if self._queue.in_order()[0] in self._workers:  # it is just leaving: `_ended` comes back here
                    return
                self._start(self._waiting[self._queue.take()])

    def _ask_a_paused_one_to_leave(self) -> None:
        for run_id, worker in self._workers.items():
            if worker.taken.is_set() and read_status(self.root / run_id).state == "paused":
                worker.leave()
                return

    def _start(self, waiting: Waiting) -> None:
        """Give the run to the standby worker, or to a fresh one; its place in the queue ends when it is taken."""
        folder = self.root / waiting.run_id
        worker, self._standby = self._standby, None
        if worker is None or not worker.alive or not worker.take(folder, waiting.batches):
            worker = WorkerProcess(str(folder), json.dumps(waiting.batches), ended=self._ended)
        worker.run_id = waiting.run_id
        self._workers[waiting.run_id] = worker
        threading.Thread(target=self._hand_over, args=(worker, waiting), daemon=True).start()

    def _hand_over(self, worker: WorkerProcess, waiting: Waiting) -> None:
        """Hold the run's place until its worker holds its lock, so that it never looks abandoned."""
        worker.taken.wait()
        with self._door:
            waiting.lock.release()
            self._waiting.pop(waiting.run_id, None)
        self._prepare_standby()

    def _prepare_standby(self) -> None:
        with self._door:
            if self._keeps_standby and self._standby is None and not self._closed:
                self._standby = WorkerProcess("--standby", "digits", "mnist", ended=self._ended)

    def _ended(self, worker: WorkerProcess) -> None:
        """A worker is gone: make room for the next."""
        with self._door:
            if worker is self._standby:
                self._standby = None
            if worker.run_id is not None and self._workers.get(worker.run_id) is worker:
                del self._workers[worker.run_id]
        self._start_next()

    # ---- commands

    def command(self, run_id: str, do: str, value: float | None = None, owner: str = "") -> None:
        """Tell a run what to do; ``Refusal`` when that is impossible in its state.

        "pause"; "resume" (also a run that was interrupted or stopped: exactly where it was); "batch" and "epoch"
        (go on for one and pause again); "stop"; "learning_rate" with ``value=``.
        """
        if do not in COMMANDS:
            raise Refusal(N_("there is no command {command}"), command=do[:40])
        run = RunFolder(self.root, run_id)
        command: dict[str, object] = {"do": do}
        if do == "learning_rate":
            command["value"] = check_real("learning_rate", value, *REAL["learning_rate"])
        with self._door:
            if run_id in self._waiting and run_id not in self._workers:
                return self._command_waiting(run, do)
            worker = self._workers.get(run_id)
            if worker is not None and worker.send(command):
                return None
        if do in GO_ON:
            return self.resume(run_id, GO_ON[do], owner)
        if do == "stop" and run.status().state in ("paused", "interrupted"):
            return write_status(run.path, replace(run.status(), state="stopped"))
        raise Refusal(N_("this run is not training now: resume it first"))

    def _command_waiting(self, run: RunFolder, do: str) -> None:
        """A run that waits can be taken out of the queue; everything else has to wait with it."""
        if do not in ("pause", "stop"):
            raise Refusal(N_("this run waits for its turn"))
        self._queue.remove(run.id)
        waiting = self._waiting.pop(run.id)
        state = "paused" if do == "pause" else "stopped"
        write_status(run.path, replace(run.status(), state=state))
        waiting.lock.release()

    def kill(self, run_id: str) -> None:
        """End a run's worker at once, without a checkpoint (what a crash would do)."""
        with self._door:
            worker = self._workers.get(run_id)
        if worker is not None:
            worker.child.kill()
            worker.wait()

    # ---- reading

    def events(self, run_id: str, after: int = -1, limit: int = 10_000) -> list[tuple[int, Event]]:
        """Return a run's history after sequence number ``after``; see ``RunFolder.events``."""
        return RunFolder(self.root, run_id).events(after, limit)

    def place(self, run_id: str) -> int | None:
        """Return the run's place in the queue (1: next), None when it does not wait."""
        with self._door:
            order = self._queue.in_order()
        return order.index(run_id) + 1 if run_id in order else None

    def active(self) -> list[str]:
        """Return the runs that have a worker now."""
        with self._door:
            return list(self._workers)

    # ---- ending

    def delete(self, run_id: str) -> None:
        """End a run if it is active and delete its folder."""
        with self._door, contextlib.suppress(Refusal):
            if run_id in self._waiting and run_id not in self._workers:
                self.command(run_id, "stop")
        self.kill(run_id)
        run_folder.delete(self.root, run_id)

    def close(self) -> None:
        """Checkpoint and end every worker; nothing is left behind."""
        with self._door:
            self._closed = True
            workers = [*self._workers.values(), *([self._standby] if self._standby else [])]
            for waiting in self._waiting.values():
                waiting.lock.release()
        for worker in workers:
            worker.leave()
        for worker in workers:
            worker.wait()
