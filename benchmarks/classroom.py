"""Forty people at once: ``python -m benchmarks.classroom [--users 40] [--seconds 60] [--cold] [--json]``.

Starts the real server (``serve.py``) and drives it over its websocket: each user goes from page to page, moves
sliders, draws digits, starts runs and watches them, with a pause to think after each. One process acts for
all users: times are from sending to the last message of the answer, without the painting in a browser.
Before, a teacher opens every page once, unless ``--cold``: then the server imports and trains what pages need while
forty people wait for them.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from benchmarks import websocket_user
from benchmarks.report import Row, percentile, show
from benchmarks.serving import Serving, serving
from benchmarks.websocket_user import ShownPage, User
from core.classroom import limits
from core.training.run_folder import run_ids
from core.training.status import turn_of

DRAG = 12  # questions of a drawing while a slider is dragged
EVENT = 1 / 30  # seconds between two of them
THINK = 2.0  # seconds between two interactions, on average
RUNS = 2  # that each person starts
PAGES = ("", "convolution", "train", "runs", "draw", "linear_fit", "lenet", "two_layers", "operators", "digits")
WATCHED = 4.0  # seconds that a user looks at a run
SLOW = 2.0  # seconds: what takes longer feels broken
SEED = 6


@dataclass
class Measurements:
    """What all people saw: seconds of each interaction by kind, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: list[str] = field(default_factory=list)
    requested: int = 0

    def note(self, kind: str, view: ShownPage) -> None:
        """Add the seconds of a page that was shown, and what it says went wrong."""
        self.seconds[kind].append(view.seconds)
        self.failures += [f"{kind}: {error}" for error in view.errors]

    def all(self) -> list[float]:
        """Return the seconds of all kinds together."""
        return [value for values in self.seconds.values() for value in values]


def strokes(chance: random.Random) -> dict[str, object]:
    """Return what the canvas reports after a few strokes."""
    points = [(chance.uniform(40, 240), chance.uniform(40, 240)) for _ in range(30)]
    path = [["M", *points[0]]] + [["Q", *a, *b] for a, b in pairwise(points)]
    line = {"type": "path", "path": path, "strokeWidth": 18}
    return {"drawing": {"raw": {"version": "6", "objects": [line]}, "data": None}}


class Person:
    """A user in the classroom."""

    def __init__(self, user: User, chance: random.Random, measured: Measurements, end: float) -> None:
        self.user, self.chance, self.measured, self.end = user, chance, measured, end
        self.runs = self.moves = 0

    async def think(self, seconds: float = THINK) -> None:
        """Pause as long as people do: now short, now long."""
        await asyncio.sleep(min(self.chance.expovariate(1 / seconds), 4 * seconds))

    async def stay(self) -> None:
        """Be there until the lesson ends; what goes wrong is noted, and one goes on as one would: by reloading."""
        await self.think(2 * THINK)
        while time.monotonic() < self.end:
            try:
                self.measured.note("open", await self.user.open(""))
                while time.monotonic() < self.end:
                    await self.do_something()
            except (OSError, TimeoutError, KeyError, ConnectionError) as error:
                self.measured.failures.append(f"{type(error).__name__}: {error}")
            except Exception as error:  # websockets' own kinds
                self.measured.failures.append(f"{type(error).__name__}: {error}")

    async def do_something(self) -> None:
        """Do one of the things that people do, each as often as in a lesson about training."""
        acts = (self.browse, self.slide, self.slide, self.draw, self.train)
        await self.chance.choice(acts)()

    async def act(self, kind: str, view: ShownPage) -> None:
        """Note the page that was just shown, and pause as a reader does."""
        self.measured.note(kind, view)
        await self.think()

    async def browse(self) -> None:
        """Open a page by chance."""
        await self.act("page", await self.user.go(self.chance.choice(PAGES)))

    async def slide(self) -> None:
        """Drag the convolution's sliders: its drawing asks while the hand moves, the page is told when it rests."""
        await self.act("page", await self.user.go("convolution"))
        now: dict[str, int] = {}
        for _ in range(3):
            name = self.chance.choice(("kernel", "stride", "padding", "size"))
            for _event in range(DRAG):
                now[name] = self.chance.randint(1, 5) + (4 if name == "size" else 0)
                self.measured.note("drag", await self.user.ask("convolution", now))
                await asyncio.sleep(EVENT)
            self.moves += 1
            report = {"settings": {"settings": now, "count": self.moves}}
            await self.act("rest", await self.user.component("convolution_instrument", report))

    async def draw(self) -> None:
        """Draw two digits."""
        await self.act("page", await self.user.go("draw"))
        for _ in range(2):
            canvas = next((key for key in self.user.ids if key.startswith("draw_canvas")), None)
            if canvas:
                await self.act("drawing", await self.user.component(canvas, strokes(self.chance)))

    async def train(self) -> None:
        """Start a run of one epoch if one has not had one's share yet, and look at it for a while."""
        await self.act("page", await self.user.go("train"))
        if self.runs < RUNS:
            if "train_new" in self.user.ids:
                await self.act("new run", await self.user.press("train_new"))
            await self.act("setting", await self.user.move("train_epochs", 1.0))
            await self.act("start", await self.user.press("train_go"))
            self.runs += 1
            self.measured.requested += 1
        await self.act("watching", await self.user.watch(WATCHED))


async def look_round(teacher: User) -> None:
    """Open every page once, as a teacher does before a lesson."""
    try:
        await teacher.open("")
        for page in PAGES:
            await teacher.go(page)
    finally:
        await teacher.close()


async def lesson(server: Serving, users: int, seconds: float, cold: bool = False) -> tuple[Measurements, int]:
    """Let ``users`` people be there for ``seconds``; return what they saw and the server's memory at the end."""
    if not cold:
        await look_round(User(server.address))
    measured, end = Measurements(), time.monotonic() + seconds
    people = [Person(User(server.address), random.Random(SEED + n), measured, end) for n in range(users)]
    try:
        await asyncio.gather(*(person.stay() for person in people))
        memory = await asyncio.to_thread(server.memory)
    finally:
        await asyncio.gather(*(person.user.close() for person in people), return_exceptions=True)
    return measured, memory


@dataclass(frozen=True)
class Turn:
    """A user's run: when it began to wait, and when it had its turn (never: infinity)."""

    owner: str
    requested: float
    turn: float


def served(root: Path) -> list[Turn]:
    """Read from the folders of all runs who was served when."""
    return [
        Turn(workspace.name, *turn_of(workspace / run_id))
        for workspace in limits.workspaces(root)
        for run_id in run_ids(workspace)
    ]


def most_overtaken(runs: list[Turn]) -> int:
    """Return how often, at most, one person was served again while another's first run still waited.

    0 is fair: nobody has a second turn before all who wait had a first. Both times are the queue's own, so that it
    does not matter how long a worker then takes to begin.
    """
    firsts: dict[str, Turn] = {}
    for run in sorted(runs, key=lambda run: run.requested):
        firsts.setdefault(run.owner, run)
    worst = 0
    for first in firsts.values():
        for owner, other in firsts.items():
            again = [run for run in runs if run.owner == owner and run is not other]
            overtakes = [run for run in again if first.requested < run.turn < first.turn]
            worst = max(worst, len(overtakes) if owner != first.owner else 0)
    return worst


def rows(users: int, seconds: float, cold: bool = False) -> Iterator[Row]:
    """Hold a lesson and say what was measured."""
    name = "classroom"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "runs"
        with serving(root, data=Path(folder) / "no-mnist") as server:
            before = server.memory()
            measured, memory = websocket_user.run(lesson(server, users, seconds, cold))
            health, runs = server.health(), served(root)
        finished_runs = [run for run in runs if run.turn < float("inf")]
    for failure in measured.failures[:20]:
        print(failure, file=sys.stderr)
    if measured.failures:
        print("\n".join(server.messages()[-200:]), file=sys.stderr)
    everything = measured.all()
    yield Row(name, "people", users, "people")
    yield Row(name, "interactions", len(everything), "interactions", f">= {users}")
    yield Row(name, "interaction, p50", 1000 * percentile(everything, 0.5), "ms", "<= 300")
    yield Row(name, "interaction, p95", 1000 * percentile(everything, 0.95), "ms", f"<= {1000 * SLOW:g}")
    for kind, values in sorted(measured.seconds.items()):
        yield Row(name, f"{kind}, p95 of {len(values)}", 1000 * percentile(values, 0.95), "ms")
    yield Row(name, "failures", len(measured.failures), "interactions", "<= 0")
    yield Row(name, "server's memory at the start", before / 1e6, "MB")
    yield Row(name, "server's memory at the end", memory / 1e6, "MB", f"<= {900 + 15 * users}")
    yield Row(name, "runs asked for", measured.requested, "runs")
    yield Row(name, "runs served within the time", len(finished_runs), "runs", ">= 1")
    yield Row(
        name, "runs that trained at once, at the end", health["training"], "runs", f"<= {health['training_most']}"
    )
    yield Row(name, "second turns while another user waited for a first", most_overtaken(runs), "turns", "<= 0")


def main(arguments: list[str] | None = None) -> int:
    """Print the rows; exit status 1 when a target is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=40, help="people in the classroom")
    parser.add_argument("--seconds", type=float, default=60, help="how long they stay")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--cold", action="store_true", help="no teacher opens the pages before")
    options = parser.parse_args(arguments)
    return show(rows(options.users, options.seconds, options.cold), options.json)


if __name__ == "__main__":
    sys.exit(main())
