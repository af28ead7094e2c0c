"""What goes wrong: small programs with one mistake each, the same ones repaired, and the key that explains them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.script.library.topics import TOPICS, Topic

FOLDER = Path(__file__).parent / "programs"
REPAIRED = "_repaired"  # ends the name of the repaired program of an entry
MARK = re.compile(r"  # here: (?P<key>\w+)")


@dataclass(frozen=True)
class Entry:
    """A mistake: ``name`` is its file's, ``key`` the cause or the finding, ``line`` where it shows in the program.

    ``topic`` is the number of the confusion that it belongs to (``TOPICS``).
    """

    name: str
    topic: int
    key: str
    line: int
    program: str
    repaired: str

    @property
    def about(self) -> Topic:
        """The topic itself."""
        return TOPICS[self.topic]


@cache
def entries() -> dict[str, Entry]:
    """Return all entries by their names, in the order of the topics."""
    library = [_entry(path) for path in sorted((FOLDER / "broken").glob("*.py"))]
    return {entry.name: entry for entry in library}


def program(name: str) -> str | None:
    """Return the program of an entry, or the repaired one where ``name`` ends so; None where there is none."""
    entry = entries().get(name.removesuffix(REPAIRED))
    if entry is None:
        return None
    return entry.repaired if name.endswith(REPAIRED) else entry.program


def _entry(path: Path) -> Entry:
    text = path.read_text(encoding="utf-8")
    rows = enumerate(text.splitlines(), 1)
    line, match = next((number, match) for number, row in rows if (match := MARK.search(row)))
    repaired = (FOLDER / "repaired" / path.name).read_text(encoding="utf-8")
    return Entry(path.stem, int(path.stem[:2]), match["key"], line, MARK.sub("", text), repaired)
