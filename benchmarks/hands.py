"""Forty hands at once: ``python -m benchmarks.hands [--users 40] [--seconds 30] [--json]``.

Half of the people drag a slider of Convolution, half draw on Draw, all over the live channel of the real server
(``serve.py``). Before, as many people drag the slider of the smallest Streamlit page, at the same pace: that is the
yardstick. A hand moves 12 times, 30 times a second, then thinks for two seconds on average; what is overtaken while
an answer is under way is not asked. A time is that from a question to the whole answer, without painting. Memory is
the server's own with all tabs open.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks import websocket_user
from benchmarks.instant import floor_server
from benchmarks.report import Row, middle_and_tail, percentile, show
from benchmarks.serving import Serving, serving
from benchmarks.websocket_user import ShownPage, User

NAME = "hands"
MOVES, PACE = 12, 1 / 30  # of a hand before it rests; seconds between two moves
THINK = 2.0  # seconds between two drags, on average
Move = Callable[[int], Awaitable[ShownPage]]
Kind = Callable[[User, random.Random], Awaitable[Move]]


class Times:
    """Seconds from each question to its answer, and what went wrong."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.failures: list[str] = []

    def note(self, view: ShownPage) -> None:
        """Add the seconds of a page that was shown, and what it says went wrong."""
        self.seconds.append(view.seconds)
        self.failures += view.errors


async def hand(move: Move, times: Times, chance: random.Random, end: float) -> None:
    """Drag and think until ``end``; while an answer is under way the hand moves on."""
    await asyncio.sleep(chance.uniform(0, THINK))
    while time.monotonic() < end:
        begin = time.monotonic()
        count = 0
        while count < MOVES:
            times.note(await move(count))
            count = max(count + 1, int((time.monotonic() - begin) / PACE))
            await asyncio.sleep(max(0.0, begin + count * PACE - time.monotonic()))
        await asyncio.sleep(min(chance.expovariate(1 / THINK), 4 * THINK))


async def smallest(user: User, _chance: random.Random) -> Move:
    """Open the smallest page; return a move of its slider."""
    await user.open()
    (key,) = (key for key, kind in user.kinds.items() if kind == "slider")
    return lambda count: user.move(key, 500.0 + count)


async def slider(user: User, chance: random.Random) -> Move:
    """Open Convolution; return a move of its kernel's size."""
    await user.open("convolution")
    await user.ask("convolution", {})
    first = chance.randint(0, 4)
    return lambda count: user.ask("convolution", {"kernel": 1 + (first + count) % 5, "size": 9})


async def pen(user: User, chance: random.Random) -> Move:
    """Open Draw; return a move of the pen: the strokes so far are sent and read."""
    await user.open("draw")
    points = np.cumsum([(chance.gauss(0, 0.03), chance.gauss(0, 0.03)) for _ in range(MOVES + 12)], axis=0) + 0.5
    strokes = np.concatenate([np.zeros((len(points), 1)), np.clip(points, 0.1, 0.9)], axis=1).astype(np.float32)

    version = ""

    async def move(count: int) -> ShownPage:
        await user.keep("strokes", strokes[: count + 12])
        return await user.ask("network", {"reads": "strokes", "known": version})

    version = (await move(0)).head["version"]
    return move


async def together(address: str, kinds: Sequence[Kind], seconds: float) -> Times:
    """Let one person of each of ``kinds`` be there for ``seconds``."""
    users = [User(address) for _ in kinds]
    chances = [random.Random(number) for number in range(len(kinds))]
    try:
        moves = [await kind(user, chance) for kind, user, chance in zip(kinds, users, chances, strict=True)]
        times, end = Times(), time.monotonic() + seconds
        await asyncio.gather(*(hand(move, times, chance, end) for move, chance in zip(moves, chances, strict=True)))
        return times
    finally:
        await asyncio.gather(*(user.close() for user in users), return_exceptions=True)


async def on_ours(server: Serving, users: int, seconds: float) -> tuple[Times, int]:
    """Return the times of ``users`` people on our server, and its memory while they are there."""
    kinds: list[Kind] = [slider if number % 2 else pen for number in range(users)]
    memory = asyncio.create_task(_look(server, seconds))
    times = await together(server.address, kinds, seconds)
    return times, await memory


async def _look(server: Serving, seconds: float) -> int:
    """Return the largest memory of the server, looked at now and then while people are there."""
    most, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        most = max(most, await asyncio.to_thread(server.memory))
        await asyncio.sleep(1)
    return most


def rows(users: int, seconds: float) -> Iterator[Row]:
    """Yield what people on both servers waited."""
    with floor_server() as address:
        floor = websocket_user.run(together(address, [smallest] * users, seconds))
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), data=Path(folder) / "no-mnist") as server:
        ours, memory = websocket_user.run(on_ours(server, users, seconds))
    for failure in [*floor.failures, *ours.failures][:20]:
        print(failure, file=sys.stderr)
    yield Row(NAME, "people", users, "people")
    yield from middle_and_tail(NAME, "the smallest page", [1000 * each for each in floor.seconds], "ms")
    yield from middle_and_tail(NAME, "ours", [1000 * each for each in ours.seconds], "ms")
    share = percentile(ours.seconds, 0.95) / percentile(floor.seconds, 0.95)
    yield Row(NAME, "ours, p95 against the smallest page's", share, "of it", "<= 1")
    yield Row(NAME, "failures", len(floor.failures) + len(ours.failures), "answers", "<= 0")
    yield Row(NAME, "server's memory", memory / 1e6, "MB", "<= 1500")


def main(arguments: list[str] | None = None) -> int:
    """Print the rows; exit status 1 when a target is not met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=40, help="people at once")
    parser.add_argument("--seconds", type=float, default=30, help="how long they stay")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args(arguments)
    return show(rows(options.users, options.seconds), options.json)


if __name__ == "__main__":
    sys.exit(main())
