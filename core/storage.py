"""What cannot be stored, as a sentence: a folder that may not be written, a disk that is full."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from core.errors import N_, InvalidSetting

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
OF_SQLITE = {  # its result codes (sqlite.org/rescode.html), which sqlite3 does not turn into an OSError
    "SQLITE_FULL": errno.ENOSPC,
    "SQLITE_READONLY": errno.EROFS,
    "SQLITE_CANTOPEN": errno.EACCES,
    "SQLITE_IOERR": errno.EIO,
}


class CannotStore(InvalidSetting):
    """The system did not let something be written."""


def is_of_the_disk(error: BaseException) -> bool:
    """Return whether ``error`` is about where something is written, not about what was read."""
    return isinstance(error, OSError) and error.errno in (*FULL, *FORBIDDEN)


def system_error(error: sqlite3.Error) -> OSError | None:
    """Return what the system said when SQLite could not write, as an ``OSError``; None for any other error."""
    name: str = getattr(error, "sqlite_errorname", "")  # an extended code begins with its primary one
    number = next((number for code, number in OF_SQLITE.items() if name.startswith(code)), None)
    return None if number is None else OSError(number, os.strerror(number))


@contextmanager
def storing(folder: Path | str, variable: str = "STEPWISE_RUNS") -> Iterator[None]:
    """Turn an ``OSError`` of the body, or SQLite's word for one, into an ``InvalidSetting``.

    It names ``folder`` and the ``variable`` that names another folder.
    """
    try:
        with _as_system_error():
            yield
    except CannotStore as inner:  # of a part of it, in a folder that has no name for the reader
        raise CannotStore(inner.message, **{**inner.values, "folder": str(folder)}) from inner
    except OSError as error:
        if error.errno in FULL:
            message = N_("the disk with {folder} is full: make room, or set {variable} to a folder on another disk")
            raise CannotStore(message, folder=str(folder), variable=variable) from error
        raise CannotStore(
            N_("{folder} cannot be written ({reason}): allow it, or set {variable} to another folder"),
            folder=str(folder),
            reason=error.strerror or type(error).__name__,
            variable=variable,
        ) from error


@contextmanager
def _as_system_error() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise system_error(error) or error from error


def cannot_store(error: Exception, folder: Path | str) -> CannotStore | None:
    """Return ``error`` as the sentence that ``storing`` makes of it; None when it is not about the disk."""
    cause = system_error(error) if isinstance(error, sqlite3.Error) else error if is_of_the_disk(error) else None
    if cause is None:
        return None
    try:
        with storing(folder):
            raise cause
    except CannotStore as sentence:
        return sentence


def stores(folder: Callable[..., Path]) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Wrap a function in ``storing``; ``folder`` says from its first argument which folder it writes to."""

    def decorate(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @wraps(function)
        def wrapped(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            with storing(folder(args[0])):
                return function(*args, **kwargs)

        return wrapped

    return decorate
