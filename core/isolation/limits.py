"""What one call may take, and the sentence that says that it took more. Standard library only."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from core.errors import N_, InvalidSetting


@dataclass(frozen=True)
class Limits:
    """Seconds on the clock, and megabytes (10^6 bytes) of address space beyond what the helper itself has."""

    seconds: float = 10.0
    memory_mb: int = 1_000


class CallFailed(InvalidSetting):
    """A call did not come to its end: its process crashed, met a limit, or had no place."""


def too_slow(limits: Limits) -> CallFailed:
    """Say that the time was over."""
    return CallFailed(
        N_("the program took longer than {seconds} s and was stopped: choose smaller settings"),
        seconds=f"{limits.seconds:g}",
    )


def too_large(limits: Limits) -> CallFailed:
    """Say that the memory was over."""
    return CallFailed(
        N_("the program asked for more than {most} MB of memory and was stopped: choose smaller settings"),
        most=limits.memory_mb,
    )


def crashed(status: int) -> CallFailed:
    """Say that the process ended by itself: ``status`` is its exit status, negative for a signal."""
    if status < 0:
        return CallFailed(
            N_("the program ended its process with {signal}; nothing else was harmed. Choose other settings"),
            signal=_name(-status),
        )
    return CallFailed(
        N_("the program ended its process with exit status {status}; nothing else was harmed"), status=status
    )


def left(error: str) -> CallFailed:
    """Say that the program left by an exception that is no error, as ``sys.exit()`` does."""
    return CallFailed(N_("the program ended itself ({error}) before it had an answer"), error=error)


def busy(waiting: int) -> CallFailed:
    """Say that too many calls wait."""
    return CallFailed(N_("{waiting} programs wait already: try again in a moment"), waiting=waiting)


def not_started(reason: str) -> CallFailed:
    """Say that there is no helper."""
    return CallFailed(N_("the process that runs programs cannot be started: {reason}"), reason=reason)


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
