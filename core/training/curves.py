"""The curves of a run as files: CSV for any program, event files for TensorBoard."""

from __future__ import annotations

import csv as csv_format
import io

from core.errors import N_, InvalidSetting
from core.training.events import Batch, Changed, Event, Tested
from core.training.learning_rate import rate
from core.training.run_folder import RunFolder
from core.training.schedule import Schedule

COLUMNS = ("step", "epoch", "examples", "training_loss", "test_loss", "test_accuracy", "learning_rate")
ALL = 2**62


def csv(run: RunFolder) -> bytes:
    """Return the history as CSV, a line for each batch, test and change of the learning rate; UTF-8."""
    text = io.StringIO(newline="")
    writer = csv_format.writer(text)
    writer.writerow(COLUMNS)
    times = Schedule.of(run.config, run.examples())
    by_hand: float | None = None
    for _number, event in run.events(limit=ALL):
        if isinstance(event, Changed):
            by_hand = event.learning_rate
        row = values(event)
        if row is not None:
            before = row[0] - isinstance(event, Batch)  # the batches before this one
            writer.writerow([*row, rate(run.config, times, before) if by_hand is None else by_hand])
    return text.getvalue().encode()


def values(event: Event) -> tuple[int, *tuple[object, ...]] | None:
    """Return what the columns say of ``event``, without the learning rate; None for events that are no point."""
    if isinstance(event, Batch):
        return event.step, event.epoch, event.seen, event.loss, "", ""
    if isinstance(event, Tested):
        return event.step, event.epoch, event.seen, "", event.loss, event.accuracy
    return None


def tensorboard(run: RunFolder) -> bytes:
    """Return a TensorBoard event file: training loss, test loss and accuracy over the examples seen.

    Raises ``InvalidSetting`` where the package tensorboard is not installed.
    """
    try:
        from tensorboard.compat.proto import event_pb2, summary_pb2
        from tensorboard.summary.writer.record_writer import RecordWriter
    except ImportError:
        raise InvalidSetting(N_("event files need the package tensorboard: pip install tensorboard")) from None
    buffer = KeptBytes()
    records = RecordWriter(buffer)
    records.write(event_pb2.Event(wall_time=run.created, file_version="brain.Event:2").SerializeToString())
    for _number, event in run.events(limit=ALL):
        points = [summary_pb2.Summary.Value(tag=tag, simple_value=value) for tag, value in scalars(event)]
        if points:
            summary = summary_pb2.Summary(value=points)
            examples = getattr(event, "seen", 0)
            records.write(
                event_pb2.Event(wall_time=run.created, step=examples, summary=summary).SerializeToString()
            )
    return buffer.getvalue()


def scalars(event: Event) -> list[tuple[str, float]]:
    """Return the points that ``event`` puts on TensorBoard's curves."""
    if isinstance(event, Batch):
        return [("loss/training", event.loss)]
    if isinstance(event, Tested):
        return [("loss/test", event.loss), ("accuracy/test", event.accuracy)]
    return []


class KeptBytes(io.BytesIO):
    """Bytes that can still be read after a writer has closed its file."""

    def close(self) -> None:
        """Stay open."""
