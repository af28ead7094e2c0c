"""``python -m core.script PROGRAM.py [ARGUMENTS…]``: run a PyTorch program, watch it, and say where it goes wrong.

Prints an outline of what ran, the findings, and the explanation of an error; ``--json`` prints one object in its
place. ``--html`` and ``--annotated`` write the run and the program with comments. Exit status: 1 when the program
raised, 0 otherwise, 2 where it could not be run or a file could not be written.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from core.errors import N_
from core.i18n import LANGUAGES, translate
from core.isolation.limits import CallFailed, Limits
from core.script.annotation import annotate
from core.script.exported_cells import pack_cells
from core.script.html import page
from core.script.outline import outline
from core.script.payload import of_record
from core.script.program_record import Error, Record
from core.script.run import LIMITS, Runner
from core.script.source import Source
from core.sentence import Sentence


def main(arguments: list[str] | None = None) -> int:
    """Run the program that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m core.script", description=__doc__)
    parser.add_argument("program", type=Path, metavar="PROGRAM.py")
    parser.add_argument("arguments", nargs="*", help="the program's own; those with a dash after --")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--html", type=Path, metavar="OUT.html", help="write the run as one file for a browser")
    parser.add_argument("--annotated", type=Path, metavar="OUT.py", help="write the program with comments")
    parser.add_argument("--language", choices=tuple(LANGUAGES), default="en")
    parser.add_argument("--seconds", type=float, default=LIMITS.seconds, help="most time (default: %(default)g)")
    parser.add_argument(
        "--memory-mb", type=int, default=LIMITS.memory_mb, help="most memory (default: %(default)s)"
    )
    options = parser.parse_args(arguments)
    try:
        source = Source.read(options.program)
    except OSError as error:
        print(f"{options.program}: {error.strerror}", file=sys.stderr)
        return 2
    limits = Limits(options.seconds, options.memory_mb)
    record = run(options.program, options.arguments, limits)
    try:
        export(record, source, options)
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(record.as_json(options.language), allow_nan=False))
    else:
        print("\n".join(outline(record, source, options.language)))
    return 1 if record.error is not None else 0


def export(record: Record, source: Source, options: argparse.Namespace) -> None:
    """Write the files that were asked for."""
    if options.html is None and options.annotated is None:
        return
    data = of_record(record, "".join(f"{line}\n" for line in source.lines))
    if options.html is not None:
        text = page(
            data,
            options.language,
            name=options.program.name,
            cells=pack_cells(record.calls, record.gradients, options.language),
        )
        options.html.write_text(text, encoding="utf-8")
    if options.annotated is not None:
        options.annotated.write_text(annotate(data, options.language), encoding="utf-8")


def run(program: Path, arguments: list[str], limits: Limits) -> Record:
    """Return the record; of a process that crashed or met a limit only how it ended."""
    runner = Runner()
    try:
        return runner.run(program, arguments, limits)
    except CallFailed as ended:
        why = Sentence(ended.message, ended.values)
        repair = Sentence(N_("Make the program smaller, or give it more with --seconds and --memory-mb."))
        error = Error("", translate("en", why.message, **why.values), 0, "", (), "ended", why, repair)
        return Record((), (), (), error, ())
    finally:
        runner.close()


if __name__ == "__main__":
    sys.exit(main())
