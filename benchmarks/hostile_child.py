"""Tries files one after the other in a process of its own: ``python -m benchmarks.hostile_child LIST FOLDER``.

LIST holds one JSON object a line: which file, by which door, which bit to flip first. For each, one line says that
it begins and one how it ended: refused, taken (and the digest of what was taken), or crashed; what was called that
no file may call; memory and processor time. The parent sees from the last line which file killed the process.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from core import datasets, weights
from core.errors import InvalidSetting
from core.file_kind import NamedFile
from core.networks import registry
from core.recognise import command
from core.sketch import image_file, record
from core.training import archive, checkpoint, curves, imported_state, run_folder
from core.training.checkpoint_writer import find_state
from core.training.config import TrainConfig
from core.training.loop import new_state

CONFIG = TrainConfig(dataset="digits", epochs=1, batch_size=200, test_batch_size=1000, threads=1)
MORE = 2_000_000_000  # bytes of address space that a file may add before the process runs into the wall
FORBIDDEN = {"os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "subprocess.Popen", "pty.spawn"}
FORBIDDEN |= {"socket.connect", "socket.bind", "webbrowser.open", "ctypes.dlopen", "shutil.rmtree outside"}


class Doors:
    """Each kind of file with what the app does with it; returns the bytes that tell what was taken."""

    def __init__(self, sound_model: bytes, folder: Path) -> None:
        self.sound_model, self.folder = sound_model, folder
        self.network = new_state(CONFIG).network

    def model(self, content: bytes) -> bytes:
        """Take the file for the weights of ``model.pth``; return what is saved of them."""
        file = NamedFile("model.pth", content)
        tensors = weights.weights_for(weights.read(file), self.network.state_dict(), "model.pth")
        return checkpoint.file_bytes({name: value.clone() for name, value in tensors.items()})

    def optimizer(self, content: bytes) -> bytes:
        """Take the file for ``optimizer.pth`` of a run that starts from files; return what is saved of it."""
        model, optimizer = NamedFile("model.pth", self.sound_model), NamedFile("optimizer.pth", content)
        return imported_state.start_from_files(CONFIG, model, optimizer).files["optimizer.pth"]

    def checkpoint(self, content: bytes) -> bytes:
        """The file of a checkpoint of our own was damaged on the disk."""
        path = self.folder / "own" / "epoch-1"
        (path / "model.pth").write_bytes(content)
        loaded = checkpoint.load(path)
        return checkpoint.file_bytes(loaded.model)

    def archive(self, content: bytes) -> bytes:
        """Import a run, then do with it all that the pages do."""
        with tempfile.TemporaryDirectory(dir=self.folder) as outer:
            root = Path(outer) / "inner" / "root"
            try:
                run = run_folder.RunFolder(root, archive.import_run(root, NamedFile("run.zip", content)))
                return self._look_at(run, root)
            finally:
                paths = {path.relative_to(outer).as_posix() for path in Path(outer).glob("*")}
                paths |= {path.relative_to(outer).as_posix() for path in (Path(outer) / "inner").glob("*")}
                if not paths <= {"inner", "inner/root"}:
                    watched.append(f"wrote outside: {paths}")

    def _look_at(self, run: run_folder.RunFolder, root: Path) -> bytes:
        run_folder.list_runs(root)
        run.curve(1500), run.tests(), run.changes(), run.life(), run_folder.lineage(root, run.id)
        curves.csv(run), archive.export_run(run)
        if run.all_checkpoints():
            find_state(run, 10**6)
        weights = b""
        for point in run.checkpoints():
            checkpoint.load_model(point.path)
            weights += (point.path / "model.pth").read_bytes()
        facts = [run.config.to_json(), run.name, run.status().step, [str(event) for _, event in run.events()]]
        return json.dumps(facts).encode() + weights

    def configuration(self, content: bytes) -> bytes:
        """Take the file for ``config.json`` of a run in the list, and build its network; return the settings."""
        with tempfile.TemporaryDirectory(dir=self.folder) as root:
            (Path(root) / "run").mkdir()
            (Path(root) / "run" / "config.json").write_bytes(content)
            listed = run_folder.list_runs(Path(root))
            assert len(listed) == 1
            if listed[0].config is None:
                raise InvalidSetting("the list shows a run whose settings cannot be read")
            config = run_folder.RunFolder(Path(root), "run").config
            registry.build(config.network, seed=0)  # what a worker does first
            return config.to_json().encode()

    def picture(self, content: bytes) -> bytes:
        """Take the file for an uploaded picture; return the 784 bytes that a network would be given."""
        return record.from_ink(image_file.read(content).ink).image.tobytes()

    def drawing(self, content: bytes) -> bytes:
        """Take the file for lines of ``python -m core.recognise``; return the images, read singly and together."""
        stream = command.text_of(io.BufferedReader(io.BytesIO(content)), "drawings.jsonl")
        images = b""
        for parsed_line in command.drawings_in(stream):
            if isinstance(parsed_line, InvalidSetting):
                raise parsed_line
            images += record.from_drawing(parsed_line).image.tobytes()
            images += record.images([] if parsed_line.empty else [parsed_line]).tobytes()
        return images


watched: list[str] = []


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Note what no file may make the process do (sys.addaudithook)."""
    if event in FORBIDDEN:
        watched.append(f"{event} {arguments!r:.80}")


def peak(reset: bool = False) -> int:
    """Return the largest memory held since the last reset, in bytes (Linux)."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def outcome(door: Callable[[bytes], bytes], content: bytes) -> dict[str, Any]:
    """Try one file and say how it ended."""
    before, start = peak(reset=True), time.process_time()
    result: dict[str, Any]
    try:
        result = {"outcome": "taken", "digest": hashlib.sha256(door(content)).hexdigest()}
    except InvalidSetting as error:
        result = {"outcome": "refused", "why": str(error)[:200]}
    except BaseException as error:
        result = {"outcome": "crashed", "why": f"{type(error).__name__}: {error}"[:300]}
    return {**result, "cpu": time.process_time() - start, "memory": max(0, peak() - before)}


def flipped(content: bytes, bit: int | None) -> bytes:
    """Return ``content`` with one bit turned over."""
    if bit is None:
        return content
    bits = bytearray(content)
    bits[bit // 8] ^= 1 << bit % 8
    return bytes(bits)


def limit_memory() -> None:
    """A file that asks for more than ``MORE`` fails here instead of taking the machine with it."""
    size = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (size + MORE, size + MORE))


def main() -> None:
    """Try every file of the list."""
    torch.set_num_threads(1)
    listed, folder = Path(sys.argv[1]), Path(sys.argv[2])
    datasets.load("digits")
    doors = Doors((folder / "sound-model").read_bytes(), folder)
    for kind in ("model", "optimizer", "picture", "drawing", "archive"):  # the first of a kind pays for imports
        outcome(getattr(doors, kind), (folder / f"sound-{kind}").read_bytes())
    sys.addaudithook(watch)
    limit_memory()
    for line in listed.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        content = flipped(Path(case["path"]).read_bytes(), case["bit"])
        print(json.dumps({"begin": case["number"]}), flush=True)
        watched.clear()
        result = outcome(getattr(doors, case["kind"]), content)
        print(json.dumps({"number": case["number"], "watched": watched, **result}), flush=True)


if __name__ == "__main__":
    main()
