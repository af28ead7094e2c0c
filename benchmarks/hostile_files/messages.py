"""Messages over the live channel that no page of ours sends: too large, too deep, not what they say."""

from __future__ import annotations

import struct

from core.live.request import MOST_BYTES, MOST_HEADER, MOST_LINES
from core.message import pack

COMMAND = {"line": 0, "number": 1, "command": "pause", "run": "guessed", "language": "en", "value": None}
HEAD = {"line": 0, "number": 1, "ask": "convolution", "language": "en", "settings": {}}


def framed(text: bytes) -> bytes:
    """Put the length of a header before it."""
    padded = text + b" " * (-len(text) % 4)
    return struct.pack("<I", len(padded)) + padded


def deep(opening: bytes, closing: bytes, depth: int) -> bytes:
    """Return a header whose settings are nested ``depth`` times."""
    nested = b'"settings":' + opening * depth + b"0" + closing * depth
    return framed(pack(HEAD, ())[4:].strip().replace(b'"settings":{}', nested))


MALFORMED = {
    "empty": b"",
    "text": b"hello, world",
    "odd length": pack(HEAD, ()) + b"x",
    "header longer than the message": struct.pack("<I", 4096) + b"{}  ",
    "header of four gigabytes": struct.pack("<I", 2**32 - 4) + b"{}  ",
    "large header": pack(HEAD | {"settings": {"k": "x" * MOST_HEADER}}, ()),
    "large message": pack({"line": 0, "keep": "x", "shape": [MOST_BYTES]}, [[0.0] * MOST_BYTES]),
    "deep list": framed(b"[" * 15_000 + b"]" * 15_000),
    "deep settings": deep(b"[", b"]", 9_000),
    "deep objects": deep(b'{"a":', b"}", 4_000),
    "not an object": framed(b"[1]"),
    "not UTF-8": framed(b"\xff\xfe{}"),
    "NaN": framed(b'{"line":NaN}'),
    "huge integer": framed(b'{"line":' + b"9" * 8_999 + b"}"),
    "no line": pack({"ask": "convolution", "number": 1}, ()),
    "line too far": pack(HEAD | {"line": MOST_LINES}, ()),
    "line true": pack(HEAD | {"line": True}, ()),
    "negative number": pack(HEAD | {"number": -1}, ()),
    "long name": pack(HEAD | {"ask": "x" * 81}, ()),
    "name that is none": pack(HEAD | {"ask": {}}, ()),
    "shape that the numbers do not fill": pack({"line": 0, "keep": "x", "shape": [9]}, [[1.0]]),
    "shape of nothing": pack({"line": 0, "keep": "x", "shape": [0]}, ()),
    "shape of a huge tensor": pack({"line": 0, "keep": "x", "shape": [2**40, 2**40]}, ()),
    "neither ask nor keep": pack({"line": 0}, ()),
    "command without a run": pack({"line": 0, "number": 1, "command": "pause"}, ()),
    "command without a number": pack(COMMAND | {"number": None}, ()),
    "command number 0": pack(COMMAND | {"number": 0}, ()),
    "command that is no name": pack(COMMAND | {"command": ["pause"]}, ()),
    "command with a long name": pack(COMMAND | {"command": "pause" * 17}, ()),
    "command to a run that is no name": pack(COMMAND | {"run": {"id": 1}}, ()),
    "rate NaN": framed(pack(COMMAND, ())[4:].strip().replace(b'"value":null', b'"value":NaN')),
}
"""Each of them closes the connection."""

REFUSED = {
    "an instrument that is not there": pack(HEAD | {"ask": "os.system"}, ()),
    "settings that are a list": pack(HEAD | {"settings": [1]}, ()),
    "a setting that is not there": pack(HEAD | {"settings": {"__class__": 1}}, ()),
    "a number out of bounds": pack(HEAD | {"settings": {"size": 10**30}}, ()),
    "a list for a number": pack(HEAD | {"settings": {"size": [[[1]]]}}, ()),
    "a long text": pack(HEAD | {"settings": {"typed": "1 " * 4_000}}, ()),
}
"""Each of them is answered with a sentence."""

COMMANDED = ("", "kill", "delete", "__init__", "leave", "Pause", "pause ", "暂停", "x" * 80)
"""No command of a page."""

VALUES: tuple[object, ...] = (
    None,
    True,
    "0.1",
    [],
    {},
    -1,
    -1e-300,
    1000.1,
    1e300,
    float("inf"),
    float("nan"),
    10**400,
    -(10**400),
)
"""No learning rate."""
