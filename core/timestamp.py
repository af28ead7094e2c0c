"""Timestamps in Unix seconds, as files hold them that may be damaged or from elsewhere."""

from __future__ import annotations

from typing import TypeGuard

LATEST = 1e11  # the year 5138: Python's calendar ends with 9999


def is_timestamp(value: object) -> TypeGuard[float]:
    """Return whether ``value`` is a time that a calendar has."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < LATEST
