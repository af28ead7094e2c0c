"""The recorder: gathers a run's events, writes them a few times a second, and measures how fast it goes.

What it measures goes into the status and never into the history, which a repeated run has to equal.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from core.training.events import Batch, Changed, Diverged, Finished, History, Life, Tested
from core.training.schedule import Schedule
from core.training.status import Status, write_status
from core.training.store import Writer

FLUSH_SECONDS = 0.1
WINDOW = 30  # flushes that the speed is measured over


class Recorder:
    """Writes one run's history, life and status; ``flush`` and the events that are not batches write at once."""

    def __init__(
        self,
        folder: Path,
        writer: Writer,
        times: Schedule,
        status: Status,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder, self.writer, self.times, self.clock = folder, writer, times, clock
        self.pending: list[History] = []
        self.status = replace(
            status, state="running", steps=times.steps, examples=times.epochs * times.examples, problem_message=""
        )
        self.marks: deque[tuple[float, int]] = deque(maxlen=WINDOW)
        self.last = clock()
        self.test_seconds = 0.0

    def add(self, event: History) -> None:
        """Add an event; it is on the disk within ``FLUSH_SECONDS``, or at once when it is not a batch."""
        self.pending.append(event)
        if not isinstance(event, Batch):
            self._update_status(event)
            self.flush()
        elif self.status.loss is None or self.clock() - self.last > FLUSH_SECONDS:  # the first is waited for
            self.flush()

    def learning_rate(self, rate: float) -> None:
        """Set the learning rate of the latest batch, which a schedule changes without an event."""
        if rate != self.status.learning_rate:
            self.status = replace(self.status, learning_rate=rate)

    def _update_status(self, event: History) -> None:
        """Update the status from an event that is not a batch."""
        if isinstance(event, Tested):
            best = max(event.accuracy, self.status.best_accuracy or 0.0)
            self.status = replace(
                self.status,
                test_loss=event.loss,
                accuracy=event.accuracy,
                best_accuracy=best,
                epoch=event.epoch,
                tested=event.epoch,
            )
            self.test_seconds = self.clock() - self.last
            self.marks.clear()  # an evaluation is not part of the training speed
        elif isinstance(event, Changed):
            self.status = replace(self.status, learning_rate=event.learning_rate)
        elif isinstance(event, Diverged):
            self.status = replace(self.status, state="diverged")
        elif isinstance(event, Finished):
            self.status = replace(self.status, state="finished")

    def flush(self) -> None:
        """Write what is pending and the status."""
        if self.pending:
            self.writer.add(self.pending)
            last = next((event for event in reversed(self.pending) if isinstance(event, Batch)), None)
            if last is not None:
                self.status = replace(self.status, step=last.step, epoch=last.epoch, seen=last.seen, loss=last.loss)
            self.pending = []
        now = self.clock()
        self.status = replace(self.status, seconds_trained=self.status.seconds_trained + now - self.last)
        self.last = now
        self.marks.append((now, self.status.seen))
        self._measure()
        write_status(self.folder, replace(self.status, updated=time.time()))

    def _measure(self) -> None:
        """Set examples per second, over the last ``WINDOW`` flushes, and the seconds left, evaluations included."""
        (start, examples), (end, now) = self.marks[0], self.marks[-1]
        if self.status.state != "running":
            self.status = replace(self.status, examples_per_second=None, seconds_left=None)
            return
        if end <= start or now <= examples:
            return
        speed = (now - examples) / (end - start)
        tests = self.times.epochs - self.status.step // self.times.batches_per_epoch
        seconds = (self.status.examples - self.status.seen) / speed + tests * self.test_seconds
        self.status = replace(self.status, examples_per_second=speed, seconds_left=seconds)

    def live(self, event: Life, state: str) -> None:
        """Record what happens to the process, and the state that the run is in from now on."""
        self.writer.add_life(time.time(), event)
        self.status = replace(self.status, state=state)
        self.flush()

    def restart_clock(self) -> None:
        """Measure the speed from here on: a pause is not part of it."""
        self.marks.clear()
        self.last = self.clock()
