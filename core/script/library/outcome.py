"""What really happens when a program of the library runs: the error or the finding, and what was printed."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.isolation.limits import Limits
from core.script.program_record import Error, Finding, Record
from core.script.run import Runner

LIMITS = Limits(seconds=60.0, memory_mb=4_000)
ENDLESS = Limits(seconds=5.0, memory_mb=4_000)  # for the program that is stopped when its time is over
PRINTED = 12  # lines that are shown


@dataclass(frozen=True)
class Outcome:
    """``kind`` is "error", "finding" or "well"; of several findings the first."""

    kind: str
    error: Error | None
    finding: Finding | None
    printed: tuple[str, ...]


@cache
def _runner() -> Runner:
    return Runner()


def limits(key: str) -> Limits:
    """Return what the program of an entry with this key may use."""
    return ENDLESS if key == "time" else LIMITS


def run(program: str, key: str = "") -> Outcome:
    """Run a program in a process of its own, in an empty folder, and say what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.py"
        path.write_text(program, encoding="utf-8")
        return of_record(_runner().run(path, limits=limits(key), folder=Path(folder)))


def of_record(record: Record) -> Outcome:
    """Return what matters of a record."""
    finding = record.findings[0] if record.findings else None
    kind = "error" if record.error is not None else "finding" if finding is not None else "well"
    return Outcome(kind, record.error, finding, tuple(one.text for one in record.prints[-PRINTED:]))
