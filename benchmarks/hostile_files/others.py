"""Pictures, drawings, configurations and archives of runs as nobody should trust them."""

from __future__ import annotations

import io
import json
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, PngImagePlugin

from benchmarks.hostile_files import HostileFile
from core import datasets
from core.training import archive, run_folder
from core.training.config import TrainConfig
from core.training.run_controller import RunController

STRANGE = {  # odd, but there is something to see or to draw, or nothing at all
    "bomb: 10,000 x 10,000 in 12 kB",
    "bomb: JPEG of 7,000 x 7,000",
    "a comment of 300 MB",
    "wrong checksum",
    "GIF with a huge screen",
    "one pixel",
    "a needle",
    "as far as one may",
    "as small as one may",
    "a pen of 10^9",
    "paper of 10^9",
    "10,000 points",
    "an empty stroke",
    "width null",
    "3 MB in a line",
    "10^9 examples",
    "examples -1",
    "created in the year 10^300",
}
CONFIG = TrainConfig(dataset="digits", epochs=1, batch_size=200, test_batch_size=1000, threads=1)


def picture(size: tuple[int, int] = (60, 60), mode: str = "L", kind: str = "PNG", **how: object) -> bytes:
    """Return a picture of a black line on white paper."""
    image = Image.new(mode, size, 255 if mode in ("L", "1", "P") else "white")
    image.paste(0 if mode in ("L", "1", "P") else "black", (size[0] // 3, 5, size[0] // 3 + 4, size[1] - 5))
    buffer = io.BytesIO()
    image.save(buffer, kind, **how)
    return buffer.getvalue()


def png(width: int, height: int, data: bytes, depth: int = 8, colour: int = 0) -> bytes:
    """Return a PNG by hand, so that its header may lie."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A PNG with a compressed comment that unpacks to 300 MB."""
    squeezed = zlib.compressobj(9)
    body = b"".join(squeezed.compress(bytes(1_000_000)) for _ in range(300)) + squeezed.flush()
    info = PngImagePlugin.PngInfo()
    info.add(b"zTXt", b"comment\x00\x00" + body)
    return picture(pnginfo=info)


def pictures(large: bool = True) -> Iterator[HostileFile]:
    """Yield pictures that lie about their size, are cut short, or are none."""
    whole = picture()
    contents = {
        "a line": (whole, True),
        "empty": (b"", False),
        "text": (b"not a picture" * 100, False),
        "half": (whole[: len(whole) // 2], False),
        "claims 60,000 x 60,000": (png(60_000, 60_000, zlib.compress(bytes(1000))), False),
        "claims 2^31 - 1 wide": (png(2**31 - 1, 2**31 - 1, b""), False),
        "no width": (png(0, 0, b""), False),
        "wrong checksum": (whole[:-6] + bytes([whole[-6] ^ 255]) + whole[-5:], False),
        "web page": (b"<!doctype html>" + b" " * 100, False),
        "Git LFS pointer": (b"version https://git-lfs.github.com/spec/v1\n", False),
        "HEIC": (b"\0\0\0\x18ftypheic" + bytes(100), False),
        "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', False),
        "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) (w) file\n", False),
        "WMF": (b"\xd7\xcd\xc6\x9a" + bytes(200), False),
        "JPEG cut short": (picture(kind="JPEG")[:200], False),
        "GIF with a huge screen": (picture(kind="GIF")[:6] + b"\xff\xff\xff\xff" + picture(kind="GIF")[10:], False),
        "TIFF that points outside": (b"II*\x00\xff\xff\xff\x7f", False),
        "blank": (picture((40, 40)).replace(b"IDAT", b"IDAX"), False),
        "one pixel": (picture((1, 1)), False),
        "a needle": (picture((20_000, 1)), False),
    }
    if large:
        contents |= large_pictures()
    for name, (content, sound) in contents.items():
        yield HostileFile(name, "picture", content, sound=sound, harmless=name in STRANGE)


def large_pictures() -> dict[str, tuple[bytes, bool]]:
    """Return pictures that unpack to hundreds of megabytes; making them takes seconds."""
    return {
        "bomb: 10,000 x 10,000 in 12 kB": (picture((10_000, 10_000), "1"), False),
        "bomb: 7,000 x 7,000 with alpha": (picture((7_000, 7_000), "RGBA"), False),
        "bomb: JPEG of 7,000 x 7,000": (picture((7_000, 7_000), "RGB", "JPEG"), False),
        "bomb: JPEG in layers, 7,000 x 7,000": (picture((7_000, 7_000), "RGB", "JPEG", progressive=True), False),
        "a comment of 300 MB": (text_bomb(), False),
    }


def drawings() -> Iterator[HostileFile]:
    """Yield lines of strokes that are no drawing, or too much of one."""
    line = {"width": 280, "height": 280, "stroke_width": 20, "strokes": [[[100, 50], [110, 200]]]}
    values: dict[str, object] = {
        "a stroke": line,
        "no strokes": {},
        "strokes are text": {"strokes": "abc"},
        "a list": [1, 2],
        "NaN": {"strokes": [[[float("nan"), 1], [2, 3]]]},
        "infinity": {"strokes": [[[float("inf"), 1], [2, 3]]]},
        "10^300": {"strokes": [[[1e300, 1], [2, 3]]]},
        "as far as one may": {"strokes": [[[-1e9, -1e9], [1e9, 1e9]]], "width": 1e9, "height": 1e9},
        "as small as one may": {"strokes": [[[1e-300, 0], [0, 1e-300]]], "stroke_width": 1e-300},
        "a pen of 10^9": {"strokes": [[[1, 1], [2, 2]]], "stroke_width": 1e9},
        "paper of 10^9": {"strokes": [[[1, 1], [2, 2]]], "width": 1e9, "height": 1},
        "3,000 strokes": {"strokes": [[[1, 1], [2, 2]]] * 3000},
        "60,000 points": {"strokes": [[[i % 280, i % 270] for i in range(60_000)]]},
        "10,000 points": {"strokes": [[[i * 7 % 280, i * 11 % 270] for i in range(10_000)]]},
        "points of text": {"strokes": [[["a", "b"]]]},
        "points of one number": {"strokes": [[[1], [2]]]},
        "points as objects": {"strokes": [[{"x": 1}]]},
        "an empty stroke": {"strokes": [[]]},
        "width null": {**line, "width": None},
        "width true": {**line, "width": True},
        "width negative": {**line, "width": -5},
        "numbers of 5,000 digits": {"strokes": [[[10**4000, 1]]]},
    }
    for name, value in values.items():
        yield HostileFile(
            name, "drawing", json.dumps(value).encode(), sound=name == "a stroke", harmless=name in STRANGE
        )
    yield HostileFile("not JSON", "drawing", b"{" * 1000)
    yield HostileFile("nested 100,000 deep", "drawing", b'{"strokes":' + b"[" * 100_000 + b"]" * 100_000 + b"}")
    yield HostileFile("not UTF-8", "drawing", b"\xff\xfe\x00" * 100)
    yield HostileFile("a web page", "drawing", b"<!doctype html>\n" * 1000)
    yield HostileFile("a zip", "drawing", b"PK\x03\x04" + bytes(10_000))
    yield HostileFile("UTF-16 cut off", "drawing", b"\xff\xfe{")
    long = b'{"strokes": [' + b" " * 3_000_000 + b"]}"
    yield HostileFile("3 MB in a line", "drawing", long, harmless=True)


def configurations() -> Iterator[HostileFile]:
    """Yield configurations with invalid values."""
    sound = json.loads(CONFIG.to_json())
    wrong: dict[str, object] = {
        "epochs 10^9": {"epochs": 10**9},
        "epochs 1.5": {"epochs": 1.5},
        "epochs true": {"epochs": True},
        "learning rate NaN": {"learning_rate": float("nan")},
        "learning rate infinity": {"learning_rate": float("inf")},
        "learning rate -1": {"learning_rate": -1},
        "learning rate 10^30": {"learning_rate": 1e30},
        "batch 0": {"batch_size": 0},
        "seed of 65 bits": {"seed": 2**64},
        "seed of 4,000 digits": {"seed": 10**4000},
        "seed negative": {"seed": -1},
        "unknown setting": {"__class__": "os.system"},
        "network as path": {"network": "../../etc/passwd"},
        "network of 10^9 channels": {"network": "stack:1x28x28;conv 1000000000"},
        "device with a command": {"device": "cuda; touch /x"},
        "threads 10^6": {"threads": 10**6},
        "parent outside": {"parent": {"run": "../x", "checkpoint": "../../y"}},
        "parent of text": {"parent": "x"},
        "a list for a number": {"momentum": [0.5]},
    }
    yield HostileFile("as exported", "configuration", json.dumps(sound).encode(), sound=True)
    for name, change in wrong.items():
        assert isinstance(change, dict)
        yield HostileFile(name, "configuration", json.dumps({**sound, **change}).encode())
    yield HostileFile("not JSON", "configuration", b"epochs: 3")
    yield HostileFile("nested 15,000 deep", "configuration", b"[" * 15_000)
    yield HostileFile("not UTF-8", "configuration", b"\xff" * 50)
    yield HostileFile("10 MB", "configuration", b'{"dataset": "' + b"x" * 10_000_000 + b'"}')


def exported() -> bytes:
    """Train a run of a few batches in a folder of its own and return its archive."""
    import queue

    with tempfile.TemporaryDirectory() as folder:
        run = run_folder.create(Path(folder), CONFIG, "a run")
        RunController(run.path, queue.Queue(), lambda **_: None).run()
        return archive.export_run(run_folder.RunFolder(Path(folder), run.id))


def archives(marker: str) -> Iterator[HostileFile]:
    """Yield archives of runs with paths outside, links, bombs, lies, and other people's files in them."""
    datasets.load("digits")
    whole = exported()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {member.filename: archive.read(member) for member in archive.infolist()}

    def with_(**changes: bytes | None) -> bytes:
        files = {**parts, **{name.replace("__", "."): part for name, part in changes.items()}}
        return packed({name: part for name, part in files.items() if part is not None})

    about = json.loads(parts["run.json"])
    wrong = {
        "path outside": packed({**parts, "../../escaped": b"x"}),
        "absolute path": packed({**parts, marker: b"x"}),
        "path on Windows": packed({**parts, "..\\..\\escaped": b"x"}),
        "checkpoint outside": packed({**parts, "checkpoints/../../../x/model.pth": b"x"}),
        "a link": linked(parts, "checkpoints/epoch-1/model.pth", "/etc/passwd"),
        "a link as configuration": linked(parts, "config.json", "/etc/passwd"),
        "deflated": packed(parts, zipfile.ZIP_DEFLATED),
        "bomb": packed({**parts, "losses.f64": bytes(200_000_000)}, zipfile.ZIP_DEFLATED),
        "a program": packed({**parts, "worker.py": b"import os"}),
        "a database": packed({**parts, "history.sqlite": b"SQLite format 3\x00"}),
        "no configuration": with_(config__json=None),
        "configuration of another world": with_(config__json=b'{"epochs": 1e99}'),
        "name of 10,000 characters": with_(name__json=json.dumps({"name": "x" * 10_000, "created": 1}).encode()),
        "created in the year 10^300": with_(name__json=b'{"name": "x", "created": 1e300}'),
        "losses of NaN": with_(losses__f64=struct.pack("<d", float("nan")) * 3),
        "a million losses": with_(losses__f64=bytes(8_000_000)),
        "losses of 7 bytes": with_(losses__f64=b"1234567"),
        "events of another kind": with_(events__jsonl=b'{"event": "os.system"}\n'),
        "events with other fields": with_(events__jsonl=b'{"event": "tested", "step": "x"}\n'),
        "events nested deep": with_(events__jsonl=b"[" * 100_000 + b"\n"),
        "a million events": with_(events__jsonl=b"{}\n" * 1_000_000),
        "10^9 examples": with_(run__json=json.dumps({**about, "examples": 10**9 - 1}).encode()),
        "examples -1": with_(run__json=json.dumps({**about, "examples": -1}).encode()),
        "commands of text": with_(run__json=json.dumps({**about, "commands": [["x", "y"]]}).encode()),
        "half": whole[: len(whole) // 2],
        "empty": b"",
        "a picture": picture(),
        "a web page": b"<html>" * 100,
        "zeros": bytes(1_000_000),
        "weights instead": next(iter([b"PK\x05\x06" + bytes(18)])),
    }
    yield HostileFile("as exported", "archive", whole, sound=True, checked=True)
    for name, content in wrong.items():
        yield HostileFile(name, "archive", content, harmless=name in STRANGE)


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """Return an archive of ``parts``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as new:
        for name, part in parts.items():
            new.writestr(name, part)
    return buffer.getvalue()


def linked(parts: dict[str, bytes], name: str, target: str) -> bytes:
    """Return an archive in which ``name`` is a symbolic link to ``target``."""
    buffer = io.BytesIO(packed({key: part for key, part in parts.items() if key != name}))
    with zipfile.ZipFile(buffer, "a") as archive_:
        member = zipfile.ZipInfo(name)
        member.create_system, member.external_attr = 3, 0o120777 << 16
        archive_.writestr(member, target)
    return buffer.getvalue()
