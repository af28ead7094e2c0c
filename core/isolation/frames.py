"""What server and helper send each other: a header of fixed size, then the body, over a pair of pipes."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import ClassVar

# How a call ended. The body of the first two is pickled: what was returned, what was raised.
RETURNED, RAISED, SIGNAL, STATUS, TIME, MEMORY, LEFT, READY = range(8)


@dataclass(frozen=True)
class Call:
    """A call: its number, its limits, and function and arguments, pickled."""

    number: int
    seconds: float
    memory: int  # bytes
    body: bytes

    HEADER: ClassVar[struct.Struct] = struct.Struct("<QdQQ")

    def packed(self) -> bytes:
        """Return the frame as bytes."""
        return self.HEADER.pack(self.number, self.seconds, self.memory, len(self.body)) + self.body


@dataclass(frozen=True)
class Answer:
    """How call ``number`` ended; ``value`` is the number of a signal or an exit status."""

    number: int
    kind: int
    value: int = 0
    body: bytes = b""

    HEADER: ClassVar[struct.Struct] = struct.Struct("<QBqQ")

    def packed(self) -> bytes:
        """Return the frame as bytes."""
        return self.HEADER.pack(self.number, self.kind, self.value, len(self.body)) + self.body


def take_calls(received: bytearray) -> list[Call]:
    """Take every whole call from the front of ``received``."""
    calls = []
    while len(received) >= Call.HEADER.size:
        number, seconds, memory, length = Call.HEADER.unpack_from(received)
        end = Call.HEADER.size + length
        if len(received) < end:
            break
        calls.append(Call(number, seconds, memory, bytes(received[Call.HEADER.size : end])))
        del received[:end]
    return calls


def take_answers(received: bytearray) -> list[Answer]:
    """Take every whole answer from the front of ``received``."""
    answers = []
    while len(received) >= Answer.HEADER.size:
        number, kind, value, length = Answer.HEADER.unpack_from(received)
        end = Answer.HEADER.size + length
        if len(received) < end:
            break
        answers.append(Answer(number, kind, value, bytes(received[Answer.HEADER.size : end])))
        del received[:end]
    return answers
