"""The run controller: trains one run in its worker and follows the commands that arrive meanwhile."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from core import datasets
from core.errors import InvalidSetting
from core.training import examination
from core.training.checkpoint_writer import CheckpointWriter, find_state
from core.training.config import REAL, RESUME_COMMANDS, Batches, check_real
from core.training.device import check_device
from core.training.events import (
    Batch,
    Diverged,
    Finished,
    History,
    Interrupted,
    Paused,
    Resumed,
    Saved,
    Started,
    Stopped,
)
from core.training.files import Lock
from core.training.live_weights import LiveWeights
from core.training.loop import FOREVER, train
from core.training.recorder import Recorder
from core.training.run_folder import HISTORY, RunFolder
from core.training.schedule import Schedule
from core.training.status import WORKER_LOCK, Status, problem, read_status, write_status
from core.training.store import Writer
from core.training.worker_messages import Command


class Commands(Protocol):
    """Where commands come from: a queue that signal handlers may put into."""

    def empty(self) -> bool:
        """Return whether no command is waiting."""

    def get(self) -> Command:
        """Return the next command, waiting for it."""


class RunController:
    """Trains the run in ``folder``; ``commands`` holds the user's, ``say`` sends a message to the server."""

    def __init__(self, folder: Path, commands: Commands, say: Callable[..., None]) -> None:
        self.folder, self.commands, self.say = folder, commands, say
        self.stop_requested = False  # whether the worker was asked to end

    def run(self, batches: Batches = None) -> int:
        """Resume the run and train until it finishes or the worker is asked to end.

        ``batches``: pause by itself after so many, or at the end of this epoch. Returns the exit status: 0 without
        an error, 1 after one, which is written into the run's status, 3 when another worker has the run.
        """
        lock = Lock(self.folder / WORKER_LOCK)
        if not lock.acquire():
            return 3
        try:
            before = read_status(self.folder)
            write_status(self.folder, replace(before, state="running", problem_message=""))  # no longer paused
            self.say(accepted=self.folder.name)
            try:
                self._open(before)
            except Exception as error:  # whatever it was, the user must hear of it
                write_status(self.folder, problem(before, error, self.folder))
                return 1
            try:
                return self._train(batches)
            finally:
                self.checkpoint_writer.close()
                self.writer.close()
        finally:
            lock.release()

    def _open(self, before: Status) -> None:
        """Load the data and the newest checkpoint, and delete what was recorded after it."""
        run = RunFolder(self.folder.parent, self.folder.name)
        self.config = run.config
        check_device(self.config.device)
        self.data = datasets.load(self.config.dataset)
        self.times = Schedule.of(self.config, len(self.data.train_labels))
        self.writer = Writer(self.folder / HISTORY, len(self.data.train_labels))
        self.furthest = self.writer.furthest()
        self.state, name, skipped = find_state(run, self.furthest)
        self.changes = run.commands()
        self.writer.truncate(self.state.step if name else None)
        status = replace(
            before,
            step=self.state.step,
            epoch=self.times.epoch(self.state.step),
            seen=self.times.examples_at(self.state.step),
            learning_rate=self._learning_rate(),
        )
        self.recorder = Recorder(self.folder, self.writer, self.times, status)
        self.checkpoint_writer = CheckpointWriter(self.folder, self.config, self.times)
        self.live_weights = LiveWeights(self.folder)
        self.recorder.live(Started(self.state.step, name, skipped), "running")

    def _learning_rate(self) -> float:
        rate: float = self.state.optimizer.param_groups[0]["lr"]
        return rate

    def _train(self, batches: Batches) -> int:
        """Train, record the events and obey the commands; after an error the last checkpoint is the newest."""
        self._set_pause(batches)
        try:
            observer = examination.observer(self.folder, self.config, self.state, self.data)
            for event in train(self.config, self.data, self.state, self.changes, lambda: self.pause_at, observer):
                if isinstance(event, Diverged | Finished):
                    self.checkpoint_writer.wait()  # a reader of "finished" has to find the last checkpoint
                    self.checkpoint_writer.thin(0)
                self._offer_weights(event)
                self.recorder.learning_rate(self._learning_rate())
                self.recorder.add(event)
                if isinstance(event, Saved):
                    self.checkpoint_writer.save(event.checkpoint, self.state)
                if self._can_stop(event) and not self._obey():
                    return 0
        except Exception as error:
            traceback.print_exc()
            write_status(self.folder, problem(self.recorder.status, error, self.folder))
            return 1
        return 0

    def _offer_weights(self, event: History) -> None:
        """Offer the weights to live views; the last ones before the status says that the run is over."""
        loss = event.loss if isinstance(event, Batch) else self.recorder.status.loss
        self.live_weights.offer(self.state.network, self.state.step, loss, isinstance(event, Diverged | Finished))

    def _set_pause(self, batches: Batches) -> None:
        """Set the step at which the run pauses by itself."""
        if batches == "epoch":
            batches = self.times.batches_per_epoch - self.state.step % self.times.batches_per_epoch
        self.pause_at = FOREVER if batches is None else self.state.step + batches

    def _can_stop(self, event: History) -> bool:
        """Return whether the run may stop after ``event``: a batch, or at the end of an epoch its checkpoint.

        Not between batches that were trained together: the state is that of the last one.
        """
        if isinstance(event, Batch):
            return event.step == self.state.step and not self.times.ends_epoch(event.step)
        return isinstance(event, Saved)

    def _obey(self) -> bool:
        """Obey the waiting commands; a paused run waits here for one. Return False when the run is to be left."""
        paused = self.state.step >= self.pause_at
        if not paused and self.commands.empty():
            self.checkpoint_writer.auto(self.state, self.recorder.flush)
            return True
        if paused:
            self._pause()
        while paused or not self.commands.empty():
            command = self.commands.get()
            do = command.get("do")
            if do == "leave":
                return self._leave(paused)
            if do == "stop":
                name = self._save_here()
                self.recorder.live(Stopped(self.state.step, name), "stopped")
                return False
            if do == "learning_rate":
                self._set_learning_rate(command.get("value"))
            elif do == "pause" and not paused:
                paused = True
                self._pause()
            elif do in RESUME_COMMANDS:
                self._resume(command.get("batches", RESUME_COMMANDS[do]))
                paused = False
            if "number" in command:
                self.say(obeyed=command["number"])
        return True

    def _pause(self) -> None:
        name = self._save_here()
        self.recorder.live(Paused(self.state.step, name), "paused")
        self.say(paused=self.folder.name)  # another run may be waiting for this place

    def _resume(self, batches: Batches) -> None:
        """Set how far to train, and record that the run resumes where it had paused."""
        self._set_pause(batches)
        if self.recorder.status.state == "paused":
            self.recorder.restart_clock()
            self.recorder.live(Resumed(self.state.step), "running")

    def _leave(self, paused: bool) -> bool:
        """Save a checkpoint and let the worker end; a paused run is saved already and stays paused."""
        self.stop_requested = True
        if not paused:
            name = self._save_here()
            self.recorder.live(Interrupted(self.state.step, name), "interrupted")
        return False

    def _set_learning_rate(self, value: object) -> None:
        """Set the learning rate for the steps after this one.

        While the run repeats steps that it lost when its worker was killed, the change applies after the last one
        of these, so that the repeated history is the recorded one.
        """
        try:
            rate = check_real("learning_rate", value, *REAL["learning_rate"])
        except InvalidSetting:
            return  # `Jobs.send` has rejected it with a message already
        step = max(self.state.step, self.furthest)
        self.writer.add_change(step, rate)
        self.changes[step] = rate

    def _save_here(self) -> str:
        """Write a checkpoint of this step to the disk and return its name; at the end of an epoch there is one."""
        self.recorder.flush()
        boundary = self.times.ends_epoch(self.state.step)
        name = f"epoch-{self.times.epoch(self.state.step)}" if boundary else f"step-{self.state.step}"
        if not boundary:
            self.checkpoint_writer.save(name, self.state)
        self.checkpoint_writer.wait()
        return name
