"""A tab for tests of ``core.live``: what it sends reaches a connection, what it gets is read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from core.live.allowance import Allowance, Rates
from core.live.commands import Commands
from core.live.connection import Connection
from core.live.instrument import Answer, Ask, Instrument, Later, Part
from core.live.request import Command
from core.live.settings import Flag, Number
from core.live.work import Work
from core.message import pack, unpack
from tests import own_loop

SETTINGS = (Number("k", 0, 99, 3), Flag("twice"))
AMPLE = Rates(1e9, 1e9, 1e9)


def double(ask: Ask) -> Answer:
    """Answer with k, doubled where ``twice``, and with the tensor that the tab left here."""
    k = int(ask.settings["k"]) * (2 if ask.settings["twice"] else 1)
    return Answer({"k": k, "language": ask.language}, list(ask.tensors.values()))


def count(ask: Ask) -> Iterator[Part]:
    """Answer with 0, 1, ... k - 1, one message each, and a wait between."""
    for n in range(int(ask.settings["k"])):
        yield Answer({"n": n})
        yield Later(0.001)


INSTRUMENTS = {
    "double": Instrument("double", SETTINGS, double),
    "count": Instrument("count", SETTINGS, count),
}


def question(number: int = 1, line: int = 0, ask: str = "double", **settings: Any) -> bytes:
    """What a browser sends to ask."""
    return pack({"line": line, "ask": ask, "number": number, "language": "en", "settings": settings}, ())


def command(do: str, number: int = 1, line: int = 0, **more: Any) -> bytes:
    """What a browser sends to command a run."""
    head = {"line": line, "command": do, "number": number, "language": "en", "run": "shown", "value": None}
    return pack(head | more, ())


def obeyed_by_nobody(command: Command, _person: str) -> None:
    """Fail: what a tab without commands is given."""
    raise AssertionError(command)


class Tab:
    """The other side of a connection: ``got`` holds header and numbers of each message."""

    def __init__(
        self,
        work: Work,
        instruments: dict[str, Instrument],
        rates: Rates = AMPLE,
        owner: str = "a",
        obey: Callable[[Command, str], None] = obeyed_by_nobody,
        allowance: Allowance | None = None,
    ) -> None:
        self.got: list[tuple[dict[str, Any], list[float]]] = []
        self.news = asyncio.Event()
        allowance = allowance or Allowance(rates)
        commands = Commands(work, owner, allowance, obey)
        self.connection = Connection(self._take, work, owner, allowance, commands, instruments.__getitem__)

    async def _take(self, content: bytes) -> None:
        header, numbers = unpack(content, 10**6)
        self.got.append((header, numbers.tolist()))
        self.news.set()

    async def until(self, is_there: Callable[[], bool]) -> None:
        """Wait until what has come satisfies ``is_there``."""
        while not is_there():
            self.news.clear()
            await asyncio.wait_for(self.news.wait(), 30)

    async def last(self, number: int) -> None:
        """Wait for the end of the answer to question ``number``."""
        await self.until(lambda: any(header.get("number") == number and header["last"] for header, _ in self.got))


def run(scene: Callable[[Work], Awaitable[None]], threads: int = 2) -> None:
    """Run ``scene`` in a loop of its own, with threads of its own."""

    async def whole() -> None:
        work = Work(threads)
        try:
            await scene(work)
        finally:
            work.close()

    own_loop.run(whole())
