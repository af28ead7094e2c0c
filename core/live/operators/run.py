"""From settings to what came of the operator's program."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from core import isolation
from core.errors import N_, InvalidSetting
from core.foundations.run_operator import OperatorRun, run, run_by_name
from core.isolation import Limits
from core.live.instrument import Later
from core.live.latest import Latest
from core.live.operators.settings import cells_name
from core.live.settings import Value
from core.ops.operator import Operator, Values, parse

LIMITS = Limits(seconds=3.0)
MOST_KNOWN = 4_000
LOOK_EVERY = 0.004  # seconds between two looks whether another process is done
CELL = re.compile(r"\s*(\d{1,4}):([+-]?\d{1,6}(?:\.\d{0,6})?)\s*")
proven_safe = Latest[tuple[str, str], None](
    MOST_KNOWN
)  # operators with arguments that have come to their end before
_waiting = ThreadPoolExecutor(8, thread_name_prefix="operators")


@dataclass
class ProgramInput:
    """The settings as the program's values; ``wrong`` are the texts among them that are none."""

    values: Values = field(default_factory=dict)
    seed: int = 0
    cells: dict[int, float] = field(default_factory=dict)
    wrong: list[InvalidSetting] = field(default_factory=list)


def read_input(operator: Operator, settings: Mapping[str, Value]) -> ProgramInput:
    """Read the settings; what is wrong is collected, so that each can be said."""
    read = ProgramInput(seed=int(settings["seed"]))
    for argument in operator.arguments:
        try:
            read.values[argument.name] = parse(argument, settings[f"{operator.name}_{argument.name}"])
        except InvalidSetting as error:
            read.wrong.append(error)
    try:
        read.cells = cells(str(settings[cells_name(operator)]))
    except InvalidSetting as error:
        read.wrong.append(error)
    return read


def cells(text: str) -> dict[int, float]:
    """Read the changed numbers of x by their place: "3:-1.5,0:2"; raises ``InvalidSetting``."""
    numbers: dict[int, float] = {}
    for part in text.split(",") if text.strip() else ():
        matched = CELL.fullmatch(part)
        if matched is None:
            raise InvalidSetting(N_("x: {text} is not place:number"), text=repr(part[:20]))
        numbers[int(matched[1])] = float(matched[2])
    return numbers


def run_safely(
    operator: Operator, program_input: ProgramInput, call: Callable[..., OperatorRun] | None = None
) -> OperatorRun:
    """Return what came of the program; raises ``InvalidSetting`` where it ended its process, or took too long.

    Arguments run in a process of their own (``call``) when they are met first: what PyTorch makes of them may end a
    process. Once they have come to their end there, other numbers of the same shapes run here, many times faster.
    """
    if _key(operator, program_input) in proven_safe:
        return run(operator, program_input.values, program_input.seed, program_input.cells)
    arguments = operator.name, program_input.values, program_input.seed, program_input.cells
    result = (call or call_isolated)(run_by_name, *arguments, limits=LIMITS)
    proven_safe.keep(_key(operator, program_input), None)
    return result


def run_without_waiting(operator: Operator, program_input: ProgramInput) -> Generator[Later, None, OperatorRun]:
    """Return what ``run_safely`` returns; while another process computes it, no thread of the channel waits."""
    if _key(operator, program_input) in proven_safe:
        return run_safely(operator, program_input)
    future = _waiting.submit(run_safely, operator, program_input)
    while not future.done():
        yield Later(LOOK_EVERY)
    return future.result()


def call_isolated(function: Callable[..., OperatorRun], *arguments: Any, limits: Limits) -> OperatorRun:
    """Return what ``function`` returns in another process; raises ``CallFailed`` where ``limits`` end it."""
    return isolation.call(function, *arguments, limits=limits, owner="live")


def _key(operator: Operator, program_input: ProgramInput) -> tuple[str, str]:
    return operator.name, repr(sorted(program_input.values.items()))
