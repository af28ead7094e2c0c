"""The history of a run in SQLite: one writer (its worker), any number of readers that cannot write.

Tables: ``batch`` (step, loss); ``curve`` (the same, summed up in groups of 8, 64, 512, ... batches, so that a
curve of a million batches reads a few thousand rows); ``event`` (the rest of the history); ``change`` (the
commands: step and learning rate); ``life``; ``meta``. A loss that is not finite is never in ``batch``, where
SQLite would make NULL of it: it is a ``Diverged`` event.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.training.deletion import invalid_if_deleted
from core.training.events import Batch, Changed, Event, History, Life, Tested, from_json, to_json
from core.training.schedule import Schedule
from core.training.sqlite_columns import numbers, texts

GROUP = 8  # batches in a group, and groups in a group of the next level
LEVELS = 7  # 8^7 = 2 million batches
ORDER = {"Batch": 0, "Tested": 1, "Saved": 2, "Changed": 3, "Diverged": 4, "Finished": 5}
PLACES = 8  # numbers that belong to one step, see `sequence`

SCHEMA = """
CREATE TABLE IF NOT EXISTS batch (step INTEGER PRIMARY KEY, loss REAL NOT NULL);
CREATE TABLE IF NOT EXISTS curve (level INTEGER, grp INTEGER,
    low REAL NOT NULL, high REAL NOT NULL, mean REAL NOT NULL, PRIMARY KEY (level, grp)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS event (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS change (step INTEGER PRIMARY KEY, learning_rate REAL NOT NULL);
CREATE TABLE IF NOT EXISTS life (id INTEGER PRIMARY KEY, at REAL NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""


@dataclass(frozen=True)
class Curve:
    """The training loss over examples seen, in at most the number of points asked for.

    Up to that number each point is one batch and ``low == loss == high``; beyond, a point stands for a group
    of neighbouring batches: ``loss`` is their mean, ``low`` and ``high`` their extremes, ``seen`` the end of the
    group. All four are float64 arrays of one length.
    """

    seen: NDArray[np.float64]
    loss: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def sequence(event: History) -> int:
    """Return the event's number: ``PLACES`` times its step, plus the place of its kind within a step.

    It grows along the history and depends on nothing else, so a resumed run repeats its numbers.
    """
    return event.step * PLACES + ORDER[type(event).__name__]


class Writer:
    """The one writer of a run's history. ``examples`` is the number of training examples."""

    def __init__(self, path: Path, examples: int) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = NORMAL")
        self.connection.executescript(SCHEMA)
        self._set("examples", examples)

    def _set(self, key: str, value: int) -> None:
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def add(self, events: Sequence[History]) -> None:
        """Append ``events``, which follow what is there, all or none."""
        batches = [(event.step, event.loss) for event in events if isinstance(event, Batch)]
        others = [
            (sequence(event), type(event).__name__.lower(), to_json(event))
            for event in events
            if not isinstance(event, Batch)
        ]
        with self._transaction():
            self.connection.executemany("INSERT INTO batch VALUES (?, ?)", batches)
            self.connection.executemany("INSERT INTO event VALUES (?, ?, ?)", others)
            if batches:
                self._sum_up(batches[0][0] - 1, batches[-1][0])

    def _sum_up(self, before: int, after: int) -> None:
        """Sum up the groups that the batches after ``before`` up to ``after`` have completed."""
        size = 1
        for level in range(1, LEVELS + 1):
            size *= GROUP
            first, end = before // size, after // size
            if first == end:
                return
            if level == 1:
                self.connection.execute(
                    f"INSERT OR REPLACE INTO curve SELECT 1, (step - 1) / {GROUP}, min(loss), max(loss), avg(loss)"
                    " FROM batch WHERE step > ? AND step <= ? GROUP BY 2",
                    (first * GROUP, end * GROUP),
                )
            else:
                self.connection.execute(
                    f"INSERT OR REPLACE INTO curve SELECT ?, grp / {GROUP}, min(low), max(high), avg(mean)"
                    " FROM curve WHERE level = ? AND grp >= ? AND grp < ? GROUP BY 2",
                    (level, level - 1, first * GROUP, end * GROUP),
                )

    def add_change(self, step: int, learning_rate: float) -> None:
        """Record the command that changes the learning rate after ``step``; it is there when this returns."""
        self.connection.execute("INSERT OR REPLACE INTO change VALUES (?, ?)", (step, learning_rate))

    def add_life(self, at: float, event: Life) -> None:
        """Record what happened to the process at clock time ``at``."""
        self.connection.execute("INSERT INTO life (at, body) VALUES (?, ?)", (at, to_json(event)))

    def furthest(self) -> int:
        """Return the last step that is recorded."""
        return int(self.connection.execute("SELECT coalesce(max(step), 0) FROM batch").fetchone()[0])

    def truncate(self, step: int | None) -> None:
        """Forget what came after the checkpoint of ``step``, which the run resumes from; None: forget all."""
        last = -1 if step is None else step * PLACES + ORDER["Saved"]
        step = step or 0
        with self._transaction():
            self.connection.execute("DELETE FROM batch WHERE step > ?", (step,))
            self.connection.execute("DELETE FROM event WHERE seq > ?", (last,))
            for level in range(1, LEVELS + 1):
                self.connection.execute(
                    "DELETE FROM curve WHERE level = ? AND (grp + 1) * ? > ?", (level, GROUP**level, step)
                )

    def close(self) -> None:
        """Close the connection; nothing can be written after it."""
        self.connection.close()


class Reader:
    """Reads a run's history while its worker writes it. Opens the file each time and never writes."""

    def __init__(self, path: Path, batch_size: int, epochs: int) -> None:
        self.path, self.batch_size, self.epochs = path.absolute(), batch_size, epochs

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection | None]:
        """Yield a connection that cannot write; None before the first worker has made the file."""
        if not self.path.exists():
            yield None
            return
        with invalid_if_deleted(self.path.parent), closing(self._connected()) as connection:
            connection.execute("PRAGMA query_only = 1")
            connection.execute("BEGIN")  # all that is read comes from one moment
            yield connection if _is_ready(connection) else None

    def _connected(self) -> sqlite3.Connection:
        """Open the file for reading; as an immutable one where its folder cannot be written."""
        address = f"{self.path.as_uri()}?mode=ro"
        connection = sqlite3.connect(address, uri=True, isolation_level=None)
        try:
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:  # WAL keeps a file beside this one, also for a reader
            connection.close()
            return sqlite3.connect(f"{address}&immutable=1", uri=True, isolation_level=None)
        return connection

    def schedule(self, connection: sqlite3.Connection) -> Schedule:
        """Return the schedule of the run; the number of examples is what the worker wrote when it had the data."""
        examples = connection.execute("SELECT value FROM meta WHERE key = 'examples'").fetchone()[0]
        return Schedule(examples, self.batch_size, self.epochs)

    def examples(self) -> int:
        """Return the number of training examples; 0 before a worker has looked."""
        with self.open() as connection:
            return self.schedule(connection).examples if connection else 0

    def events(self, after: int, limit: int) -> list[tuple[int, Event]]:
        """Return the history after number ``after``, oldest first, at most ``limit`` events."""
        with self.open() as connection:
            if connection is None:
                return []
            times = self.schedule(connection)
            batches = numbers(
                connection, ("step", "loss"), "batch WHERE step > ? ORDER BY step LIMIT ?", (after // PLACES, limit)
            )
            others = texts(connection, "event WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit))
        steps = batches[:, 0].astype(np.int64).tolist()
        pairs: list[tuple[int, Event]] = [
            (step * PLACES, Batch(step, times.epoch(step), times.examples_at(step), loss))
            for step, loss in zip(steps, batches[:, 1].tolist(), strict=True)
        ]
        pairs += [(seq, from_json(body)) for seq, body in others]
        return sorted(pairs, key=lambda pair: pair[0])[:limit]

    def of_kind(self, kind: type[Tested] | type[Changed]) -> list[Event]:
        """Return all events of one rare kind."""
        with self.open() as connection:
            if connection is None:
                return []
            rows = texts(connection, "event WHERE kind = ?", (kind.__name__.lower(),))
        return [_read(body) for _number, body in rows]

    def life(self) -> list[tuple[float, Event]]:
        """Return each start, pause and end of the run with its time (seconds since 1970), oldest first."""
        with self.open() as connection:
            rows = connection.execute("SELECT at, body FROM life ORDER BY id").fetchall() if connection else []
        return [(at, from_json(body)) for at, body in rows]

    def changes(self) -> dict[int, float]:
        """Return the commands: step -> learning rate."""
        with self.open() as connection:
            rows = connection.execute("SELECT step, learning_rate FROM change").fetchall() if connection else []
        return dict(rows)

    def losses(self) -> NDArray[np.float64]:
        """Return the loss of every batch, in order."""
        with self.open() as connection:
            return numbers(connection, ("step", "loss"), "batch")[:, 1] if connection else np.empty(0)

    def curve(self, points: int) -> Curve:
        """Return the loss in at most ``points`` points; as many rows are read, however long the run is."""
        with self.open() as connection:
            last = connection.execute("SELECT max(step) FROM batch").fetchone()[0] if connection else None
            if connection is None or last is None:
                return Curve(*(np.empty(0) for _ in range(4)))
            level = next(
                level for level in range(LEVELS + 2) if last / GROUP**level <= max(points - GROUP * level, 1)
            )
            table = _curve_table(connection, level, last)
            times = self.schedule(connection)
        return Curve(_examples_at(times, table[:, 0]), table[:, 3], table[:, 1], table[:, 2])


@lru_cache(maxsize=4096)
def _read(body: str) -> Event:
    """Read a rare event, which never changes: a live view asks for all tests again six times a second."""
    return from_json(body)


def _is_ready(connection: sqlite3.Connection) -> bool:
    try:
        return connection.execute("SELECT 1 FROM meta").fetchone() is not None
    except sqlite3.OperationalError:  # the worker has made the file but not its tables yet
        return False


def _curve_table(connection: sqlite3.Connection, level: int, last: int) -> NDArray[np.float64]:
    """Return (last step, low, high, mean) of each group of ``level``, then of the smaller ones after them."""
    parts = []
    covered = 0  # batches covered so far
    for part in range(min(level, LEVELS), 0, -1):
        size = GROUP**part
        rows = numbers(
            connection,
            ("grp", "low", "high", "mean"),
            "curve WHERE level = ? AND grp >= ?",
            (part, covered // size),
        )
        parts.append(np.column_stack([(rows[:, 0] + 1) * size, rows[:, 1:]]))
        covered = last // size * size
    rows = numbers(connection, ("step", "loss"), "batch WHERE step > ?", (covered,))
    parts.append(rows[:, [0, 1, 1, 1]])
    return np.concatenate(parts)


def _examples_at(times: Schedule, steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``Schedule.examples_at`` of many steps at once."""
    full, rest = np.divmod(steps, times.batches_per_epoch)
    examples: NDArray[np.float64] = full * times.examples + np.minimum(rest * times.batch_size, times.examples)
    return examples
