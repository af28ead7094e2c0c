"""Jobs: the narrow door to training. Makes runs, passes commands on; its pool starts workers and keeps the queue.

A ``Jobs`` is the door to the runs of one folder; every method may be called from any thread. What a run is and did
is read from its ``RunFolder``, not from here.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from core.errors import N_, InvalidSetting
from core.file_kind import NamedFile
from core.storage import stores
from core.training import run_folder
from core.training.config import (
    REAL,
    RESUME_COMMANDS,
    UPLOAD,
    Batches,
    Parent,
    TrainConfig,
    check_batches,
    check_real,
)
from core.training.engine import Engine
from core.training.events import Event
from core.training.files import Lock
from core.training.run_folder import CHECKPOINTS, HISTORY, RunFolder, folder_of
from core.training.status import FINAL, WORKER_LOCK, write_status
from core.training.store import Writer
from core.training.worker_messages import Command
from core.training.worker_pool import WorkerPool

LEAVE_QUEUE = {"pause": "paused", "stop": "stopped"}  # what a run is that was taken out of the queue
COMMANDS = (*RESUME_COMMANDS, "pause", "stop", "learning_rate")
PATIENCE = 2.0  # seconds


class Jobs:
    """The runs of one folder ``root``: at most ``limit`` train at once, the rest wait their turn."""

    def __init__(
        self, root: Path, limit: int | None = None, standby: bool = True, pool: Engine | None = None
    ) -> None:
        """``pool``: what trains the runs, also those of other doors; else processes of this machine.

        ``limit`` and ``standby`` are those of these processes.
        """
        self.root = root
        self.pool: Engine = pool or WorkerPool(limit, standby)

    # ---- starting

    @stores(lambda jobs: jobs.root)
    def submit(
        self,
        config: TrainConfig,
        name: str = "",
        batches: Batches = None,
        owner: str = "",
        model: NamedFile | None = None,
        optimizer: NamedFile | None = None,
        run_id: str = "",
    ) -> str:
        """Make a run and start it, or let it wait for its turn; return its id.

        ``batches``: pause by itself after so many, or at the end of the first "epoch". ``owner``: whose turn
        it is, for the fair queue. ``run_id``: the id that it shall have. ``model``/``optimizer``: uploaded files to
        start from; they are checked before anything is made (``InvalidSetting`` says what is wrong with them).
        """
        check_batches(batches)
        if model is None and optimizer is not None:
            raise InvalidSetting(N_("an optimizer's state belongs to a network: give its weights as well"))
        if model is None:
            run = run_folder.create(self.root, config.with_(parent=None), name, run_id)
            snapshot = None
        else:
            from core.training.imported_state import start_from_files  # imports torch: not while a server starts

            snapshot = start_from_files(config, model, optimizer)
            config = config.with_(parent=Parent(UPLOAD, "start"))
            run = run_folder.create(self.root, config, name, run_id)
        with _whole_or_not_at_all(run):
            if snapshot is not None:
                from core.training.checkpoint import write

                write(run.path / CHECKPOINTS, "start", snapshot)
            self._enter(run.id, batches, owner)
        return run.id

    @stores(lambda jobs: jobs.root)
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

        ``config.epochs`` is how many more. The network must be the parent's (``InvalidSetting``). With settings
        unchanged, 3 epochs and 2 more give exactly what 5 give.
        """
        check_batches(batches)
        parent = RunFolder(self.root, run_id)
        point = parent.checkpoint(checkpoint)
        if config.network != parent.config.network:
            raise InvalidSetting(
                N_("the checkpoint holds weights of {old}, they do not fit {new}"),
                old=parent.config.network,
                new=config.network,
            )
        before = parent.config.parent.seen if parent.config.parent else 0
        origin = Parent(run_id, checkpoint, point.epochs_begun, before + point.seen)
        child = run_folder.create(self.root, config.with_(parent=origin), name)
        with _whole_or_not_at_all(child):
            shutil.copytree(point.path, child.path / CHECKPOINTS / "start")
            self._enter(child.id, batches, owner)
        return child.id

    @stores(lambda jobs: jobs.root)
    def resume(self, run_id: str, batches: Batches = None, owner: str = "") -> None:
        """Take a paused, interrupted or stopped run up where it was, bit for bit; it may have to wait its turn."""
        check_batches(batches)
        state = RunFolder(self.root, run_id).status().state
        if state in FINAL:
            raise InvalidSetting(N_("this run is over: continue from one of its checkpoints as a new run"))
        self._refuse_elsewhere(run_id, PATIENCE)  # the worker of a server that has just ended is about to go
        if not self.pool.send(folder_of(self.root, run_id), {"do": "resume", "batches": batches}):
            self._enter(run_id, batches, owner)

    def _enter(self, run_id: str, batches: Batches, owner: str) -> None:
        self.pool.enter(folder_of(self.root, run_id), batches, owner)

    # ---- commands

    @stores(lambda jobs: jobs.root)
    def command(self, run_id: str, do: str, value: object = None, owner: str = "") -> None:
        """Tell a run what to do; ``InvalidSetting`` when that is impossible in its state.

        "pause"; "resume" (also a run that was interrupted or stopped: exactly where it was); "batch" and "epoch"
        (go on for one and pause again); "stop"; "learning_rate" with ``value=``, from the next batch on (also of a
        run whose server was started again after it had paused).
        """
        if do not in COMMANDS:
            raise InvalidSetting(N_("there is no command {command}"), command=do[:40])
        run = RunFolder(self.root, run_id)
        rate = check_real("learning_rate", value, *REAL["learning_rate"]) if do == "learning_rate" else None
        command: Command = {"do": do} if rate is None else {"do": do, "value": rate}
        if self.pool.waits(run.path):
            if do not in LEAVE_QUEUE:
                raise InvalidSetting(N_("this run waits for its turn"))
            if self.pool.take_out(run.path, LEAVE_QUEUE[do]):
                return None
        if self.pool.send(run.path, command):
            return None
        if do in RESUME_COMMANDS:
            return self.resume(run_id, RESUME_COMMANDS[do], owner)
        self._refuse_elsewhere(run_id)
        if do == "stop" and run.status().state in ("paused", "interrupted"):
            return write_status(run.path, replace(run.status(), state="stopped"))
        if rate is not None and run.status().state == "paused" and run.examples():  # it has begun
            return self._change_at_rest(run, rate)
        raise InvalidSetting(N_("this run is not training now: resume it first"))

    def _change_at_rest(self, run: RunFolder, learning_rate: float) -> None:
        """Record the learning rate of a paused run without a worker, as its worker would: it holds when resumed."""
        lock = Lock(run.path / WORKER_LOCK)
        if not lock.acquire():
            raise InvalidSetting(N_("another Stepwise trains this run: steer it there"))
        try:
            with closing(Writer(run.path / HISTORY, run.examples())) as writer:
                writer.add_change(max(run.status().step, writer.furthest()), learning_rate)
        finally:
            lock.release()

    def kill(self, run_id: str) -> None:
        """End a run's worker at once, without a checkpoint (what a crash would do)."""
        self.pool.kill(folder_of(self.root, run_id))

    def elsewhere(self, run_id: str) -> bool:
        """Return whether another server trains the run, or has it in its queue: from here it can only be read."""
        return self.pool.elsewhere(folder_of(self.root, run_id))

    def _refuse_elsewhere(self, run_id: str, patience: float = 0.0) -> None:
        """Raise ``InvalidSetting`` when another server has the run, and still has it after ``patience`` seconds."""
        end = time.monotonic() + patience
        while self.elsewhere(run_id):
            if time.monotonic() >= end:
                raise InvalidSetting(N_("another Stepwise trains this run: steer it there"))
            time.sleep(0.05)

    # ---- reading

    def events(self, run_id: str, after: int = -1, limit: int = 10_000) -> list[tuple[int, Event]]:
        """Return a run's history after sequence number ``after``; see ``RunFolder.events``."""
        return RunFolder(self.root, run_id).events(after, limit)

    def place(self, run_id: str) -> int | None:
        """Return the run's place in the queue (1: next), None when it does not wait."""
        return self.pool.place(folder_of(self.root, run_id))

    def active(self) -> list[str]:
        """Return the runs of this folder that have a worker now."""
        return [folder.name for folder in self.pool.active() if folder.parent == self.root]

    # ---- ending

    @stores(lambda jobs: jobs.root)
    def delete(self, run_id: str) -> None:
        """End a run if it is active and delete its folder."""
        folder = folder_of(self.root, run_id)
        self._refuse_elsewhere(run_id)
        self.pool.take_out(folder, "stopped")
        self.pool.kill(folder)
        run_folder.delete(self.root, run_id)

    def close(self) -> None:
        """Checkpoint and end every worker; nothing is left behind."""
        self.pool.close()


@contextmanager
def _whole_or_not_at_all(run: RunFolder) -> Iterator[None]:
    """Take a new run away again when the disk, or the engine, does not let it begin."""
    try:
        yield
    except (OSError, InvalidSetting):
        shutil.rmtree(run.path, ignore_errors=True)
        raise
