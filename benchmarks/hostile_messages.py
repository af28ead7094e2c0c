"""What hostile messages do to the live channel of a real server; part of ``python -m benchmarks.hostile``.

Each malformed message has to close its connection, each impossible setting to bring a sentence, and a flood to
leave other users' questions as quick as it can: their time beside the flood is measured against that without it.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed

from benchmarks import websocket_user
from benchmarks.hostile_files.messages import COMMAND, COMMANDED, HEAD, MALFORMED, REFUSED
from benchmarks.report import Row, percentile
from benchmarks.serving import Serving, serving
from benchmarks.websocket_user import User
from core.live.run.command import MEANS
from core.message import pack, unpack

FLOOD = 20_000  # questions of one user, sent without waiting for an answer
QUESTIONS = 30  # of another one
PATIENCE = 60.0  # seconds


@dataclass
class Findings:
    """What happened: names of messages that did not end as they have to, and times of questions in seconds.

    ``commands`` counts those to the run of another user, ``obeyed`` names those of them that were not refused.
    """

    open: list[str] = field(default_factory=list)
    unrefused: list[str] = field(default_factory=list)
    obeyed: list[str] = field(default_factory=list)
    commands: int = 0
    alone: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    memory: tuple[int, int] = (0, 0)


async def closes(user: User, content: bytes) -> bool:
    """Return whether the server closes the connection after ``content``."""
    try:
        socket = await user.connect_live()
        await socket.send(content)
        await asyncio.wait_for(socket.recv(), PATIENCE)
    except ConnectionClosed:
        return True
    except TimeoutError:
        return False
    finally:
        await user.close()
    return False


async def refuses(user: User, content: bytes) -> bool:
    """Return whether the server answers ``content`` with a sentence."""
    socket = await user.connect_live()
    await socket.send(content)
    answer = await asyncio.wait_for(socket.recv(decode=False), PATIENCE)
    await user.close()
    return "refusal" in unpack(answer, 10**8)[0]


async def times(user: User) -> list[float]:
    """Ask one question after the other."""
    durations = []
    for n in range(QUESTIONS):
        settings: dict[str, Any] = {"size": 9 + n % 8}
        durations.append((await user.ask("convolution", settings)).seconds)
        await asyncio.sleep(1 / 30)
    return durations


async def flood(user: User) -> None:
    """Send questions as fast as the connection takes them, to all lines, and a command before every hundredth."""
    socket = await user.connect_live()
    for n in range(FLOOD):
        if n % 100 == 0:
            await socket.send(pack(COMMAND | {"number": n + 1}, ()))
        await socket.send(pack(HEAD | {"line": n % 16, "number": n, "settings": {"size": 32, "kernel": 11}}, ()))


async def command_theirs(hostile: User, other: User, outcome: Findings) -> None:
    """Command the run of another user by the name that only that user's page knows, and by guessed ones."""
    await other.open("train?run=new&train_epochs=9&train_batch_size=1")
    await other.press("train_go")
    name = other.shown_run()
    tried = [(do, run) for run in (name, name.lower(), "", COMMAND["run"]) for do in (*MEANS, *COMMANDED)]
    outcome.commands = len(tried)
    outcome.obeyed = [f"{do} {run}" for do, run in tried if not await hostile.command(do, str(run), 0.5)]
    impossible: tuple[object, ...] = (1e300, -1, "1", True, [[]], None)
    for value in impossible:
        outcome.commands += 1
        outcome.obeyed += [] if await other.command("learning_rate", name, value) else [f"learning rate {value}"]
    await other.command("stop", name)


async def attack(server: Serving) -> Findings:
    """Do all of it."""
    hostile, other, outcome = User(server.address), User(server.address), Findings()
    await hostile.open("")
    await other.open("")
    await other.ask("convolution", {})
    before = server.memory()
    outcome.open = [name for name, content in MALFORMED.items() if not await closes(hostile, content)]
    outcome.unrefused = [name for name, content in REFUSED.items() if not await refuses(hostile, content)]
    await command_theirs(hostile, other, outcome)
    outcome.alone = await times(other)
    flooding = asyncio.create_task(flood(hostile))
    await asyncio.sleep(1)
    outcome.beside = await times(other)
    flooding.cancel()
    await asyncio.gather(flooding, hostile.close(), other.close(), return_exceptions=True)
    outcome.memory = before, server.memory()
    return outcome


def rows() -> Iterator[Row]:
    """Start a classroom's server, attack it and say what was found."""
    name = "hostile"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "runs"
        with serving(root, data=Path(os.environ.get("STEPWISE_DATA") or Path(folder) / "no-mnist")) as server:
            outcome = websocket_user.run(attack(server))
            ended = server.process.poll() is not None
    yield Row(name, "malformed messages", len(MALFORMED), "messages", ">= 20")
    yield Row(name, "malformed messages that leave the connection open", len(outcome.open), "messages", "<= 0")
    yield Row(name, "impossible settings without a sentence", len(outcome.unrefused), "messages", "<= 0")
    yield Row(name, "commands to another's run, or with impossible rates", outcome.commands, "messages", ">= 60")
    yield Row(name, "of them obeyed", len(outcome.obeyed), "messages", "<= 0")
    yield Row(name, "ends of the server", int(ended), "ends", "<= 0")
    ratio = percentile(outcome.beside, 0.5) / percentile(outcome.alone, 0.5)
    yield Row(name, "a question beside a flood against one without, p50", ratio, "of it", "<= 5")
    grown = (outcome.memory[1] - outcome.memory[0]) / 1e6
    yield Row(name, "growth of the server's memory", grown, "MB", "<= 200")
