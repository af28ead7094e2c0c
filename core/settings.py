"""Where the project keeps and finds things: folders that the environment can set."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
CLASSROOM = "STEPWISE_CLASSROOM"  # set by `serve.py`: without it there is one user and one workspace


def data_folder() -> Path:
    """Return the folder that holds ``MNIST/raw``: ``$STEPWISE_DATA``, else ``data/`` beside ``app.py``."""
    return Path(os.environ.get("STEPWISE_DATA") or PROJECT / "data").expanduser().resolve()


def runs_folder() -> Path:
    """Return the folder that holds training runs: ``$STEPWISE_RUNS``, else ``runs/`` beside ``app.py``."""
    return Path(os.environ.get("STEPWISE_RUNS") or PROJECT / "runs").expanduser().resolve()


def without_folders(text: str) -> str:
    """Return ``text`` as a reader may see it: those of a classroom see no folder of the server, but its name."""
    if os.environ.get(CLASSROOM) != "1":
        return text
    names = {data_folder(): "STEPWISE_DATA", runs_folder(): "STEPWISE_RUNS", PROJECT: "Stepwise"}
    for folder in sorted(names, key=lambda folder: -len(str(folder))):  # one may lie in another
        text = text.replace(str(folder), names[folder])
    return text
