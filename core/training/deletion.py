"""A run that is deleted while it is read, as by another tab."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import N_, InvalidSetting, brief


@contextmanager
def invalid_if_deleted(run: Path) -> Iterator[None]:
    """Raise ``InvalidSetting`` when what runs inside fails because the folder ``run`` is not there any more."""
    try:
        yield
    except (OSError, sqlite3.OperationalError, InvalidSetting) as error:
        if run.is_dir():
            raise
        raise InvalidSetting(N_("there is no run {run}"), run=brief(run.name)) from error
