"""The program with what was recorded as comments: shapes at the end of lines, mistakes above them. It still runs."""

from __future__ import annotations

import io
import tokenize
from collections import defaultdict
from dataclasses import dataclass

from core.errors import N_
from core.i18n import translate
from core.script.payload import RecordData

LONGEST = 160  # characters of one comment


@dataclass(frozen=True)
class Statement:
    """A logical line: where it begins, where it ends, and its indentation."""

    first: int
    last: int
    indentation: str


def annotate(record: RecordData, language: str) -> str:
    """Return the program of a record with comments in ``language``; as it is where Python cannot read it."""
    text = record["text"]
    try:
        statements = list(_statements(text))
    except (tokenize.TokenError, SyntaxError):
        return text
    begins = {line: one for one in statements for line in range(one.first, one.last + 1)}
    ends: dict[int, str] = {}
    for line, shapes in _shapes(record).items():
        if line in begins:
            ends.setdefault(begins[line].last, shapes)
    above: dict[int, list[str]] = defaultdict(list)
    for line, sentence in _mistakes(record, language):
        if line in begins:
            one = begins[line]
            above[one.first] += [f"{one.indentation}# {part[:LONGEST]}" for part in sentence.splitlines() if part]
    lines = text.split("\n")
    made: list[str] = []
    for number, line in enumerate(lines, 1):
        made += above.get(number, [])
        made.append(f"{line}  # {ends[number]}" if number in ends else line)
    return "\n".join(made)


def _statements(text: str) -> list[Statement]:
    found, first = [], 0
    lines = text.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NEWLINE:
            line = lines[first - 1]
            found.append(Statement(first, token.start[0], line[: len(line) - len(line.lstrip())]))
            first = 0
        elif not first and token.type not in _SPACE:
            first = token.start[0]
    return found


_SPACE = (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER)


def _shapes(record: RecordData) -> dict[int, str]:
    """Return the shape that each line made the first time: that of its last operation in its first step."""
    found: dict[int, tuple[int, str]] = {}
    for one in record["operations"]:
        line, step = one["line"], one["step"]
        if one["outputs"] and found.setdefault(line, (step, ""))[0] == step:
            made = one["outputs"][0]
            size = ", ".join(map(str, made["shape"])) + ("," if len(made["shape"]) == 1 else "")
            found[line] = (step, f"({size}) {made['dtype']}")
    return {line: text for line, (_step, text) in found.items()}


def _mistakes(record: RecordData, language: str) -> list[tuple[int, str]]:
    found = [(one["line"], f"{one['evidence'][language]}\n{one['repair'][language]}") for one in record["findings"]]
    error = record["error"]
    if error is not None:
        head = translate(
            language, N_("It breaks here: {kind}: {words}"), kind=error["type"], words=error["message"]
        )
        found.append((error["line"], f"{head}\n{error['why'][language]}\n{error['repair'][language]}"))
    return found
