"""What a reader has done, a line each in a file of the workspace: steps of journeys, predictions, exercises."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.errors import N_, InvalidSetting
from core.storage import storing
from core.timestamp import is_timestamp

FILE = "progress.jsonl"
MOST = 5_000  # lines; some 100 bytes each
LONGEST = 80  # characters of a name or an answer
KINDS = ("step", "prediction", "exercise")


@dataclass(frozen=True)
class Entry:
    """One thing done: ``kind`` is one of ``KINDS``, ``when`` in Unix seconds, ``right`` None where nothing is."""

    kind: str
    name: str
    answer: str = ""
    right: bool | None = None
    when: float = 0.0


def note(folder: Path, entry: Entry) -> None:
    """Add ``entry``, done now. Raises ``InvalidSetting`` where the file is full or cannot be written."""
    line = json.dumps(asdict(_short(entry)) | {"when": time.time()}, ensure_ascii=False)
    with storing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if len(read(folder)) >= MOST:
            raise InvalidSetting(N_("more than {most} entries are not kept: reset your progress"), most=MOST)
        with (folder / FILE).open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def read(folder: Path) -> list[Entry]:
    """Return what was done, the oldest first; a line that is no entry, as after a crash, is left out."""
    try:
        lines = (folder / FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [entry for line in lines if (entry := _read(line)) is not None]


def forget(folder: Path) -> None:
    """Delete what was noted. Raises ``InvalidSetting`` where that is not possible."""
    with storing(folder):
        (folder / FILE).unlink(missing_ok=True)


def table(entries: Sequence[Entry]) -> str:
    """Return the entries as CSV with a header; times in UTC."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("when", "kind", "name", "answer", "right"))
    for entry in entries:
        when = datetime.fromtimestamp(entry.when, UTC).isoformat(timespec="seconds")
        right = "" if entry.right is None else str(entry.right).lower()
        writer.writerow((when, entry.kind, entry.name, entry.answer, right))
    return out.getvalue()


def score(entries: Sequence[Entry], kind: str) -> tuple[int, int]:
    """Return how many questions of ``kind`` were answered right the first time, and how many were answered."""
    first: dict[str, bool | None] = {}
    for entry in entries:
        if entry.kind == kind:
            first.setdefault(entry.name, entry.right)
    return sum(right is True for right in first.values()), len(first)


def _short(entry: Entry) -> Entry:
    return Entry(entry.kind, entry.name[:LONGEST], entry.answer[:LONGEST], entry.right)


def _read(line: str) -> Entry | None:
    try:
        fields = json.loads(line)
        entry = Entry(**fields)
    except (ValueError, TypeError):
        return None
    texts = isinstance(entry.name, str) and isinstance(entry.answer, str) and entry.kind in KINDS
    return entry if texts and is_timestamp(entry.when) and entry.right in (True, False, None) else None
