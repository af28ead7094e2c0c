"""The one binary message between Python and the browser: names and words as JSON, then all numbers as Float32.

uint32 length of the header (little endian), the header as JSON padded with spaces to a multiple of four bytes, then
the numbers of every array. ``static/js/lib/message.js`` reads and writes it too.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def pack(header: Mapping[str, object], arrays: Iterable[ArrayLike]) -> bytes:
    """Return ``header`` and ``arrays`` as one message; a number too large for Float32 is infinite in it.

    Raises ``ValueError`` where the header has a number that JSON has no word for.
    """
    return join(text_of(header), numbers_of(arrays))


def text_of(header: Mapping[str, object]) -> str:
    """Return ``header`` as JSON."""
    return json.dumps(header, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def numbers_of(arrays: Iterable[ArrayLike]) -> bytes:
    """Return the numbers of ``arrays``, one array after the other, as Float32."""
    with np.errstate(over="ignore"):
        return b"".join(np.ascontiguousarray(array, dtype="<f4").tobytes() for array in arrays)


def join(header: str, numbers: bytes) -> bytes:
    """Return the message of a header that is JSON already and of numbers that are bytes already."""
    text = header.encode()
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text + numbers


def unpack(content: bytes, most_header: int) -> tuple[dict[str, Any], NDArray[np.float32]]:
    """Return header and numbers of a message; raises ``ValueError`` for what is none, however it is made.

    A header of more than ``most_header`` bytes is refused before it is read, and one nested too deep while it is.
    """
    if len(content) < 4 or len(content) % 4:
        raise ValueError("not a whole number of four bytes")
    length = struct.unpack_from("<I", content)[0]
    if length > min(most_header, len(content) - 4) or length % 4:
        raise ValueError("a header longer than it may be")
    try:
        header = json.loads(content[4 : 4 + length], parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("a header nested too deep") from error
    if not isinstance(header, dict):
        raise ValueError("a header that is no object")
    return header, np.frombuffer(content, dtype="<f4", offset=4 + length)


def _refuse(name: str) -> float:
    raise ValueError(f"JSON has no {name}")
