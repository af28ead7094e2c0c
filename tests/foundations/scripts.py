"""Runs a script of \"Show the code\" in this interpreter and returns what it leaves and what it prints."""

from __future__ import annotations

import contextlib
import io
from typing import Any


def run(script: str) -> tuple[dict[str, Any], str]:
    """Execute ``script`` as a program of its own; return its names and its output."""
    names: dict[str, Any] = {"__name__": "__main__"}
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(script, "<script>", "exec"), names)
    return names, out.getvalue()
