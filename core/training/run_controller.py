"""A session: one worker's time with one run, from taking it up to leaving it, command by command."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from core import datasets
from core.errors import InvalidSetting
from core.training import examination
from core.training.checkpoint_writer import CheckpointWriter, find_state
from core.training.config import REAL, Batches, check_real
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

Command = dict[str, Any]
GO_ON: dict[str, Batches] = {"resume": None, "batch": 1, "epoch": "epoch"}


class Commands(Protocol):
    """Where commands come from: a queue that signal handlers may put into."""

    def empty(self) -> bool:
        """Return whether nothing was asked."""

    def get(self) -> Command:
        """Return the next command, waiting for it."""


class RunController:
    """Trains the run in ``folder``; ``commands`` brings what the user wants, ``say`` tells the server."""

    def __init__(self, folder: Path, commands: Commands, say: Callable[..., None]) -> None:
        self.folder, self.commands, self.say = folder, commands, say
        self.left = False  # whether the worker was asked to end

    def run(self, batches: Batches = None) -> int:
        """Resume the run and train until it finishes or the worker is asked to end.

        ``batches``: pause by itself after so many, or at the end of this epoch. Returns the exit status: 0 when
        all went well, 1 after an error, which the status then tells, 3 when another worker has the run.
        """
        lock = Lock(self.folder / WORKER_LOCK)
        if not lock.acquire():
            return 3
        try:
            before = read_status(self.folder)
            write_status(
                self.folder, replace(before, state="running", problem_message="")
            )  # no longer paused, from here on
            self.say(taken=self.folder.name)
            try:
                self._open(before)
            except Exception as error:  # whatever it was, the person must hear of it
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
        """Load the data, find the checkpoint to go on from, and forget what was recorded after it."""
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
        here = self.state.step, self.times.epoch(self.state.step), self.times.examples_at(self.state.step)
        rate = self.state.optimizer.param_groups[0]["lr"]
        status = replace(before, step=here[0], epoch=here[1], seen=here[2], learning_rate=rate)
        self.recorder = Recorder(self.folder, self.writer, self.times, status)
        self.checkpoint_writer = CheckpointWriter(self.folder, self.config, self.times)
        self.live_weights = LiveWeights(self.folder)
        self.recorder.live(Started(self.state.step, name, skipped), "running")

    def _train(self, batches: Batches) -> int:
        """Drive the loop; an error checkpoints nothing, the last checkpoint stands."""
        self._set_pause(batches)
        try:
            observer = examination.observer(self.folder, self.config, self.state, self.data)
            for event in train(self.config, self.data, self.state, self.changes, lambda: self.pause_at, observer):
                if isinstance(event, Diverged | Finished):
                    self.checkpoint_writer.wait()  # who reads "finished" shall find the last checkpoint
                    self.checkpoint_writer.thin(0)
                self._hand_out(event)
                self.recorder.learning_rate(self.state.optimizer.param_groups[0]["lr"])
                self.recorder.add(event)
                if isinstance(event, Saved):
                    self.checkpoint_writer.save(event.checkpoint, self.state)
                if self._at_rest(event) and not self._obey():
                    return 0
        except Exception as error:
            traceback.print_exc()
            write_status(self.folder, problem(self.recorder.status, error, self.folder))
            return 1
        return 0

    def _hand_out(self, event: History) -> None:
        """Let those who watch have the weights; those of the end come before the status says that it is over."""
        loss = event.loss if isinstance(event, Batch) else self.recorder.status.loss
        self.live_weights.offer(self.state.network, self.state.step, loss, isinstance(event, Diverged | Finished))

    def _set_pause(self, batches: Batches) -> None:
        """Set the step at which the run pauses by itself."""
        if batches == "epoch":
            batches = self.times.batches_per_epoch - self.state.step % self.times.batches_per_epoch
        self.pause_at = FOREVER if batches is None else self.state.step + batches

    def _at_rest(self, event: History) -> bool:
        """Return whether the run may stop here: after a batch, but after the last one of an epoch only when tested.

        Not between batches that were trained together: the state is that of the last one.
        """
        if isinstance(event, Batch):
            return event.step == self.state.step and not self.times.ends_epoch(event.step)
        return isinstance(event, Saved)

    def _obey(self) -> bool:
        """Do what was asked meanwhile; False when the worker is to go. A paused run waits here."""
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
                self._change(command.get("value"))
            elif do == "pause" and not paused:
                paused = True
                self._pause()
            elif do in GO_ON:
                self._go_on(command.get("batches", GO_ON[do]))
                paused = False
            if "number" in command:
                self.say(obeyed=command["number"])
        return True

    def _pause(self) -> None:
        name = self._save_here()
        self.recorder.live(Paused(self.state.step, name), "paused")
        self.say(paused=self.folder.name)  # another run may be waiting for this place

    def _go_on(self, batches: Batches) -> None:
        """Set how far to go, and say so when the run had paused."""
        self._set_pause(batches)
        if self.recorder.status.state == "paused":
            self.recorder.go_on()
            self.recorder.live(Resumed(self.state.step), "running")

    def _leave(self, paused: bool) -> bool:
        """Checkpoint and go; a paused run is saved already and stays paused."""
        self.left = True
        if not paused:
            name = self._save_here()
            self.recorder.live(Interrupted(self.state.step, name), "interrupted")
        return False

    def _change(self, value: object) -> None:
        """Set the learning rate from here on; where the run repeats what a kill cut off, from the end of that on.

        So the repetition is the history that was already seen.
        """
        try:
            rate = check_real("learning_rate", value, *REAL["learning_rate"])
        except InvalidSetting:
            return  # the door refuses it with words; nobody else writes here
        step = max(self.state.step, self.furthest)
        self.writer.add_change(step, rate)
        self.changes[step] = rate

    def _save_here(self) -> str:
        """Have a checkpoint of this very step on the disk and return its name: the epoch's where there is one."""
        self.recorder.flush()
        boundary = self.times.ends_epoch(self.state.step)
        name = f"epoch-{self.times.epoch(self.state.step)}" if boundary else f"step-{self.state.step}"
        if not boundary:
            self.checkpoint_writer.save(name, self.state)
        self.checkpoint_writer.wait()
        return name
