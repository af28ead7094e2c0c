"""One socket of one tab: answers the questions of its drawings, of each only the newest, and obeys its commands."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypedDict

from core import i18n
from core.errors import N_, InvalidSetting
from core.live import settings
from core.live.allowance import Allowance
from core.live.commands import Commands
from core.live.instrument import Answer, Array, Ask, Instrument, Later, Part, instrument
from core.live.request import (
    MOST_TENSORS,
    NOT_ALLOWED,
    Command,
    KeepTensor,
    Leave,
    MalformedMessage,
    Question,
    read,
)
from core.live.work import Work
from core.message import pack

log = logging.getLogger(__name__)
FAILED = N_("The server could not compute this. Change a setting; if that does not help, reload the page.")
Send = Callable[[bytes], Awaitable[None]]


@dataclass
class Line:
    """One drawing of the tab: its newest question, the tensors that it left here, and the task that answers.

    ``commands`` is the number of its last command.
    """

    newest: Question | None = None
    commands: int = 0
    tensors: dict[str, Array] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


class Connection:
    """Reads what one tab sends and answers it over ``send``; ``owner`` is whose turn it takes in ``work``."""

    def __init__(
        self,
        send: Send,
        work: Work,
        owner: str,
        allowance: Allowance,
        commands: Commands,
        find: Callable[[str], Instrument] = instrument,
    ) -> None:
        self.send, self.work, self.owner, self.allowance, self.find = send, work, owner, allowance, find
        self.commands = commands
        self.lines: dict[int, Line] = {}

    async def take(self, content: bytes) -> None:
        """Handle a message; returns when the next one may be read. Raises ``MalformedMessage``."""
        message = read(content)
        line = self.lines.setdefault(message.line, Line())
        if isinstance(message, Leave):
            self._leave(self.lines.pop(message.line))
        elif isinstance(message, KeepTensor):
            if message.name not in line.tensors and len(line.tensors) >= MOST_TENSORS:
                raise MalformedMessage(NOT_ALLOWED, "too many tensors")
            line.tensors = {**line.tensors, message.name: message.array}
        elif isinstance(message, Command):
            await self._obey(line, message)
        else:
            line.newest = message
            line.news.set()
            if line.task is None or line.task.done():
                line.task = asyncio.create_task(self._serve(line))
        await asyncio.sleep(self.allowance.take(requests=1, size=len(content)))

    def close(self) -> None:
        """Stop everything that is under way."""
        for line in self.lines.values():
            self._leave(line)

    def _leave(self, line: Line) -> None:
        if line.task is not None:
            line.task.cancel()

    async def _obey(self, line: Line, command: Command) -> None:
        """Obey a command before the next message is read, and say so."""
        if command.number <= line.commands:
            raise MalformedMessage(NOT_ALLOWED, "a command comes once")
        line.commands = command.number
        refusal = await self.commands.take(command)
        await self.send(pack(CommandResult(line=command.line, obeyed=command.number, refusal=refusal), ()))

    async def _serve(self, line: Line) -> None:
        """Answer the questions of one drawing until none is waiting."""
        while line.newest is not None:
            question, line.newest = line.newest, None
            line.news.clear()
            try:
                await self._answer(line, question)
            except InvalidSetting as error:
                await self._refuse(question, i18n.translate_error(question.language, error))
            except Exception:
                log.exception("the instrument %r failed", question.instrument)
                await self._refuse(question, i18n.translate(question.language, FAILED))

    async def _answer(self, line: Line, question: Question) -> None:
        """Send every part of the answer; stop between two parts when there is a newer question."""
        name = question.instrument
        parts = Parts(await self.work.load(name, partial(_load, self.find, name)), question, line.tensors)
        try:
            while not parts.are_over:
                part = await self._compute(parts.next)
                if isinstance(part, Later):
                    await _wait(line.news, part.seconds)
                else:
                    await self._send(question, part, last=parts.are_over)
                    parts.messages_sent += 1
                if parts.messages_sent and line.newest is not None:
                    return
        finally:
            parts.close()

    async def _compute(self, call: Callable[[], Part]) -> Part:
        result = await self.work.do(self.owner, call)
        await asyncio.sleep(self.allowance.take(seconds=result.seconds))
        part: Part = result.value
        return part

    async def _send(self, question: Question, answer: Answer, last: bool) -> None:
        content = pack({**_head(question, last), **answer.header}, answer.arrays)
        self.allowance.take(size=len(content))
        await self.send(content)

    async def _refuse(self, question: Question, sentence: str) -> None:
        await self.send(pack({**_head(question, last=True), **NoAnswer(refusal=sentence)}, ()))


class Head(TypedDict):
    """What every message says first: which drawing asked it, in which question, and whether it is the last part."""

    line: int
    number: int
    last: bool


class NoAnswer(TypedDict):
    """In place of an answer: why there is none, in the language of the tab."""

    refusal: str


class CommandResult(TypedDict):
    """Which command of a drawing has been obeyed; ``refusal`` says why it has not been, "" otherwise."""

    line: int
    obeyed: int
    refusal: str


class EndOfAnswer(TypedDict):
    """What ends an answer of several parts."""

    over: bool


def _load(find: Callable[[str], Instrument], name: str) -> Instrument:
    """Return the instrument ``name``, imported with torch; runs in a thread that computes nothing."""
    import torch  # noqa: F401  # here: the server starts without it

    return find(name)


def _head(question: Question, last: bool) -> Head:
    return {"line": question.line, "number": question.number, "last": last}


async def _wait(news: asyncio.Event, seconds: float) -> None:
    """Wait ``seconds``, or until there is a newer question."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(news.wait(), seconds)


class Parts:
    """The messages that answer one question, computed one by one; after a stream comes its end, ``EndOfAnswer``."""

    def __init__(self, instrument: Instrument, question: Question, tensors: Mapping[str, Array]) -> None:
        self.instrument, self.question, self.tensors = instrument, question, tensors
        self.messages_sent = 0
        self.are_over = False
        self.stream: Iterator[Part] | None = None

    def next(self) -> Part:
        """Compute the next part; runs in a thread, the first time with the reading of the settings."""
        import torch  # loaded with the instrument: the server starts without it

        if self.stream is not None:
            with torch.set_grad_enabled(self.instrument.gradients):
                return self._of(next(self.stream, None))
        values = settings.read(self.instrument.settings, self.question.settings)
        with torch.set_grad_enabled(self.instrument.gradients):
            answer = self.instrument.answer(Ask(values, self.question.language, self.tensors))
            if isinstance(answer, Answer):
                self.are_over = True
                return answer
            self.stream = answer
            return self._of(next(self.stream, None))

    def _of(self, part: Part | None) -> Part:
        self.are_over = part is None
        return Answer(EndOfAnswer(over=True)) if part is None else part

    def close(self) -> None:
        """Close a stream that was not read to its end."""
        if isinstance(self.stream, Generator):
            with contextlib.suppress(ValueError):  # it is being computed while its tab leaves: nobody asks it again
                self.stream.close()
