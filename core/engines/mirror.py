"""The mirror: writes on the server what a run on a node did, as the run's own worker would have written it here.

One process writes the folders of all runs, on its own disk: SQLite does not live on network file systems.
"""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from core.engines.messages import Facts, Package, Update
from core.engines.node import first_sequence
from core.training.config import CHECKPOINT_NAME, Batches
from core.training.events import Batch, Life, Started
from core.training.files import put_in_place, remove_whole, replace_file, sync_folder, write_synced
from core.training.run_folder import (
    CHECKPOINTS,
    CONFIG,
    EXAMINATION,
    HISTORY,
    LIVE_WEIGHTS,
    NAME,
    RunFolder,
)
from core.training.status import FILE as STATUS
from core.training.status import Status, parse, write_status
from core.training.store import Writer, sequence

CHECKPOINTS_SENT = 2  # the newest may be the one that a crash damaged


class OutOfOrder(RuntimeError):
    """Events came that do not follow those that are there: nothing of them is written."""


def package(folder: Path, batches: Batches) -> Package:
    """Return all that a node needs to go on with the run in ``folder``."""
    run = RunFolder(folder.parent, folder.name)
    furthest = _furthest(folder)
    points = [point for point in run.all_checkpoints() if point.step <= furthest][-CHECKPOINTS_SENT:]
    paths = [folder / name for name in (CONFIG, NAME, STATUS, EXAMINATION)]
    paths += [path for point in points for path in sorted(point.path.iterdir())]
    paths += sorted((folder / CHECKPOINTS / "start").glob("*"))
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path.is_file()}
    return Package(run.id, files, run.commands(), furthest, run.examples(), batches)


def newest_step(folder: Path) -> int:
    """Return the step that a run goes on from when its worker is lost."""
    run, furthest = RunFolder(folder.parent, folder.name), _furthest(folder)
    return max((point.step for point in run.all_checkpoints() if point.step <= furthest), default=0)


def _furthest(folder: Path) -> int:
    """Return the last step of the history; 0 before there is one."""
    if not (folder / HISTORY).exists():
        return 0
    with closing(sqlite3.connect(f"{(folder / HISTORY).absolute().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute("SELECT coalesce(max(step), 0) FROM batch").fetchone()[0])
        except sqlite3.OperationalError:  # a worker died before it made the tables
            return 0


class Mirror:
    """Writes the folder of one run. Not for two threads at once."""

    def __init__(self, folder: Path, node: str, facts: Facts) -> None:
        self.folder, self.node, self.facts = folder, node, facts
        self.started: Started | None = None  # what the worker said when it began
        self._writer: Writer | None = None
        self._last = -1  # sequence number of the last event
        self._step = 0  # of the last batch

    def apply(self, update: Update) -> Status | None:
        """Write ``update`` and return the new status, None when that is as it was.

        The history first, then the checkpoints, which must not know more than it, and what a page goes by last.
        """
        self._history(update)
        for name, files in update.checkpoints.items():
            write_checkpoint(self.folder / CHECKPOINTS, name, files)
        if update.checkpoints or update.over:
            thin(self.folder / CHECKPOINTS, update.automatic)
        if update.examination is not None:
            _patch(self.folder / EXAMINATION, *update.examination)
        if update.weights is not None:
            replace_file(self.folder / LIVE_WEIGHTS, update.weights, sync=False)
        if update.status is None:
            return None
        status = parse(update.status)
        write_status(self.folder, status)
        return status

    def _history(self, update: Update) -> None:
        """Append events, where the run begins again after what its checkpoint knows."""
        life = [event for _at, event in update.life]
        if self._writer is None:
            first = first_sequence(life)
            if first is None:
                return
            self._begin(update.examples, next(event for event in life if isinstance(event, Started)), first)
        assert self._writer is not None
        for step, rate in update.changes.items():
            self._writer.add_change(step, rate)
        self._check(update)
        if update.events:
            self._writer.add([event for _number, event in update.events])  # type: ignore[misc]  # no Life in it
            self._last = update.events[-1][0]
        for at, event in update.life:
            self._writer.add_life(at, self._placed(event))

    def _begin(self, examples: int, started: Started, first: int) -> None:
        self._writer = Writer(self.folder / HISTORY, examples)
        self._writer.truncate(started.step if started.checkpoint else None)
        self.started, self._last, self._step = started, first, started.step

    def _check(self, update: Update) -> None:
        """Raise ``OutOfOrder`` unless the events follow the last one, without a gap between two batches."""
        last, step = self._last, self._step
        for number, event in update.events:
            follows = number > last and number == sequence(event)  # type: ignore[arg-type]
            if isinstance(event, Batch):
                follows, step = follows and event.step == step + 1, event.step
            if not follows:
                raise OutOfOrder(f"event {number} of {self.folder.name} came after {last}")
            last = number
        self._step = step

    def _placed(self, event: Life) -> Life:
        """Return the event; of one that begins, with where that is."""
        if not isinstance(event, Started):
            return event
        return replace(event, node=self.node, torch=self.facts.versions.torch, processor=self.facts.processor)

    def close(self) -> None:
        """Close the store, if it was opened; a second call changes nothing."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None


def write_checkpoint(folder: Path, name: str, files: dict[str, bytes]) -> None:
    """Put a checkpoint onto the disk, whole or not at all."""
    if not CHECKPOINT_NAME.fullmatch(name) or any(Path(file).name != file for file in files):
        raise ValueError(f"{name!r} is no checkpoint")
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{name}.{uuid.uuid4().hex}.tmp"
    partial.mkdir()
    try:
        for file, content in files.items():
            write_synced(partial / file, content)
        sync_folder(partial)
        put_in_place(partial, folder / name)
    except OSError:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def thin(folder: Path, names: frozenset[str]) -> None:
    """Remove the automatic checkpoints that the node removed, once all that it ``names`` are here."""
    if all((folder / name).exists() for name in names):
        for path in folder.glob("auto-*"):
            if path.name not in names:
                remove_whole(path)


def _patch(path: Path, at: int, content: bytes) -> None:
    """Let ``path`` go on with ``content`` from byte ``at`` on."""
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.truncate(at)
        file.seek(at)
        file.write(content)


def last_place(folder: Path) -> Started | None:
    """Return where the run trained last; None when it did not yet."""
    life = [event for _at, event in RunFolder(folder.parent, folder.name).life()]
    return next((event for event in reversed(life) if isinstance(event, Started)), None)
