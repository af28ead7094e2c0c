"""Runs short programs that draw from PyTorch's global generator, one at a time, and hears what they print."""

from __future__ import annotations

from typing import Any

from core.rng import own_generator


def execute(text: str) -> tuple[dict[str, Any], str]:
    """Run ``text``, written by this project, as a program; return its names and what it printed.

    What the program raises is raised. Nothing reaches the server's own output.
    """
    printed: list[str] = []
    names: dict[str, Any] = {
        "__name__": "__main__",
        "print": lambda *values: printed.append(" ".join(str(value) for value in values)),
    }
    code = compile(text, "<program>", "exec")
    with own_generator():
        exec(code, names)
    return names, "\n".join(printed)


def printed_by(text: str) -> str:
    """Run ``text`` and return what it printed."""
    return execute(text)[1]
