"""What this reader has done, kept in their workspace."""

from __future__ import annotations

import contextlib

from core import progress
from core.errors import InvalidSetting
from core.progress import Entry
from pages.shared import visitor


def note(kind: str, name: str, answer: object = "", right: bool | None = None) -> None:
    """Keep that something was done. A lesson goes on where that is not possible."""
    with contextlib.suppress(InvalidSetting):
        progress.note(visitor.folder(), Entry(kind, name, str(answer), right))


def entries() -> list[Entry]:
    """Return what was done, the oldest first."""
    return progress.read(visitor.folder())


def forget() -> None:
    """Forget everything; raises ``InvalidSetting`` where that is not possible."""
    progress.forget(visitor.folder())
