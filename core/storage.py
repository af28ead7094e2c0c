"""What cannot be stored, as a sentence: a folder that may not be written, a disk that is full."""

from __future__ import annotations

import errno
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


class CannotStore(InvalidSetting):
    """The system did not let something be written."""


def is_of_the_disk(error: BaseException) -> bool:
    """Say whether ``error`` is about where something is written, not about what was read."""
    return isinstance(error, OSError) and error.errno in (*FULL, *FORBIDDEN)


@contextmanager
def storing(folder: Path | str, variable: str = "STEPWISE_RUNS") -> Iterator[None]:
    """Turn an ``OSError`` of the body into a ``InvalidSetting`` that names ``folder`` and what names another
    folder.
    """
    try:
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


def stores(folder: Callable[..., Path]) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Wrap a function in ``storing``; ``folder`` says from its first argument which folder it writes to."""

    def decorate(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @wraps(function)
        def wrapped(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            with storing(folder(args[0])):
                return function(*args, **kwargs)

        return wrapped

    return decorate
