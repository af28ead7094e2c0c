"""The program with what was recorded as comments: shapes and numbers at the end of lines, mistakes below it.

Only comments are added, and no line gets another number: it runs as before, and what names a line stays true.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator

from core.errors import N_
from core.i18n import translate
from core.script.payload import OperationData, RecordData, TensorData
from core.script.source import rows

LONGEST = 160  # characters of one comment
SPACE = (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER)
FILLS = re.compile("empty|ones|zero|tensor|full|fill|constant|eye|uniform|normal|orthogonal")
CODING = re.compile(r"^([ \t\f]*#.*?coding[:=][ \t]*)[-\w.]+")  # PEP 263


def annotate(record: RecordData, language: str) -> str:
    """Return the program of a record with comments in ``language``; as it is where Python cannot read it."""
    lines = rows(record["text"])
    try:
        last = dict(_last_lines(lines))
    except (tokenize.TokenError, SyntaxError):
        return record["text"]
    mistakes = list(_mistakes(record, language))
    by_line = {number: short for number, short, _whole in mistakes}
    comments: dict[int, str] = {}
    for number, comment in (
        by_line | {n: one for n, one in _results(record, language).items() if n not in by_line}
    ).items():
        if number in last:
            comments.setdefault(last[number], comment)
    program = [
        f"{line}  # {comments[number]}" if number in comments else _in_utf_8(number, line)
        for number, line in enumerate(lines, 1)
    ]
    for number, _short, whole in mistakes:
        head = translate(language, N_("Line {line}"), line=number)
        program += ["", f"# {head}", *(f"#   {_comment(part)}" for part in whole.splitlines() if part)]
    return "\n".join(program) + "\n"


def _last_lines(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Give each line of a statement with the last one, where a comment has room."""
    first = 0
    for token in tokenize.generate_tokens(io.StringIO("\n".join(lines)).readline):
        if token.type == tokenize.NEWLINE:
            yield from ((line, token.start[0]) for line in range(first, token.start[0] + 1))
            first = 0
        elif not first and token.type not in SPACE:
            first = token.start[0]


def _in_utf_8(number: int, line: str) -> str:
    """Return the line with the encoding in which this text is written, where it declares one."""
    return CODING.sub(r"\1utf-8", line) if number <= 2 else line


def _results(record: RecordData, language: str) -> dict[int, str]:
    """Return what each line made the first time: the result of its last operation, or what it printed."""
    first_results: dict[int, tuple[int, str]] = {}
    for one in record["operations"]:
        line, step = one["line"], one["step"]
        if one["outputs"] and not _is_initial(one) and first_results.setdefault(line, (step, ""))[0] == step:
            first_results[line] = (step, _tensor(one["outputs"][0], language))
    for printed in record["prints"]:
        text = translate(language, N_("prints {text}"), text=printed["text"].split("\n")[0])
        first_results.setdefault(printed["line"], (printed["step"], text))
    times = {one["line"]: one["count"] for one in record["lines"]}
    results = {}
    for line, (_step, text) in first_results.items():
        count = times.get(line, 1)
        often = translate(language, N_("; the first of {count} times"), count=count) if count > 1 else ""
        results[line] = _comment(text, LONGEST - len(often)) + often
    return results


def _is_initial(one: OperationData) -> bool:
    """Return whether a layer filled its weights here: what the line makes is the layer."""
    name = one["name"].rstrip("_")
    return FILLS.search(name) is not None and name not in one["expression"]


def _tensor(tensor: TensorData, language: str) -> str:
    """Return "(16, 10) float32, -0.3 to 0.4, mean 0.02", "() float32 2.31" of one number."""
    shape, values = tensor["shape"], tensor["values"]
    size = ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "")
    text = f"({size}) {tensor['dtype']}"
    if "mean" in values:
        low, high, mean = (_short(values[name]) for name in ("min", "max", "mean"))
        return f"{text}, " + translate(language, N_("{min} to {max}, mean {mean}"), min=low, max=high, mean=mean)
    first = values.get("first", [])
    return f"{text} {_short(first[0])}" if not shape and first else text


def _short(value: object) -> str:
    return f"{value:.4g}" if type(value) is float else str(value)


def _mistakes(record: RecordData, language: str) -> Iterator[tuple[int, str, str]]:
    """Give the line of each mistake, what stands there, and the whole of it."""
    for one in record["findings"]:
        short = translate(language, N_("a mistake: see below the program"))
        yield one["line"], short, f"{one['evidence'][language]}\n{one['repair'][language]}"
    error = record["error"]
    if error is not None:
        short = translate(
            language, N_("it breaks here: {kind}: {words}"), kind=error["type"], words=error["message"]
        )
        whole = f"{error['type']}: {error['message']}\n{error['why'][language]}\n{error['repair'][language]}"
        yield error["line"], _comment(short), whole


def _comment(text: str, most: int = LONGEST) -> str:
    """Return text that stays in its comment: in one line, without what no source may hold."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return plain if len(plain) <= most else plain[: most - 1] + "…"
