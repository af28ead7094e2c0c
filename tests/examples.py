"""How many examples a property is tried on: few in `make check`, by the profile of tests/conftest.py."""

from __future__ import annotations

from hypothesis import settings


def up_to(count: int) -> int:
    """Return ``count``, or what the profile in force allows."""
    default = settings.default
    assert default is not None
    return min(count, default.max_examples)
