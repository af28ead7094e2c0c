"""``python -m benchmarks.tracebacks [--json]``: do tracebacks lead to the right entry of the library?

Every program of the library that raises is run as Python runs it. Its traceback is searched for as it is, as its
last lines, as the message alone, and in the words of other releases of torch. Exit status 1 where fewer than
nine in ten lead to an entry of the right key.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import multiprocessing
import os
import re
import sys
import tempfile
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType

from core.script import warm_up
from core.script.library import Entry, entries
from core.script.search import find

SECONDS = 60.0  # of one program
LEAST = 0.9
# The words of other releases for the same error.
OTHER_WORDS = (
    (
        r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)",
        r"size mismatch, m1: [\1 x \2], m2: [\3 x \4] at /pytorch/aten/src/TH/generic/THTensorMath.cpp:41",
    ),
    (
        r"mat1 and mat2 must have the same dtype, but got Double and Float",
        "expected m1 and m2 to have the same dtype, but got: double != float",
    ),
    (
        r"mat1 and mat2 must have the same dtype, but got Double and Float",
        "expected scalar type Float but found Double",
    ),
    (
        r"a second time \(or directly access saved tensors after they have already been freed\)",
        "a second time, but the saved intermediate results have already been freed",
    ),
    (r"Torch not compiled with CUDA enabled", "Found no NVIDIA driver on your system."),
    (
        r"a Tensor with \d+ elements cannot be converted to Scalar",
        "only one element tensors can be converted to Python scalars",
    ),
    (r"Boolean value of Tensor with", "bool value of Tensor with"),
    (
        r"cannot access local variable '(\w+)' where it is not associated with a value",
        r"local variable '\1' referenced before assignment",
    ),
    (
        r"expected scalar type Long but found (\w+)",
        r"Expected object of scalar type Long but got scalar type \1 for argument #2 'target'",
    ),
    (
        r"Sizes of tensors must match except in dimension",
        "invalid argument 0: Sizes of tensors must match except in dimension",
    ),
    (
        r"Expected 3D \(unbatched\) or 4D \(batched\) input to conv2d, but got input of size: (.*)",
        r"Expected 4-dimensional input for 4-dimensional weight, but got 2-dimensional input of size \1 instead",
    ),
    (
        r"0D or 1D target tensor expected, multi-target not supported",
        "multi-target not supported at /pytorch/aten/src/THNN/generic/ClassNLLCriterion.c:22",
    ),
)


@dataclass(frozen=True)
class SearchResult:
    """A text that was searched for, and what came first."""

    entry: str
    key: str
    way: str
    first: str
    first_key: str

    @property
    def is_right(self) -> bool:
        """Whether an entry of the right key came first."""
        return self.first_key == self.key


def raised(entry: Entry, folder: str) -> str:
    """Return the traceback of the entry's program, run in a process of its own; empty where it raises none."""
    path = Path(folder) / f"{entry.name}.py"
    path.write_text(entry.program, encoding="utf-8")
    context = multiprocessing.get_context("fork")
    receive, send = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(str(path), folder, send))
    process.start()
    text = receive.recv() if receive.poll(SECONDS) else ""
    process.kill()
    process.join()
    return str(text)


def _run(path: str, folder: str, send: Connection) -> None:
    os.chdir(folder)
    sys.argv = [path]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            exec(compile(Path(path).read_text(encoding="utf-8"), path, "exec"), {"__name__": "__main__"})
        except BaseException as error:
            send.send("".join(traceback.format_exception(error.with_traceback(_own(error)))))
            return
    send.send("")


def _own(error: BaseException) -> TracebackType | None:
    trace = error.__traceback__
    return trace.tb_next if trace is not None else None


def ways(text: str) -> Iterator[tuple[str, str]]:
    """Give the traceback in the ways in which people paste it."""
    rows = text.rstrip().splitlines()
    yield "traceback", text
    yield "last lines", "\n".join(rows[-6:])
    yield "in a question", f"Hello, my training stops with this error, what is wrong?\n\n{text}\nThank you!"
    yield "last line", rows[-1]
    for old, new in OTHER_WORDS:
        if re.search(old, text):
            yield "other words", re.sub(old, new, text)


def searched() -> Iterator[SearchResult]:
    """Run the programs and search for their tracebacks."""
    warm_up.warm_up()
    with tempfile.TemporaryDirectory() as folder:
        for entry in entries().values():
            text = raised(entry, folder)
            if not text:
                continue
            for way, pasted in ways(text):
                first = find(pasted)[0]
                yield SearchResult(entry.name, entry.key, way, first.name, first.key)


def main() -> int:
    """Print how many lead to the right entry, and which do not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tracebacks", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    results = list(searched())
    right = sum(one.is_right for one in results)
    wrong = [asdict(one) for one in results if not one.is_right]
    share = right / len(results)
    if options.json:
        print(json.dumps({"texts": len(results), "right": right, "share": share, "wrong": wrong}))
    else:
        print(f"{right} of {len(results)} texts lead to the right entry ({share:.1%})")
        for one in wrong:
            print(f"  {one['entry']} ({one['way']}): {one['key']}, found {one['first_key']}")
    return 0 if share >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
