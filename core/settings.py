"""Where the project keeps and finds things: folders that the environment can set."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def data_folder() -> Path:
    """Return the folder that holds ``MNIST/raw``: ``$STEPWISE_DATA``, else ``data/`` beside ``app.py``."""
    return Path(os.environ.get("STEPWISE_DATA") or PROJECT / "data").expanduser().resolve()


def runs_folder() -> Path:
    """Return the folder that holds training runs: ``$STEPWISE_RUNS``, else ``runs/`` beside ``app.py``."""
    return Path(os.environ.get("STEPWISE_RUNS") or PROJECT / "runs").expanduser().resolve()
