"""What a worker is told and what it says: lines of JSON on its stdin and stdout."""

from __future__ import annotations

from typing import TypedDict

from core.training.config import Batches


class Command(TypedDict, total=False):
    """``do`` is "pause", "resume", "batch", "epoch", "stop", "learning_rate" or "leave"; or ``run`` is a new run.

    ``value`` is the learning rate, as it was sent. ``batches`` is how far to train before pausing; without it, as
    far as ``do`` says. A ``number`` is told again when the command has been obeyed. ``run`` is a folder.
    """

    do: str
    value: object
    batches: Batches
    number: int
    run: str


class Message(TypedDict, total=False):
    """A worker is ``ready``; it has accepted, paused or ended the run of that name, or obeyed that command."""

    ready: bool
    accepted: str
    obeyed: int
    paused: str
    over: str
