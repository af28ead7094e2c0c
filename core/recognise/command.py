"""``python -m core.recognise``: files of drawings, or images, to one line of JSON each."""

from __future__ import annotations

import argparse
import codecs
import io
import itertools
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, cast

from core import file_kind
from core.errors import N_, InvalidSetting
from core.file_kind import NamedFile
from core.recognise import Answer, Reader, load, of_drawings, of_pictures, shipped
from core.sketch import drawing, image_file

BATCH = 1000
LONGEST_LINE = 10_000_000  # characters of one drawing
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

EPILOG = """\
A line of FILE.jsonl is {"width": 280, "height": 280, "stroke_width": 20, "strokes": [[[x, y], ...], ...]}, y down;
only "strokes" must be there. Each line is answered by one line:
  {"digit": 7, "probabilities": [p0, ..., p9]}
An empty drawing has "digit": null. A drawing that does not look like one digit has "doubt" as well ("empty",
"several", "scribble" or "spot"; a picture also "photograph", "filled" or "cut") and probabilities levelled towards
0.1. "unsure": no digit of a picture has a probability of 0.6. What was left out of a picture is in "removed":
"page" (all that is beyond it), "lines", "frame", "edge" (what the page's edge cuts off), "marks".
A line or an image that cannot be read is answered by {"error": "why"} in its place; the others are answered all the
same, and the exit status is 1. Blank lines are skipped. The exit status is 2 when there is nothing to begin with.
"""


def main(arguments: list[str] | None = None) -> int:
    """Answer what the command line names, on standard output."""
    options = _options(arguments)
    try:
        reader = load(options.checkpoint) if options.checkpoint else shipped()
        answers = _drawings(options.strokes, reader) if options.strokes else _images(options.images, reader)
        refused = 0
        for answer in answers:
            refused += isinstance(answer, InvalidSetting)
            print(line_of(answer), flush=False)
    except InvalidSetting as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of our output had enough
        sys.stderr.close()
        return 0
    return 1 if refused else 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m core.recognise",
        description="Read handwritten digits.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("images", nargs="*", type=Path, metavar="IMAGE", help="image files")
    parser.add_argument("--strokes", metavar="FILE.jsonl", help="drawings, one a line; - is standard input")
    parser.add_argument(
        "--checkpoint",
        type=Path,
        help="a file of weights (model.pth, safetensors) or the folder of a run's checkpoint",
    )
    options = parser.parse_args(arguments)
    if bool(options.images) == bool(options.strokes):
        parser.error("give either --strokes FILE.jsonl or images")
    return options


def line_of(answer: Answer | InvalidSetting) -> str:
    """Return the line of JSON for one drawing."""
    if isinstance(answer, InvalidSetting):
        return json.dumps({"error": str(answer)})
    fields: dict[str, object] = {
        "digit": answer.digit,
        "probabilities": [round(p, 6) for p in answer.probabilities],
    }
    if answer.doubt is not None:
        fields["doubt"] = answer.doubt
    if answer.removed:
        fields["removed"] = list(answer.removed)
    return json.dumps(fields)


def _images(paths: Iterable[Path], reader: Reader) -> Iterator[Answer | InvalidSetting]:
    for path in paths:
        try:
            picture = image_file.read(path)
        except InvalidSetting as error:
            yield _once(path.name, error)
        else:
            yield from of_pictures(reader, [picture])


def _once(name: str, error: InvalidSetting) -> InvalidSetting:
    """Return ``error`` with the file's name before it, unless it begins with it."""
    text = str(error)
    return error if text.startswith(name) else InvalidSetting("{file}: {reason}", file=name, reason=text)


def _drawings(file: str, reader: Reader) -> Iterator[Answer | InvalidSetting]:
    with _open(file) as stream:
        for batch in _batches(drawings_in(stream)):
            answers = iter(of_drawings(reader, [item for item in batch if not isinstance(item, InvalidSetting)]))
            for item in batch:
                yield item if isinstance(item, InvalidSetting) else next(answers)


def _open(file: str) -> IO[str]:
    if file == "-":
        # As bytes: the encoding of sys.stdin is the terminal's, and ends at the first byte that it does not know.
        return text_of(cast(io.BufferedReader, sys.stdin.buffer), "standard input")
    try:
        return text_of(Path(file).open("rb"), Path(file).name)
    except OSError as error:
        raise InvalidSetting(
            N_("{file} cannot be read: {reason}"), file=file, reason=error.strerror or ""
        ) from error


def text_of(stream: io.BufferedReader, name: str) -> IO[str]:
    """Return a stream of bytes as text, read the same way wherever it comes from; ``InvalidSetting`` for another
    format.

    It is UTF-8, or UTF-16 where its first bytes say so (PowerShell's ``>``). Bytes that are neither are replaced.
    """
    start = stream.peek(file_kind.LOOK)
    refused = file_kind.problem(NamedFile(name, start), N_("drawings, one a line")) if start else None
    if refused is not None:
        raise refused
    encoding = "utf-16" if start.startswith(UTF_16) else "utf-8-sig"
    return io.TextIOWrapper(stream, encoding=encoding, errors="replace")


def _batches(items: Iterator[drawing.Drawing | InvalidSetting]) -> Iterator[list[drawing.Drawing | InvalidSetting]]:
    while batch := list(itertools.islice(items, BATCH)):
        yield batch


def drawings_in(stream: IO[str]) -> Iterator[drawing.Drawing | InvalidSetting]:
    """Yield the drawing of each line, or why there is none."""
    for number in itertools.count(1):
        line = stream.readline(LONGEST_LINE)
        if not line:
            return
        if len(line) >= LONGEST_LINE and not line.endswith("\n"):
            while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith("\n"):
                pass
            yield InvalidSetting(N_("line {number}: more than {most} characters"), number=number, most=LONGEST_LINE)
            continue
        if line.strip():
            yield _drawing(number, line)


def _drawing(number: int, line: str) -> drawing.Drawing | InvalidSetting:
    try:
        return drawing.from_json(json.loads(line))
    except InvalidSetting as error:
        reason = str(error)
    except (ValueError, RecursionError) as error:
        reason = f"not JSON ({error})"
    return InvalidSetting("line {number}: {reason}", number=number, reason=reason)
