"""A node: what runs on one machine of the cluster. Its runs train as on any machine, in folders that it forgets.

A run's worker is the ordinary one and writes an ordinary folder among the machine's temporary files. The node reads
it as a page would, by sequence number, and tells the server, who keeps the real one.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import threading
import time
from pathlib import Path

from core import mnist_files
from core.engines import versions
from core.engines.messages import Cursor, Facts, Package, Update
from core.training.config import CHECKPOINT_NAME, RUN_ID
from core.training.events import Batch, Life, Started
from core.training.files import Lock, is_held
from core.training.run_folder import CHECKPOINTS, EXAMINATION, HISTORY, LIVE_WEIGHTS, RunFolder
from core.training.status import FILE as STATUS
from core.training.status import parse
from core.training.store import ORDER, PLACES, Writer
from core.training.worker_messages import Command
from core.training.worker_pool import WorkerPool

TICK = 0.02  # seconds between two looks at the folders
GATHER = 0.1  # seconds between two answers while runs train: as often as a worker writes
WEIGHTS_EVERY = 1.0  # seconds between two sets of weights for those who watch
EVENTS_MOST = 10_000  # in one update
BYTES_MOST = 8_000_000  # of checkpoints in one update, but one at least
PIECE = 4_000_000  # bytes of the examination in one update
PREFIX, MARK = "stepwise-node-", "node.lock"  # of a node's folder, and what it holds there
LEFT_SECONDS = 60.0  # after which a folder that no node holds is left behind
MANY = 10_000  # runs: the server knows how many a machine takes


class Node:
    """The runs of this machine, each under a ``key`` that the server chose; any method, from any thread."""

    def __init__(self, pool: WorkerPool | None = None) -> None:
        remove_left_behind(Path(tempfile.gettempdir()))
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._mark = Lock(self.folder / MARK)
        self._mark.acquire()
        self.pool = pool or WorkerPool(MANY)
        self._runs: dict[str, tuple[Path, Cursor]] = {}  # with the cursor that its package stands for
        self._lock = threading.Lock()
        self._answered = 0.0

    def facts(self) -> Facts:
        """Return what this machine is."""
        data = ("mnist", "digits") if mnist_files.are_here() else ("digits",)
        return Facts(versions.here(), versions.processor(), data)

    def begin(self, key: str, package: Package) -> None:
        """Go on with a run."""
        if not (RUN_ID.fullmatch(package.run) and RUN_ID.fullmatch(key)):
            raise ValueError(f"{package.run!r} is no run")
        folder = self.folder / key / package.run
        unpack(folder, package)
        self.pool.enter(folder, package.batches, "")
        with self._lock:
            self._runs[key] = folder, cursor_of(package)

    def obey(self, commands: list[tuple[str, Command]]) -> None:
        """Pass commands on to the workers of their runs; one whose run is over hears nothing."""
        for key, command in commands:
            if key in self._runs:
                self.pool.send(self._runs[key][0], command)

    def kill(self, key: str) -> None:
        """End a run's worker at once and forget the run."""
        if key in self._runs:
            self.pool.kill(self._runs[key][0])
        self.forget(key)

    def forget(self, key: str) -> None:
        """Delete a run's folder: the server has all of it."""
        with self._lock:
            self._runs.pop(key, None)
        if RUN_ID.fullmatch(key):
            shutil.rmtree(self.folder / key, ignore_errors=True)

    def news(self, cursors: dict[str, Cursor], patience: float) -> dict[str, Update]:
        """Return what is new since ``cursors``, as soon as there is something or after ``patience`` seconds."""
        end = time.monotonic() + patience
        time.sleep(max(0.0, min(patience, self._answered + GATHER - time.monotonic())))
        while True:
            with self._lock:
                runs = dict(self._runs)
            answers = {key: self._update(key, run, cursors.get(key, first)) for key, (run, first) in runs.items()}
            updates = {key: update for key, update in answers.items() if update is not None}
            if updates or time.monotonic() >= end:
                self._answered = time.monotonic()
                return updates
            time.sleep(TICK)

    def _update(self, key: str, folder: Path, cursor: Cursor) -> Update | None:
        try:
            return update(folder, cursor, self.pool.obeyed(folder), folder in self.pool.active())
        except Exception as error:
            if key not in self._runs:  # it was forgotten, and its folder deleted, while it was read
                return None
            return Update(cursor, error=f"{type(error).__name__}: {error}"[:500])  # the others go on

    def close(self) -> None:
        """Checkpoint and end every worker, and delete all folders."""
        self.pool.close()
        self._mark.release()
        shutil.rmtree(self.folder, ignore_errors=True)


def remove_left_behind(folder: Path) -> None:
    """Delete the folders of nodes that were killed, from ``folder``; a new one may not be marked yet."""
    for path in folder.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > LEFT_SECONDS and not is_held(path / MARK):
                shutil.rmtree(path, ignore_errors=True)


def unpack(folder: Path, package: Package) -> None:
    """Make the folder of a run as it is on the server, but for its history, of which only the end is told."""
    for name, content in package.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    writer = Writer(folder / HISTORY, package.examples)
    try:
        for step, rate in package.changes.items():
            writer.add_change(step, rate)
        if package.furthest:
            writer.add([Batch(package.furthest, 0, 0, 0.0)])
    finally:
        writer.close()


def cursor_of(package: Package) -> Cursor:
    """Return what the server has of a run whose ``package`` it sent."""
    parts = [name.split("/") for name in package.files]
    checkpoints = frozenset(part[1] for part in parts if part[0] == CHECKPOINTS)
    return Cursor(changes=len(package.changes), checkpoints=checkpoints)


def update(folder: Path, cursor: Cursor, obeyed: int, active: bool) -> Update | None:
    """Return what the run in ``folder`` did since ``cursor``; None when nothing.

    What is read first is never newer than what is read later: a status, then the checkpoints, then the history.
    """
    status = _read(folder / STATUS)
    names = checkpoint_names(folder)
    stamp, weights = _weights(folder, cursor, parse(status).state != "running")
    folder_state = (obeyed, active, status, frozenset(names), stamp)
    if folder_state == cursor.folder_state:
        return None
    run = RunFolder(folder.parent, folder.name)
    checkpoints = read_checkpoints(folder, [name for name in names if name not in cursor.checkpoints])
    complete = cursor.checkpoints | checkpoints.keys() >= set(names)
    life = run.life()
    sequence = cursor.sequence if cursor.sequence is not None else first_sequence([event for _, event in life])
    changes = run.commands()
    events = [] if sequence is None else run.events(sequence, EVENTS_MOST)
    examination = _examination(folder, cursor) if sequence is not None and (events or cursor.examination) else None
    complete = complete and len(events) < EVENTS_MOST and (examination is None or len(examination[1]) < PIECE)
    over = not active and complete
    lasting = parse(status).state in ("running", "paused")  # an end is told when all of it is there
    after = Cursor(
        events[-1][0] if events else sequence,
        len(life),
        len(changes),
        cursor.checkpoints | checkpoints.keys(),
        cursor.examination if examination is None else examination[0] + len(examination[1]),
        stamp,
        folder_state if complete else (),
    )
    return Update(
        after,
        run.examples(),
        tuple(life[cursor.life :]),
        changes if len(changes) != cursor.changes else {},
        tuple(events),
        checkpoints,
        frozenset(name for name in names if name.startswith("auto-")),
        examination,
        weights,
        status if status and complete and (lasting or over) else None,
        obeyed,
        over,
    )


def first_sequence(life: list[Life]) -> int | None:
    """Return the number after which the history goes on: that of the checkpoint; None before a worker began."""
    for event in life:
        if isinstance(event, Started):
            return event.step * PLACES + ORDER["Saved"] if event.checkpoint else -1
    return None


def checkpoint_names(folder: Path) -> list[str]:
    """Return the names of the checkpoints in the order in which they were made, as far as names tell."""
    with contextlib.suppress(FileNotFoundError):
        names = [path.name for path in (folder / CHECKPOINTS).iterdir() if CHECKPOINT_NAME.fullmatch(path.name)]
        return sorted(names, key=lambda name: (name.startswith("auto-"), len(name), name))
    return []


def read_checkpoints(folder: Path, names: list[str]) -> dict[str, dict[str, bytes]]:
    """Return the files of as many checkpoints as go into one update."""
    contents: dict[str, dict[str, bytes]] = {}
    size = 0
    for name in names:
        try:
            files = {path.name: path.read_bytes() for path in (folder / CHECKPOINTS / name).iterdir()}
        except OSError:  # thinned out meanwhile
            continue
        size += sum(map(len, files.values()))
        if contents and size > BYTES_MOST:
            break
        contents[name] = files
    return contents


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _weights(folder: Path, cursor: Cursor, rests: bool) -> tuple[int, bytes | None]:
    """Return when the weights for those who watch were written, and these when it is time for new ones."""
    try:
        stamp = (folder / LIVE_WEIGHTS).stat().st_mtime_ns
    except FileNotFoundError:
        return cursor.weights, None
    if stamp == cursor.weights or not (rests or stamp - cursor.weights > WEIGHTS_EVERY * 1e9):
        return cursor.weights, None
    return stamp, _read(folder / LIVE_WEIGHTS) or None


def _examination(folder: Path, cursor: Cursor) -> tuple[int, bytes] | None:
    """Return what was added to the examination, and where; its first part comes before the first batch."""
    with contextlib.suppress(FileNotFoundError), (folder / EXAMINATION).open("rb") as file:
        file.seek(cursor.examination)
        if piece := file.read(PIECE):
            return cursor.examination, piece
    return None
