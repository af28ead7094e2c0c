"""Asks for the type of an object of the program without asking the object itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from builtins import isinstance as is_a  # so that mypy narrows types as it does for isinstance
else:

    def is_a(value: object, kind: Any) -> bool:
        """Return whether the type of ``value`` is ``kind``, or one of several, or is derived from it.

        ``isinstance`` reads ``value.__class__`` too, which a program can make a property that lies or never ends.
        """
        return issubclass(type(value), kind)


__all__ = ["is_a"]
