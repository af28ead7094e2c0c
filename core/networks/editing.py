"""A network while it is being written: some of its rows may not be readable yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.errors import InvalidSetting
from core.networks.rows import KINDS, parse_row
from core.networks.stack import MOST_ROWS, Stack, StackLayer, parts_of

LONGEST = 8  # characters of one value; more cannot be a number in range


@dataclass(frozen=True)
class RawRow:
    """A row as it was typed: option name -> text, readable or not."""

    kind: str
    options: dict[str, str]


@dataclass(frozen=True)
class Draft:
    """All rows as typed, and what is known of them.

    ``stack`` holds the rows before the first that cannot be read, and ``problem`` says what is wrong with that
    one. ``layers`` are those of ``stack``; the last of them may be a row that can be read and is yet impossible.
    """

    input: tuple[int, int, int]
    rows: tuple[RawRow, ...]
    stack: Stack | None
    layers: list[StackLayer]
    problem: InvalidSetting | None


def read(text: str) -> Draft:
    """Read a network as far as it can be read; ``InvalidSetting`` for a wrong input size or kind of layer."""
    picture, parts = parts_of(text)
    for part in parts:
        parse_row(part.split("-")[0])  # refuses a wrong kind
    raw = tuple(_raw(part) for part in parts)
    rows = []
    problem = None
    for part in parts:
        try:
            rows.append(parse_row(part))
        except InvalidSetting as error:
            problem = error
            break
    stack = Stack(picture, tuple(rows))
    layers = stack.layers()
    if layers and layers[-1].problem:
        problem = None  # an earlier row is wrong already
    return Draft(picture, raw, None if problem else stack, layers, problem)


def _raw(part: str) -> RawRow:
    kind, *options = part.strip().split("-")
    names = {option.letter: option.name for option in KINDS[kind]}
    return RawRow(kind, {names[text[0]]: text[1:] for text in options if text[:1] in names})


def as_text(size: str, rows: object) -> str:
    """Write what the editor in the browser reports as a network's text; what is no row is left out."""
    parts = [_row_text(row) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return "~".join([size, *[part for part in parts if part][:MOST_ROWS]])


def _row_text(row: dict[str, Any]) -> str:
    kind, options = row.get("kind"), row.get("options")
    if kind not in KINDS or not isinstance(options, dict):
        return ""
    texts = {o.letter: _clean(options[o.name]) for o in KINDS[kind] if options.get(o.name) is not None}
    return "-".join([kind, *(f"{letter}{text}" for letter, text in texts.items())])


def _clean(value: object) -> str:
    """Return a value as text without the characters that part rows and options."""
    return "".join(char for char in str(value) if char.isascii() and (char.isalnum() or char == "."))[:LONGEST]
