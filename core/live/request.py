"""What a browser may send over the channel, read and bounded before anything is computed.

Each message is the one binary message (``core.message``): a header as JSON, and numbers where it brings a tensor.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from core import i18n, message
from core.live.instrument import Array

MOST_BYTES = 262_144  # of one message
MOST_HEADER = 32_768  # bytes of its JSON
MOST_LINES = 16  # drawings of one tab that ask
MOST_TENSORS = 4  # that one drawing may leave here
LONGEST_NAME = 80
TOO_BIG, NOT_A_MESSAGE, NOT_ALLOWED = 1009, 1007, 1008  # RFC 6455, 7.4.1


class MalformedMessage(Exception):
    """What is no message of ours: the connection is closed with ``code``."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


@dataclass(frozen=True)
class Question:
    """Drawing ``line`` of the tab asks ``instrument``; ``number`` counts its questions."""

    line: int
    number: int
    instrument: str
    language: str
    settings: object  # as sent; the instrument's declaration reads them


@dataclass(frozen=True)
class KeepTensor:
    """Drawing ``line`` leaves a tensor here, under ``name``, for its next questions."""

    line: int
    name: str
    array: Array


@dataclass(frozen=True)
class Leave:
    """Drawing ``line`` has left the page."""

    line: int


@dataclass(frozen=True)
class Command:
    """Drawing ``line`` commands the run that its page knows as ``run``; ``number`` counts its commands."""

    line: int
    number: int
    do: str
    run: str
    language: str
    value: object  # as sent; it is read where the command is obeyed


def read(content: bytes) -> Question | KeepTensor | Leave | Command:
    """Read one message; raises ``MalformedMessage``."""
    if len(content) > MOST_BYTES:
        raise MalformedMessage(TOO_BIG, "message too large")
    try:
        header, numbers = message.unpack(content, MOST_HEADER)
    except ValueError as error:
        raise MalformedMessage(NOT_A_MESSAGE, "not a message") from error
    line = _whole(header, "line", MOST_LINES - 1)
    if "ask" in header:
        number, language = _whole(header, "number", 2**53), _language(header)
        return Question(line, number, _name(header, "ask"), language, header.get("settings"))
    if "command" in header:
        number, language = _whole(header, "number", 2**53), _language(header)
        do, run = _name(header, "command"), _name(header, "run")
        return Command(line, number, do, run, language, header.get("value"))
    if "keep" in header:
        return KeepTensor(line, _name(header, "keep"), _array(header.get("shape"), numbers))
    if header.get("leave") is True:
        return Leave(line)
    raise MalformedMessage(NOT_A_MESSAGE, "neither ask, command, keep nor leave")


def _whole(header: Mapping[str, object], key: str, most: int) -> int:
    value = header.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise MalformedMessage(NOT_A_MESSAGE, f"no {key}")
    return value


def _language(header: Mapping[str, object]) -> str:
    language = header.get("language")
    return language if isinstance(language, str) and language in i18n.LANGUAGES else "en"


def _name(header: Mapping[str, object], key: str) -> str:
    value = header.get(key)
    if not isinstance(value, str) or len(value) > LONGEST_NAME:
        raise MalformedMessage(NOT_A_MESSAGE, f"no name to {key}")
    return value


def _array(shape: object, numbers: Array) -> Array:
    sizes = shape if isinstance(shape, list) and len(shape) <= 4 else [-1]
    if not all(type(size) is int and 0 < size <= MOST_BYTES for size in sizes):
        raise MalformedMessage(NOT_A_MESSAGE, "no shape")
    if math.prod(sizes) != len(numbers):
        raise MalformedMessage(NOT_A_MESSAGE, "numbers do not fill the shape")
    return numbers.reshape(sizes).copy()
