"""What goes wrong: small programs with one mistake each, the same ones repaired, and the key that explains them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.script.library.topics import TOPICS, Topic

FOLDER = Path(__file__).parent / "programs"
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
    read = [_entry(path) for path in sorted((FOLDER / "broken").glob("*.py"))]
    return {entry.name: entry for entry in read}


def _entry(path: Path) -> Entry:
    text = path.read_text(encoding="utf-8")
    found = next((number, match) for number, row in enumerate(text.splitlines(), 1) if (match := MARK.search(row)))
    line, match = found
    repaired = (FOLDER / "repaired" / path.name).read_text(encoding="utf-8")
    return Entry(path.stem, int(path.stem[:2]), match["key"], line, MARK.sub("", text), repaired)
