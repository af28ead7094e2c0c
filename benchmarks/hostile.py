"""What hostile and damaged files do to the app: ``python -m benchmarks.hostile [--flips 4000] [--json]``.

Every file is imported as the user would import it, in a process of its own with a wall around
its memory. Counted are: code that ran, files that were taken though they are wrong, contents that differ silently,
crashes (any exception but `InvalidSetting`, or the end of the process), memory and processor time beyond the usual.
Then ``benchmarks.hostile_messages`` does the same to the live channel of a real server.
"""

from __future__ import annotations

import argparse
import json
import queue
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import hostile_messages
from benchmarks.hostile_files import HostileFile, others, weights
from benchmarks.report import Row, show

START = 300.0  # seconds that a child may need until it begins, on a busy machine
PATIENCE = 60.0  # seconds without a word after which it counts as hanging
MOST_MEMORY = 200e6  # bytes above the process's own for one file (the largest that may be sent has 64 MB)
MOST_TIME = 2.0  # seconds of the processor for one file
SEED = 20


@dataclass
class Case:
    """One file to try, the bit of it to flip, and how it went."""

    file: HostileFile
    path: Path
    bit: int | None = None
    result: dict[str, Any] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """How the child judged the file; "crashed" where it gave no answer."""
        return str(self.result.get("outcome", "crashed"))

    def line(self, number: int) -> str:
        """Return the case as the child reads it."""
        return json.dumps({"number": number, "path": str(self.path), "kind": self.file.kind, "bit": self.bit})

    @property
    def name(self) -> str:
        """The kind and name of the file, and the bit that was flipped in it."""
        return f"{self.file.kind}: {self.file.name}" + (f" (bit {self.bit})" if self.bit is not None else "")


def all_files(marker: str, large: bool = True) -> list[HostileFile]:
    """Return every file there is; code in them would leave the file ``marker``. ``large``: those too."""
    files = [*weights.files(marker, large), *others.pictures(large), *others.drawings()]
    return [*files, *others.configurations(), *others.archives(marker)]


def cases(files: Iterable[HostileFile], folder: Path, flips: int) -> list[Case]:
    """Write the files into ``folder`` and return what is to be tried: each as it is, and with a bit turned over.

    ``flips`` bits are flipped in ``model.pth``, a tenth as many in each other kind that has checksums.
    """
    files_to_try = []
    sound: dict[str, tuple[HostileFile, Path]] = {}
    for number, file in enumerate(files):
        path = folder / str(number)
        path.write_bytes(file.content)
        files_to_try.append(Case(file, path))
        if file.sound and file.kind not in sound:
            sound[file.kind] = (file, path)
            (folder / f"sound-{file.kind}").write_bytes(file.content)
    own = own_checkpoint(folder, sound["archive"][0].content)
    sound["checkpoint"] = HostileFile("of our own", "checkpoint", own.read_bytes(), checked=True), own
    random_ = random.Random(SEED)
    for kind, count in (
        ("model", flips),
        ("optimizer", flips // 10),
        ("archive", flips // 10),
        ("checkpoint", flips // 10),
    ):
        file, path = sound[kind]
        flipped = HostileFile("one bit flipped", kind, b"", harmless=True, checked=True)
        files_to_try += [Case(flipped, path, random_.randrange(len(file.content) * 8)) for _ in range(count)]
    files_to_try.append(
        Case(HostileFile("as written", "checkpoint", b"", sound=True, checked=True), sound["checkpoint"][1])
    )
    return files_to_try


def own_checkpoint(folder: Path, archive: bytes) -> Path:
    """Put a checkpoint of our own into ``folder`` and return a copy of its ``model.pth``."""
    import io
    import zipfile

    place = folder / "own" / "epoch-1"
    place.mkdir(parents=True)
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        for name in ("model.pth", "optimizer.pth", "rng.bin", "manifest.json"):
            (place / name).write_bytes(source.read(f"checkpoints/epoch-1/{name}"))
    copy = folder / "own-model"
    copy.write_bytes((place / "model.pth").read_bytes())
    return copy


def try_all(files_to_try: list[Case], folder: Path) -> None:
    """Try each case in a child; a child that dies or hangs is replaced and the next case goes on."""
    todo = list(range(len(files_to_try)))
    while todo:
        listed = folder / "list"
        lines = [
            {
                "number": n,
                "path": str(files_to_try[n].path),
                "kind": files_to_try[n].file.kind,
                "bit": files_to_try[n].bit,
            }
            for n in todo
        ]
        listed.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        begun = None
        for message in speak([sys.executable, "-m", "benchmarks.hostile_child", str(listed), str(folder)]):
            if "begin" in message:
                begun = message["begin"]
            elif "number" in message:
                files_to_try[message["number"]].result = message
                todo.remove(message["number"])
                begun = None
        if begun is None and todo:
            raise RuntimeError("the child that tries the files ended without trying one")
        if begun is not None:
            files_to_try[begun].result = {"outcome": "crashed", "why": "the process ended or did not answer"}
            todo.remove(begun)


def speak(command: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the lines of a child; kill it when it has said nothing for ``PATIENCE`` seconds."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).resolve().parent.parent)
    lines: queue.Queue[str | None] = queue.Queue()

    def listen() -> None:
        assert child.stdout is not None
        for line in child.stdout:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=listen, daemon=True).start()
    try:
        patience = START
        while (line := lines.get(timeout=patience)) is not None:
            yield json.loads(line)
            patience = PATIENCE
    except queue.Empty:
        pass
    finally:
        child.kill()
        child.wait()


def run(flips: int) -> tuple[list[Case], bool]:
    """Try everything; return the cases and whether code of a file left its mark."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        marker = folder / "marker"
        files_to_try = cases(all_files(str(marker)), folder, flips)
        try_all(files_to_try, folder)
        return files_to_try, marker.exists()


def wrongs(files_to_try: list[Case]) -> dict[str, list[Case]]:
    """Return the cases that went wrong, by what went wrong."""
    whole = {case.file.kind: case.result.get("digest") for case in files_to_try if case.file.sound}
    for case in reversed(files_to_try):  # the first sound file of a kind is the measure
        if case.file.sound:
            whole[case.file.kind] = case.result.get("digest")
    accepted = [case for case in files_to_try if case.outcome == "taken"]
    return {
        "code": [case for case in files_to_try if case.result.get("watched")],
        "taken": [case for case in accepted if not case.file.sound and not case.file.harmless],
        "differs": [c for c in accepted if c.file.checked and c.result["digest"] != whole[c.file.kind]],
        "crashed": [case for case in files_to_try if case.outcome == "crashed"],
        "refused": [case for case in files_to_try if case.file.sound and case.outcome != "taken"],
    }


def rows(flips: int) -> Iterator[Row]:
    """Try everything and say what was found."""
    start = time.monotonic()
    files_to_try, marked = run(flips)
    wrong = wrongs(files_to_try)
    for name, listed in wrong.items():
        for case in listed:
            print(f"{name}: {case.name}: {case.result}"[:500], file=sys.stderr)
    name = "hostile"
    flipped = [case for case in files_to_try if case.bit is not None]
    of_runs = [case for case in flipped if case.file.kind == "archive"]
    yield Row(name, "hostile or damaged files by hand", len(files_to_try) - len(flipped), "files", ">= 60")
    yield Row(name, "bit-flipped checkpoints", len(flipped) - len(of_runs), "files")
    yield Row(name, "bit-flipped archives of runs", len(of_runs), "files")
    yield Row(name, "code executed", len(wrong["code"]) + marked, "files", "<= 0")
    yield Row(name, "taken though wrong", len(wrong["taken"]), "files", "<= 0")
    yield Row(name, "silent differences", len(wrong["differs"]), "files", "<= 0")
    yield Row(name, "crashes", len(wrong["crashed"]), "files", "<= 0")
    yield Row(name, "sound files refused", len(wrong["refused"]), "files", "<= 0")
    refused = sum(case.outcome == "refused" for case in flipped)
    yield Row(name, "bit flips refused (the others changed nothing)", 100 * refused / max(1, len(flipped)), "%")
    most = max(files_to_try, key=lambda case: case.result.get("memory", 0))
    print(f"most memory: {most.name}", file=sys.stderr)
    yield Row(name, "most extra memory for a file", most.result["memory"] / 1e6, "MB", f"<= {MOST_MEMORY / 1e6:g}")
    slowest = max(files_to_try, key=lambda case: case.result.get("cpu", 0))
    print(f"slowest: {slowest.name}", file=sys.stderr)
    yield Row(name, "longest processor time for a file", slowest.result["cpu"], "s", f"<= {MOST_TIME:g}")
    yield from hostile_messages.rows()
    yield Row(name, "time for all", time.monotonic() - start, "s")


def main(arguments: list[str] | None = None) -> int:
    """Print the rows; exit status 1 when a bound is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=4000, help="bits to flip in model.pth, one a file")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args(arguments)
    return show(rows(options.flips), options.json)


if __name__ == "__main__":
    sys.exit(main())
