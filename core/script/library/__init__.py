"""What goes wrong: small programs with one mistake each, the same ones repaired, and the key that explains them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.script.library.topics import TOPICS, Topic

FOLDER = Path(__file__).parent / "programs"
REPAIRED = "_repaired"  # ends the name of the repaired program of an entry
MARK = re.compile(r"  # here: (?P<key>\w+)")
TITLE = re.compile(r'"""(?P<title>.+)"""')  # the programs that Python cannot read have one too


@dataclass(frozen=True)
class Entry:
    """A mistake: ``name`` is its file's, ``key`` the cause or the finding, ``line`` where it shows in the program.

    ``title`` is the first line of its file and no part of ``program``. ``topic`` is the number of the confusion
    that it belongs to (``TOPICS``).
    """

    name: str
    title: str
    topic: int
    key: str
    line: int
    program: str
    repaired: str

    @property
    def about(self) -> Topic:
        """The topic itself."""
        return TOPICS[self.topic]


def broken_files() -> list[Path]:
    """Return the files of the programs; one that Python cannot read is a .txt, as it is no code for tools."""
    return sorted(path for path in (FOLDER / "broken").iterdir() if path.suffix in (".py", ".txt"))


def repaired_file(path: Path) -> Path:
    """Return the file of the repaired program of a broken one."""
    return FOLDER / "repaired" / f"{path.stem}.py"


@cache
def entries() -> dict[str, Entry]:
    """Return all entries by their names, in the order of the topics."""
    library = [_entry(path) for path in broken_files()]
    return {entry.name: entry for entry in library}


def program(name: str) -> str | None:
    """Return the program of an entry, or the repaired one where ``name`` ends so; None where there is none."""
    entry = entries().get(name.removesuffix(REPAIRED))
    if entry is None:
        return None
    return entry.repaired if name.endswith(REPAIRED) else entry.program


def _entry(path: Path) -> Entry:
    whole = path.read_text(encoding="utf-8")
    text = _untitled(whole)
    rows = enumerate(text.splitlines(), 1)
    line, match = next((number, match) for number, row in rows if (match := MARK.search(row)))
    repair = _untitled(repaired_file(path).read_text(encoding="utf-8"))
    return Entry(path.stem, title(whole), int(path.stem[:2]), match["key"], line, MARK.sub("", text), repair)


def title(text: str) -> str:
    """Return what a program's first line says of it."""
    match = TITLE.match(text)
    assert match is not None, text
    return match["title"]


def _untitled(text: str) -> str:
    """Return a program as it is shown and run below its title, which is translated."""
    return TITLE.sub("", text, count=1).lstrip("\n")


def by_topic(hits: Iterable[Entry]) -> dict[int, list[Entry]]:
    """Return entries by the numbers of their topics, both in the order in which they come."""
    groups: dict[int, list[Entry]] = {}
    for entry in hits:
        groups.setdefault(entry.topic, []).append(entry)
    return groups
