"""The limits of one user and of the whole machine; each message names the limit and what to do about it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.classroom.settings import MB, Settings
from core.errors import N_, InvalidSetting
from core.training.files import is_held
from core.training.status import QUEUE_LOCK, WORKER_LOCK


@dataclass(frozen=True)
class Usage:
    """What a workspace holds: runs on the disk, those with a worker, those that wait, and bytes."""

    stored: int = 0
    working: int = 0
    waiting: int = 0
    size: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.stored + other.stored,
            self.working + other.working,
            self.waiting + other.waiting,
            self.size + other.size,
        )


def usage(workspace: Path) -> Usage:
    """Count what is in the folder ``workspace``; what vanishes meanwhile counts as gone."""
    total = Usage(size=sum(_sizes(workspace)))
    for run in runs_in(workspace):
        waiting = is_held(run / QUEUE_LOCK)
        total += Usage(1, int(not waiting and is_held(run / WORKER_LOCK)), int(waiting))
    return total


def runs_in(workspace: Path) -> list[Path]:
    """Return the folders of the runs in ``workspace``."""
    if not workspace.is_dir():
        return []
    return [run for run in workspace.iterdir() if run.is_dir() and not run.is_symlink()]


def workspaces(root: Path) -> list[Path]:
    """Return the folders of all workspaces under ``root``."""
    place = root / "workspaces"
    return sorted(folder for folder in place.iterdir() if folder.is_dir()) if place.is_dir() else []


def check_new_run(settings: Settings, mine: Usage, everyone: Usage, free: int, epochs: int) -> None:
    """Raise ``InvalidSetting`` unless the user whose workspace holds ``mine`` may start a run of ``epochs`` epochs.

    ``everyone`` is what all workspaces hold together, ``free`` the bytes that the disk has left.
    """
    check_epochs(settings, epochs)
    check_turn(settings, mine, everyone)
    check_room(settings, mine, everyone, free)


def check_epochs(settings: Settings, epochs: int) -> None:
    """Raise ``InvalidSetting`` when a run would take more epochs than one may here."""
    if epochs > settings.epochs:
        raise InvalidSetting(
            N_("{epochs} epochs are too many for this classroom: a run may have {most}"),
            epochs=epochs,
            most=settings.epochs,
        )


def check_turn(settings: Settings, mine: Usage, everyone: Usage) -> None:
    """Raise ``InvalidSetting`` when the user, or the queue, has as many runs as allowed."""
    if mine.working + mine.waiting >= settings.runs_at_once:
        raise InvalidSetting(
            N_(
                "you have {count} {count:run|runs} training, paused or waiting; the limit is {most}: stop one, "
                "or wait"
            ),
            count=mine.working + mine.waiting,
            most=settings.runs_at_once,
        )
    if everyone.waiting >= settings.queue:
        raise InvalidSetting(
            N_(
                "{count} {count:run waits for its|runs wait for their} turn on this machine; the limit is "
                "{most}: try again later"
            ),
            count=everyone.waiting,
            most=settings.queue,
        )


def check_room(settings: Settings, mine: Usage, everyone: Usage, free: int) -> None:
    """Raise ``InvalidSetting`` when there is no room for one more run on the disk."""
    if mine.stored >= settings.stored_runs:
        raise InvalidSetting(
            N_("your workspace holds {count} {count:run|runs}; the limit is {most}: delete one on the page Runs"),
            count=mine.stored,
            most=settings.stored_runs,
        )
    if mine.size >= settings.disk_mb * MB:
        raise InvalidSetting(
            N_("your runs take {size} MB of the disk; the limit is {most} MB: delete some on the page Runs"),
            size=round(mine.size / MB),
            most=settings.disk_mb,
        )
    if everyone.size >= settings.all_disk_mb * MB or free < settings.free_disk_mb * MB:
        raise InvalidSetting(N_("this machine has no room for more runs: tell its administrator"))


def free_space(folder: Path) -> int:
    """Return the bytes that the disk of ``folder`` has left."""
    return shutil.disk_usage(folder).free


def _sizes(folder: Path) -> Iterator[int]:
    """Yield the size of every file under ``folder``; links are not followed."""
    try:
        entries = list(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        try:
            if entry.is_symlink():
                continue
            if entry.is_dir():
                yield from _sizes(entry)
            else:
                yield entry.stat().st_size
        except OSError:
            continue
