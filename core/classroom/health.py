"""What ``/health`` tells of a classroom: numbers, and nobody's name."""

from __future__ import annotations

from typing import Literal, TypedDict


class Health(TypedDict):
    """Runs that train and wait, each with the most that may; ``status`` "full": there is no room for new runs."""

    status: Literal["ok", "full"]
    training: int
    training_most: int
    waiting: int
    waiting_most: int
    workspaces: int
    free_disk_mb: int
    uptime_s: int
