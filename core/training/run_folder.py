"""A run is a folder: its configuration, its name, its status, its history (SQLite), its checkpoints, two locks."""

from __future__ import annotations

import json
import secrets
import shutil
import time
import uuid
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import N_, InvalidSetting, brief
from core.storage import stores
from core.timestamp import is_timestamp
from core.training import manifest
from core.training.config import CHECKPOINT_NAME, RUN_ID, SCREEN_WEIGHTS_NAME, STACK, UPLOAD, TrainConfig
from core.training.deletion import invalid_if_deleted
from core.training.events import Changed, Event, Life, Tested
from core.training.files import is_held, replace_file
from core.training.learning_rate import rate
from core.training.schedule import Schedule
from core.training.status import WORKER_LOCK, Status, read_status
from core.training.store import Curve, Reader

NAME_MAX = 200  # characters of a run's name; it is plain text and never part of a path
CONFIG, NAME, HISTORY, CHECKPOINTS = "config.json", "name.json", "history.sqlite", "checkpoints"
SCREEN_WEIGHTS = "screen_weights"
LIVE_WEIGHTS, EXAMINATION = "weights.live", "examination.jsonl"  # what others write beside them

__all__ = ["Checkpoint", "Curve", "RunFolder", "RunSummary", "create", "delete", "lineage", "list_runs"]


@dataclass(frozen=True)
class Checkpoint:
    """A whole checkpoint of a run: its folder, and where in the run it was taken.

    ``epochs_begun`` counts the ancestors' epochs too.
    """

    name: str
    path: Path
    step: int
    epoch: int
    seen: int
    epochs_begun: int


@dataclass(frozen=True)
class RunSummary:
    """One line of the list of runs. ``created`` is Unix seconds; ``config`` None when it cannot be read."""

    id: str
    name: str
    created: float
    config: TrainConfig | None
    status: Status


class RunFolder:
    """A run that exists, for reading (and renaming). Raises ``InvalidSetting`` when there is no such run.

    Open it again on every rerun: it reads two small files and holds nothing open.
    """

    def __init__(self, root: Path, run_id: str) -> None:
        self.id = run_id
        self.path = folder_of(root, run_id)
        try:
            text = (self.path / CONFIG).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise InvalidSetting(N_("there is no run {run}"), run=brief(run_id)) from None
        self.config = read_config(text)
        self.name, self.created = read_name(self.path)
        self._reader = Reader(self.path / HISTORY, self.config.batch_size, self.config.epochs)

    def status(self) -> Status:
        """Where the run stands now. Whether its worker is alive is asked of the file lock that it holds."""
        return read_status(self.path)

    @stores(lambda run: run.path.parent)
    def rename(self, name: str) -> None:
        """Give the run another name: plain text, 1 to ``NAME_MAX`` characters."""
        self.name = clean_name(name)
        write_name(self.path, self.name, self.created)

    def events(self, after: int = -1, limit: int = 10_000) -> list[tuple[int, Event]]:
        """Return the history after sequence number ``after``, oldest first, each event with its own number.

        A number is a function of the event's place in the history, so a resumed run says the same event under
        the same number again.
        """
        return self._reader.events(after, limit)

    def curve(self, points: int = 1500) -> Curve:
        """Return the training loss in at most ``points`` points; the cost does not grow with the run."""
        return self._reader.curve(points)

    def tests(self) -> list[Tested]:
        """Return every test so far, oldest first."""
        return self._reader.of_kind(Tested)  # type: ignore[return-value]

    def changes(self) -> list[Changed]:
        """Return every change of the learning rate that took place so far."""
        return self._reader.of_kind(Changed)  # type: ignore[return-value]

    def commands(self) -> dict[int, float]:
        """Return the learning rates that were asked for: step -> the rate from the batch after it on."""
        return self._reader.changes()

    def learning_rate_at(self, step: int) -> float:
        """Return the learning rate of the batch after ``step``, as it was set or changed up to there."""
        changes = {at: rate for at, rate in self.commands().items() if at <= step}
        if changes:
            return changes[max(changes)]
        if self.config.schedule == "constant" or not (examples := self.examples()):
            return self.config.learning_rate
        return rate(self.config, Schedule.of(self.config, examples), step)

    def life(self) -> list[tuple[float, Life]]:
        """Return what happened to the process, each with the clock (Unix seconds)."""
        return self._reader.life()  # type: ignore[return-value]

    def losses(self) -> NDArray[np.float64]:
        """Return the loss of every batch, in order."""
        return self._reader.losses()

    def examples(self) -> int:
        """Return the number of training examples of the run's data; 0 before its first worker has seen them."""
        return self._reader.examples()

    def checkpoints(self) -> list[Checkpoint]:
        """Return the checkpoints of epochs, pauses and stops, oldest first; what is half written is not there."""
        return [point for point in self.all_checkpoints() if not point.name.startswith("auto-")]

    def all_checkpoints(self) -> list[Checkpoint]:
        """Return also the automatic ones, which are made every few seconds and go when newer ones come."""
        return self._checkpoints_in(CHECKPOINTS, "[a-z]*-*")

    def viewable(self) -> list[Checkpoint]:
        """Return ``checkpoints`` and the weights that ``core.training.screen_weights`` keeps, oldest first."""
        points = self.checkpoints() + self._checkpoints_in(SCREEN_WEIGHTS, "batch-*")
        return sorted(points, key=lambda point: point.step)

    def _checkpoints_in(self, folder: str, pattern: str) -> list[Checkpoint]:
        with invalid_if_deleted(self.path):
            checkpoints = [read_checkpoint(path) for path in (self.path / folder).glob(pattern)]
        return sorted((point for point in checkpoints if point), key=lambda point: (point.step, point.name))

    def checkpoint(self, name: str) -> Checkpoint:
        """Return one checkpoint by name ("epoch-3", "step-1200"); ``InvalidSetting`` when there is none."""
        if isinstance(name, str) and CHECKPOINT_NAME.fullmatch(name):
            point = read_checkpoint(self.path / CHECKPOINTS / name)
            if point:
                return point
        raise InvalidSetting(N_("run {run} has no checkpoint {name}"), run=self.id, name=brief(name))

    def weights(self, name: str) -> Checkpoint:
        """Return what ``viewable`` has under ``name``: to look at; ``InvalidSetting`` when there is none."""
        if SCREEN_WEIGHTS_NAME.fullmatch(name):
            point = read_checkpoint(self.path / SCREEN_WEIGHTS / name)
            if point:
                return point
        return self.checkpoint(name)


@lru_cache(maxsize=4096)
def read_config(text: str) -> TrainConfig:
    """Read a configuration, which never changes: the runs of a workspace are listed again and again."""
    return TrainConfig.from_json(text)


def folder_of(root: Path, run_id: str) -> Path:
    """Return the folder of a run; ``InvalidSetting`` for a text that is no id, so that no text becomes a path."""
    if not (isinstance(run_id, str) and RUN_ID.fullmatch(run_id)):
        raise InvalidSetting(N_("there is no run {run}"), run=brief(run_id))
    return root / run_id


def clean_name(name: str) -> str:
    """Return ``name`` as one line of plain text; ``InvalidSetting`` when nothing is left or it is too long."""
    if len(name) > NAME_MAX:
        raise InvalidSetting(
            N_("a name has at most {most} characters, this one has {size}"), most=NAME_MAX, size=len(name)
        )
    cleaned = " ".join("".join(char if char.isprintable() else " " for char in name).split())
    if not cleaned:
        raise InvalidSetting(N_("a name needs at least one character that can be seen"))
    return cleaned


def default_name(config: TrainConfig) -> str:
    """Return a name made of the settings that people compare."""
    network = "stack" if config.network.startswith(STACK) else config.network
    return f"{network} {config.optimizer} lr {config.learning_rate:g} batch {config.batch_size} ×{config.epochs}"


def write_name(path: Path, name: str, created: float) -> None:
    """Write the name of a run and when it was created (seconds since 1970): the whole file, or none."""
    replace_file(path / NAME, json.dumps({"name": name, "created": created}, ensure_ascii=False).encode())


def read_name(path: Path) -> tuple[str, float]:
    """Return name and time of creation; the id and 0 when they cannot be read."""
    try:
        values = json.loads((path / NAME).read_bytes())
        created = values["created"] if is_timestamp(values["created"]) else 0.0
        return str(values["name"])[:NAME_MAX], float(created)
    except (OSError, ValueError, KeyError, TypeError):
        return path.name, 0.0


def new_id(now: float) -> str:
    """Return the id of what is made at ``now``, Unix seconds: "20261126-202748-1f2e3d4c"."""
    return f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime(now))}-{secrets.token_hex(4)}"


@stores(lambda root: root)
def create(root: Path, config: TrainConfig, name: str = "", run_id: str = "") -> RunFolder:
    """Make a new run with a generated id, or with ``run_id``. An empty name becomes one made of the settings.

    The folder appears under its id when it is whole.
    """
    display_name = clean_name(name) if name.strip() else default_name(config)
    now = time.time()
    run_id = run_id or new_id(now)
    if folder_of(root, run_id).exists():
        raise InvalidSetting(N_("there is a run {run} already"), run=brief(run_id))
    root.mkdir(parents=True, exist_ok=True)
    partial = root / f".{run_id}.{uuid.uuid4().hex}.tmp"
    try:
        partial.mkdir()
        replace_file(partial / CONFIG, config.to_json().encode())
        write_name(partial, display_name, now)
        partial.rename(root / run_id)
    except OSError:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return RunFolder(root, run_id)


def read_checkpoint(path: Path) -> Checkpoint | None:
    """Return what the manifest at ``path`` says; None when it cannot be read."""
    try:
        where = manifest.read(path)
    except InvalidSetting:
        return None
    return Checkpoint(path.name, path, *(where[key] for key in manifest.PLACES))


def run_ids(root: Path) -> list[str]:
    """Return the ids of all runs of ``root``, the newest first."""
    if not root.is_dir():
        return []
    return sorted((path.name for path in root.iterdir() if RUN_ID.fullmatch(path.name)), reverse=True)


def list_runs(root: Path) -> list[RunSummary]:
    """Return all runs of ``root``, the newest first: three small files each, 1,000 runs well under a second."""
    summaries = [summary for run_id in run_ids(root) if (summary := summarise(root / run_id))]
    return sorted(summaries, key=lambda run: run.created, reverse=True)  # an id knows only the second


def summarise(path: Path) -> RunSummary | None:
    """Return a run's line in the list; None when the folder is no run at all."""
    try:
        config: TrainConfig | None = read_config((path / CONFIG).read_text(encoding="utf-8"))
    except OSError:
        return None
    except (InvalidSetting, UnicodeDecodeError):
        config = None
    return RunSummary(path.name, *read_name(path), config, read_status(path))


@stores(lambda root: root)
def delete(root: Path, run_id: str) -> None:
    """Delete a run. Raises ``InvalidSetting`` while its worker is alive."""
    path = folder_of(root, run_id)
    if is_held(path / WORKER_LOCK):
        raise InvalidSetting(N_("{name} is still training: stop it first"), name=read_name(path)[0])
    trash = root / f".{run_id}.{uuid.uuid4().hex}.tmp"
    try:
        path.rename(trash)  # at once, so that nobody meets half a run
    except FileNotFoundError:
        raise InvalidSetting(N_("there is no run {run}"), run=brief(run_id)) from None
    shutil.rmtree(trash, ignore_errors=True)


def lineage(root: Path, run_id: str) -> list[str]:
    """Return the ids from the run's first ancestor to itself; an ancestor that is gone is named all the same."""
    line = [run_id]
    while True:
        try:
            parent = RunFolder(root, line[0]).config.parent
        except InvalidSetting:
            return line
        if parent is None or parent.run == UPLOAD or parent.run in line:
            return line
        line.insert(0, parent.run)
