"""The checkpoint_writer: writes checkpoints beside the training, thins the automatic ones, finds the one to resume
from.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from core.errors import InvalidSetting
from core.training import checkpoint
from core.training.config import TrainConfig
from core.training.files import remove_whole
from core.training.loop import TrainState, new_state
from core.training.run_folder import CHECKPOINTS, RunFolder
from core.training.schedule import Schedule

AUTO_SECONDS = 3.0  # a kill costs at most about this much work
AUTO_SHARE = 0.005  # of the time may go into capturing
AUTO_KEPT = 2  # the newest may be the one that a crash damaged


class CheckpointWriter:
    """Captures states between two events and writes them in a thread of its own, one after the other."""

    def __init__(
        self, folder: Path, config: TrainConfig, times: Schedule, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.folder, self.config, self.times, self.clock = folder / CHECKPOINTS, config, times, clock
        self.thread = ThreadPoolExecutor(max_workers=1)
        self.writing: Future[None] | None = None
        self.due = clock() + AUTO_SECONDS

    def save(self, name: str, state: TrainState) -> None:
        """Capture ``state`` now and write it in the background; an earlier write that failed raises here."""
        start = self.clock()
        snapshot = checkpoint.capture(state, self.config, self.times)
        cost = self.clock() - start
        self.wait()
        self.writing = self.thread.submit(self._write, name, snapshot)
        self.due = self.clock() + max(AUTO_SECONDS, cost / AUTO_SHARE)

    def auto(self, state: TrainState, flush: Callable[[], None]) -> None:
        """Save an automatic checkpoint when it is time for one and the last one is written.

        ``flush`` writes the history up to here first: a checkpoint must not know more than the history.
        """
        if self.clock() < self.due or (self.writing is not None and not self.writing.done()):
            return
        flush()
        try:
            self.save(f"auto-{state.step}", state)
        except InvalidSetting:  # weights that are not finite: the loss will say so at the next batch
            self.due = self.clock() + AUTO_SECONDS

    def wait(self) -> None:
        """Wait until what was given to ``save`` is on the disk; raises what went wrong."""
        if self.writing is not None:
            writing, self.writing = self.writing, None
            writing.result()

    def _write(self, name: str, snapshot: checkpoint.Snapshot) -> None:
        checkpoint.write(self.folder, name, snapshot)
        self.thin(AUTO_KEPT)

    def thin(self, most: int) -> None:
        """Remove all automatic checkpoints but the ``most`` newest."""
        autos = sorted(self.folder.glob("auto-*"), key=lambda path: int(path.name.removeprefix("auto-")))
        for path in autos[: len(autos) - most]:
            remove_whole(path)

    def close(self) -> None:
        """Let the last write end."""
        self.thread.shutdown()


def find_state(run: RunFolder, furthest: int) -> tuple[TrainState, str, tuple[str, ...]]:
    """Return the state to go on from, the checkpoint it came from ("" at the beginning), and the damaged ones.

    The newest whole checkpoint is taken that the recorded history, up to step ``furthest``, reaches. A run that
    was never checkpointed begins: with its seed's weights, or with those of the checkpoint named "start".
    """
    skipped: list[str] = []
    for point in reversed(run.all_checkpoints()):
        if point.step > furthest:
            continue
        try:
            return checkpoint.restore(run.config, checkpoint.load(point.path)), point.name, tuple(skipped)
        except InvalidSetting:
            skipped.append(point.name)
    start = run.path / CHECKPOINTS / "start"
    if run.config.parent is not None:
        return checkpoint.inherit(run.config, checkpoint.load(start)), "", tuple(skipped)
    return new_state(run.config), "", tuple(skipped)
