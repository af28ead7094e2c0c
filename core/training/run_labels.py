"""What states, times and losses of a run are called, in any language."""

from __future__ import annotations

from typing import Protocol

from core.errors import N_

STATES = {
    "running": N_("running"),
    "paused": N_("paused"),
    "waiting": N_("waiting"),
    "interrupted": N_("interrupted"),
    "finished": N_("finished"),
    "stopped": N_("stopped"),
    "diverged": N_("diverged"),
    "deleted": N_("deleted"),
}


class Say(Protocol):
    """Translates a sentence and fills it."""

    def __call__(self, message: str, **values: object) -> str: ...


def duration(say: Say, seconds: float | None) -> str:
    """Return a time span in hours, minutes and seconds, as much as matters."""
    if seconds is None:
        return "–"
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    if hours:
        return say(N_("{hours} h {minutes} min"), hours=hours, minutes=minutes)
    if minutes:
        return say(N_("{minutes} min {seconds} s"), minutes=minutes, seconds=whole % 60)
    return say(N_("{seconds} s"), seconds=whole)


def decimal(value: float | None) -> str:
    """Return a loss with four decimals; as a power of ten where it runs away or would be rounded to nothing."""
    if value is None:
        return "–"
    return f"{value:.4f}" if value == 0 or 1e-4 <= abs(value) < 10_000 else f"{value:.2e}"
