"""What a reader has done, a line each in a file of the workspace: steps of journeys, predictions, exercises."""

from __future__ import annotations

import csv
import io
import json
import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.errors import N_, InvalidSetting
from core.storage import storing

FILE = "progress.jsonl"
MOST = 5_000  # lines; some 100 bytes each
LONGEST = 80  # characters of a name or an answer
KINDS = ("step", "prediction", "exercise")


@dataclass(frozen=True)
class Deed:
    """One thing done: ``kind`` is one of ``KINDS``, ``when`` in Unix seconds, ``right`` None where nothing is."""

    kind: str
    name: str
    answer: str = ""
    right: bool | None = None
    when: float = 0.0


def note(folder: Path, deed: Deed) -> None:
    """Add ``deed``, done now. Raises ``InvalidSetting`` where the file is full or cannot be written."""
    line = json.dumps(asdict(_short(deed)) | {"when": time.time()}, ensure_ascii=False)
    with storing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if len(read(folder)) >= MOST:
            raise InvalidSetting(N_("more than {most} deeds are not kept: reset your progress"), most=MOST)
        with (folder / FILE).open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def read(folder: Path) -> list[Deed]:
    """Return what was done, the oldest first; a line that is no deed, as after a crash, is left out."""
    try:
        lines = (folder / FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [deed for line in lines if (deed := _read(line)) is not None]


def forget(folder: Path) -> None:
    """Delete what was noted. Raises ``InvalidSetting`` where that is not possible."""
    with storing(folder):
        (folder / FILE).unlink(missing_ok=True)


def table(deeds: Sequence[Deed]) -> str:
    """Return the deeds as CSV with a header; times in UTC."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("when", "kind", "name", "answer", "right"))
    for deed in deeds:
        when = datetime.fromtimestamp(deed.when, UTC).isoformat(timespec="seconds")
        right = "" if deed.right is None else str(deed.right).lower()
        writer.writerow((when, deed.kind, deed.name, deed.answer, right))
    return out.getvalue()


def score(deeds: Sequence[Deed], kind: str) -> tuple[int, int]:
    """Return how many questions of ``kind`` were answered right the first time, and how many were answered."""
    first: dict[str, bool | None] = {}
    for deed in deeds:
        if deed.kind == kind:
            first.setdefault(deed.name, deed.right)
    return sum(right is True for right in first.values()), len(first)


def _short(deed: Deed) -> Deed:
    return Deed(deed.kind, deed.name[:LONGEST], deed.answer[:LONGEST], deed.right)


def _read(line: str) -> Deed | None:
    try:
        fields = json.loads(line)
        deed = Deed(**fields)
    except (ValueError, TypeError):
        return None
    texts = isinstance(deed.name, str) and isinstance(deed.answer, str) and deed.kind in KINDS
    is_time = isinstance(deed.when, int | float) and math.isfinite(deed.when) and 0 <= deed.when < 1e11
    return deed if texts and is_time and deed.right in (True, False, None) else None
