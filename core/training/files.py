"""Files that are whole or absent, and locks that end with the process that holds them."""

from __future__ import annotations

import os
import shutil
import sys
import time
import uuid
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


def write_synced(path: Path, content: bytes) -> None:
    """Write a new file and wait until the disk has it."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the disk knows the names in ``folder``; Windows has no such call and needs none."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(path: Path, content: bytes, sync: bool = True) -> None:
    """Give ``path`` new content so that a reader, or a crash, meets the old or the new whole file.

    ``sync=False`` is for what a power cut may take, such as a status that is written five times a second.
    """
    partial = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        if sync:
            write_synced(partial, content)
        else:
            partial.write_bytes(content)
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    if sync:
        sync_folder(path.parent)


def put_in_place(partial: Path, target: Path) -> None:
    """Rename a whole folder to its name; one that had the name goes away after the new one is there."""
    old = target.with_name(f".{target.name}.{uuid.uuid4().hex}.old.tmp")
    replaced = target.exists()
    if replaced:
        target.rename(old)
    partial.rename(target)
    sync_folder(target.parent)
    if replaced:
        shutil.rmtree(old, ignore_errors=True)


def remove_whole(path: Path) -> None:
    """Remove a folder; a kill on the way leaves no half of it under its name."""
    trash = path.with_name(f".{path.name}.{uuid.uuid4().hex}.old.tmp")
    path.rename(trash)
    shutil.rmtree(trash, ignore_errors=True)


class Lock:
    """A lock on a file: one process at a time, gone when that process is, however it ended.

    A heartbeat would say "running" for a while after a kill, and "dead" of a machine that was only busy.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: IO[bytes] | None = None

    def acquire(self, patience: float = 2.0) -> bool:
        """Take the lock; False when another holds it for longer than ``patience`` seconds."""
        self.path.touch()
        file = self.path.open("r+b")
        end = time.monotonic() + patience
        while not _try_lock(file, shared=False):
            if time.monotonic() > end:
                file.close()
                return False
            time.sleep(0.02)  # another process may be asking `is_held` at this very moment
        self.file = file
        return True

    def release(self) -> None:
        """Give the lock back; closing the file does it on every system."""
        if self.file is not None:
            self.file.close()
            self.file = None


def is_held(path: Path) -> bool:
    """Return whether a living process holds the lock on ``path``."""
    try:
        with path.open("r+b" if sys.platform == "win32" else "rb") as file:  # only Windows locks need to write
            return not _try_lock(file, shared=True)
    except OSError:  # there is none, or it may not even be read: then nobody here holds it
        return False


def _try_lock(file: IO[bytes], shared: bool) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
