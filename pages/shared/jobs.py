"""The door to training: every session starts and steers its runs through it, and reaches nobody else's."""

from __future__ import annotations

import contextlib
import threading
import uuid
from pathlib import Path

import streamlit as st

from core.classroom.classroom import classroom
from core.classroom.settings import is_classroom
from core.engines import selection
from core.errors import InvalidSetting
from core.experiments import group
from core.settings import runs_folder
from core.training.jobs import Jobs
from pages.shared import keys, visitor

_doors: dict[Path, Jobs] = {}
_making = threading.Lock()


def jobs() -> Jobs:
    """Return the jobs of this user's folder of runs: one for all sessions, in a classroom one a workspace.

    They are kept here and not in ``st.cache_resource``: any browser can send the message that empties it.
    """
    return visitor.workspace_jobs() if is_classroom() else _own_jobs()


def prepare() -> None:
    """Have the first worker import torch before a user presses Start; a wrong engine is said on the page."""
    with contextlib.suppress(InvalidSetting):
        if is_classroom():
            classroom()
        else:
            _own_jobs()


def _own_jobs() -> Jobs:
    root = runs_folder()
    with _making:
        if root not in _doors:
            _doors[root] = Jobs(root, pool=selection.engine(ended=_ended))
        return _doors[root]


def _ended(folder: Path) -> None:
    """Let the experiment of a run whose worker is gone go on."""
    door = _doors.get(folder.parent)
    if door is not None:
        group.advance_after(folder, door)


def close() -> None:
    """Checkpoint and end the workers of every folder; the next that asks for jobs starts new ones."""
    with _making:
        for each in _doors.values():
            each.close()
        _doors.clear()


def owner() -> str:
    """Return who asks, so that the queue can take turns between users: one name a browser session."""
    name: str = st.session_state.setdefault(keys.OWNER, uuid.uuid4().hex)
    return name


def check_room() -> None:
    """Raise ``InvalidSetting`` when this user may not store one more run."""
    if is_classroom():
        visitor.workspace_jobs().check_room()
