"""Follows the program line by line: which lines ran, and the variables before each of them, within bounds.

Everything is recorded at the beginning; of the rest the first times of each line, whole iterations (5, 10, 20, 50,
...), and the last steps. Between them only what a line itself assigns is looked at, for the curves.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import FrameType
from typing import Any

from torch import Tensor

from core.script.assigned_names import loop_names, names_by_line
from core.script.bounded_list import BoundedList
from core.script.curves import Curves
from core.script.events import Progress
from core.script.kinds import is_a
from core.script.program_record import Step, Variable
from core.script.variables import PLAIN, Snapshot, describe, is_array, is_hidden, made_by, mark, number, snapshot

FIRST, BETWEEN, LAST = 400, 600, 200  # steps that are kept
OF_EACH_LINE = 2  # kept besides, of every line
NOTHING = object()
# (line, event, function, frame, depth, iteration, variables, changed), the plain values as they are
Entry = tuple[int, str, str, int, int, int, dict[str, object], tuple[str, ...]]


def is_sampled(iteration: int) -> bool:
    """Return whether a whole iteration is recorded: 1, 2, 5, 10, 20, 50, 100, ..."""
    while iteration and iteration % 10 == 0:
        iteration //= 10
    return iteration in (1, 2, 5)


class Steps:
    """What is kept of the steps; ``quiet`` is entered while tensors are looked at."""

    def __init__(
        self, progress: Progress, curves: Curves, quiet: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self.progress, self.curves, self.quiet = progress, curves, quiet
        self.entries: BoundedList[Entry] = BoundedList(FIRST, LAST, BETWEEN)
        self.assigned = names_by_line(progress.source.tree)
        self.counted = loop_names(progress.source.tree)
        self.depth = 0
        self.frames = 0
        self._iteration, self._sampled = 0, False

    def follow(self, frame: FrameType) -> FunctionCall | None:
        """Begin with a call of one of the program's functions; None where only its lines are counted."""
        name = frame.f_code.co_name
        if name.startswith("<") and name != "<module>":
            return None  # a comprehension or a lambda: part of its line
        self.depth += 1
        self.frames += 1
        return FunctionCall(self, name, self.frames)

    def is_whole(self, times: int) -> bool:
        """Return whether all variables are looked at, and the step is kept: of a line that runs for this time."""
        if self.entries.at_beginning:
            return True
        if self.progress.iteration != self._iteration:
            self._iteration = self.progress.iteration
            self._sampled = is_sampled(self._iteration)
        return (times <= OF_EACH_LINE or self._sampled) and self.entries.has_room

    def records(self) -> tuple[Step, ...]:
        """Return the steps that are kept."""
        variables: dict[tuple[str, type, object], Variable] = {}

        def variable(name: str, value: object) -> Variable:
            if is_a(value, Variable):
                return value
            if is_a(value, Snapshot):
                key: tuple[str, type, object] = (name, Snapshot, id(value))
                if key not in variables:
                    variables[key] = value.variable()
                return variables[key]
            key = (name, type(value), value)
            if key not in variables:
                variables[key] = describe(name, value)
            return variables[key]

        return tuple(
            Step(index, *entry[:6], tuple(variable(*pair) for pair in entry[6].items()), entry[7], skipped)
            for index, skipped, entry in self.entries
        )

    @property
    def is_complete(self) -> bool:
        """Whether no step was left out."""
        return self.entries.is_complete

    @property
    def count(self) -> int:
        """How many steps are kept."""
        return len(self.entries)

    @property
    def total(self) -> int:
        """How many steps there were."""
        return self.entries.total


class FunctionCall:
    """One call of a function of the program: its variables as they were when they were last looked at."""

    __slots__ = ("changing", "depth", "function", "line", "marks", "number", "raised", "steps", "table", "writes")

    def __init__(self, steps: Steps, function: str, number: int) -> None:
        self.steps, self.function, self.number = steps, function, number
        self.depth = steps.depth
        self.line = 0
        self.writes = 0
        self.raised = False
        self.table: dict[str, object] = {}  # plain values as they are, others described; replaced when one changes
        self.marks: dict[str, object] = {}
        self.changing: dict[str, None] = {}  # names of tensors and lists: they change without an assignment

    def before(self, frame: FrameType, line: int, times: int) -> None:
        """Look at the variables before ``line`` runs for the ``times``-th time."""
        steps = self.steps
        if steps.is_whole(times):
            self._take(frame, line, "line", True)
        elif self.writes != steps.progress.writes:
            self._take(frame, line, "line", False)
        else:
            self._quick(frame, line)
        self.line, self.raised = line, False

    def left(self, frame: FrameType) -> None:
        """Look at the variables when the call is over."""
        self.steps.depth -= 1
        is_program = self.function == "<module>"
        event = "exception" if self.raised else "return"
        self._take(frame, frame.f_lineno, event, is_program or self.steps.is_whole(OF_EACH_LINE + 1))

    def _quick(self, frame: FrameType, line: int) -> None:
        """Look only at what the line before assigned: millions of cheap lines go this way."""
        steps = self.steps
        progress, entries = steps.progress, steps.entries
        progress.step = entries.total
        stored = steps.assigned.get(self.line)
        changed: tuple[str, ...] = ()
        if stored:
            values = frame.f_locals
            for name in stored:
                value = values.get(name, NOTHING)
                if type(value) in (int, float):
                    if _differs(value, self.table.get(name, NOTHING)):
                        self.table = {**self.table, name: value}
                        self.marks[name] = value
                        changed = (*changed, name)
                    self._draw(name, value)
                else:
                    with steps.quiet():
                        changed += self._compare([name], values, stored)
        entry = (line, "line", self.function, self.number, self.depth, progress.iteration, self.table, changed)
        entries.add(entry)

    def _take(self, frame: FrameType, line: int, event: str, whole: bool) -> None:
        """Look at all variables, or at those that may have changed."""
        steps = self.steps
        progress = steps.progress
        progress.step = steps.entries.total
        self.writes = progress.writes
        with steps.quiet():
            values = frame.f_locals
            stored = steps.assigned.get(self.line, ())
            names = self._all(values) if whole else [*stored, *self.changing]
            changed = self._compare(names, values, stored)
            entry = (line, event, self.function, self.number, self.depth, progress.iteration, self.table, changed)
            steps.entries.add(entry, whole)

    def _all(self, values: dict[str, Any]) -> list[str]:
        deleted = [name for name in self.table if name not in values]
        return deleted + [
            name for name, value in values.items() if name in self.table or not is_hidden(name, value)
        ]

    def _compare(self, names: list[str], values: dict[str, Any], stored: tuple[str, ...]) -> tuple[str, ...]:
        table = dict(self.table)
        changed: dict[str, None] = {}
        for name in names:
            value = values.get(name, NOTHING)
            if value is NOTHING or is_hidden(name, value):
                if table.pop(name, NOTHING) is not NOTHING:
                    changed[name] = None
                self.marks.pop(name, None)
                self.changing.pop(name, None)
                continue
            now, old = mark(value), self.marks.get(name, NOTHING)
            is_plain = type(value) in PLAIN
            if _differs(now, old) or (not is_plain and name in stored) or is_array(value):
                self.marks[name] = now
                entry: object = _short(value) if is_plain else self._snapshot(name, value)
                if _differs(entry, table.get(name, NOTHING)) or (_differs(now, old) and name in stored):
                    changed[name] = None
                    table[name] = entry
                    if is_a(value, Tensor) or type(value) in (list, dict, set):
                        self.changing[name] = None
            if name in stored:
                self._draw(name, value)
        if changed:
            self.table = table
        return tuple(changed)

    def _snapshot(self, name: str, value: object) -> Variable | Snapshot:
        entry = snapshot(name, value)
        return made_by(entry, self.steps.progress.makers.of(value)) if is_a(value, Tensor) else entry

    def _draw(self, name: str, value: object) -> None:
        steps, progress = self.steps, self.steps.progress
        plain = None if type(value) is int and name in steps.counted else number(value)
        if plain is not None:
            function = "" if self.function == "<module>" else self.function
            steps.curves.add("assigned", name, self.line, progress.step, progress.iteration, plain, function)


def _differs(value: object, other: object) -> bool:
    """Return whether a value is another one; True, 1 and 1.0 are three, although they are equal."""
    return value is not other and (type(value) is not type(other) or value != other)


def _short(value: object) -> object:
    return value[:1000] if is_a(value, str) else value
