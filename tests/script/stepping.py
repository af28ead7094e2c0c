"""Runs a program line by line without a trace function: it waits before each statement, at ``await __line__``."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any

from core.script.source import Source

PATH = "stepping.py"
BEFORE = "await __line__; "


class Line:
    """Something to wait for: the program goes on when it is sent on."""

    def __await__(self) -> Iterator[None]:
        yield


def source_of(statements: Iterable[str]) -> Source:
    """Return a program with one statement a line, from line 1 on; it waits before each, and at its end."""
    return Source(PATH, "".join(f"{BEFORE}{statement}\n" for statement in (*statements, "pass")))


def frames(source: Source, **names: Any) -> Iterator[FrameType]:
    """Yield the program's frame wherever it waits; its line has not run. ``names`` are its global variables."""
    code = compile(source.text, source.path, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    running = eval(code, {**names, "__line__": Line()})
    try:
        while True:
            running.send(None)
            yield running.cr_frame
    except StopIteration:
        return
    finally:
        running.close()
