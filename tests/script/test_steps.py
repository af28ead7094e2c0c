"""The steps of a program: before each line, the variables are what the program's own frame holds then."""

from __future__ import annotations

import contextlib
import re
import types
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.script import steps, variables
from core.script.curves import Curves
from core.script.program_record import Series, Step, Variable
from core.script.recorder import new_progress
from core.script.source import Source
from tests.script.stepping import BEFORE, PATH, frames, source_of

HIDDEN = ("__line__", "__builtins__", "torch")
STATEMENTS = st.sampled_from(
    [
        *(
            "a = 1",
            "a = 2",
            "n += 1",
            "a = 'text'",
            "a = None",
            "a = True",
            "a = 2.5",
            "a, t = 3, 4",
            "del t; t = 0",
        ),
        *(
            "del t; t = 0",
            "items = []",
            "items.append(a)",
            "items[:] = [1, 2]",
            "table = {1: 2}",
            "table[1] = a",
            "a = len",
        ),
        *("w = torch.ones(2)", "w[0] = 3", "w.add_(1)", "w = w * 2", "layer = torch.nn.Linear(1, 1)"),
    ]
)
BEGINNING = ["a, n, t, items, table, w = 0, 0, 0, [], {}, torch.zeros(2)"]


@dataclass
class Walk:
    """What the steps hold of a program, beside what its frame held at the same moments."""

    steps: tuple[Step, ...]
    variables: list[dict[str, Variable]] = field(default_factory=list)
    series: tuple[Series, ...] = ()


def walk(source: Source, **bounds: int) -> Walk:
    """Step through a program with other bounds of what is kept; lines that begin with ``w`` write to it."""
    progress, curves, times, in_frame = new_progress(source), Curves(), Counter[int](), []
    with pytest.MonkeyPatch.context() as patch:
        for name, value in bounds.items():
            patch.setattr(steps, name, value)
        all_steps = steps.Steps(progress, curves, contextlib.nullcontext)
    call = frame = None
    for frame in frames(source, torch=torch):
        call = call or all_steps.follow(frame)
        assert call is not None
        progress.writes += source.line(frame.f_lineno - 1).startswith(f"{BEFORE}w")
        times[frame.f_lineno] += 1
        call.before(frame, frame.f_lineno, times[frame.f_lineno])
        in_frame.append(
            {
                name: variables.describe(name, value)
                for name, value in frame.f_locals.items()
                if name not in HIDDEN and type(value) is not types.BuiltinFunctionType
            }
        )
    return Walk(all_steps.records(), in_frame, curves.records())


@given(st.lists(STATEMENTS, max_size=12))
def test_before_each_line_the_variables_are_those_of_the_frame(statements: list[str]) -> None:
    source = source_of(BEGINNING + statements)
    # All is looked at before each line, or only what may have changed.
    for bounds in (
        {},
        {"FIRST": 0, "BETWEEN": 0, "LAST": 1000},
    ):
        result = walk(source, **bounds)
        assert [step.line for step in result.steps] == list(range(1, len(source.lines) + 1))
        for step, now in zip(result.steps, result.variables, strict=True):
            assert {one.name: one for one in step.variables} == now


@given(st.lists(STATEMENTS, max_size=12))
def test_what_changed_is_what_differs_from_the_step_before(statements: list[str]) -> None:
    result = walk(source_of(BEGINNING + statements))
    before: dict[str, Variable] = {}
    for step, now in zip(result.steps, result.variables, strict=True):
        differs = {name for name in {*before, *now} if before.get(name) != now.get(name)}
        assert differs <= set(step.changed)
        statement = (BEGINNING + statements)[step.index - 1] if step.index else ""
        assert all(name in differs or name in re.findall(r"\w+", statement) for name in step.changed)
        before = now


def test_a_value_that_stays_the_same_did_not_change() -> None:
    result = walk(source_of(["a = 2", "a = 2", "w = [1]", "w = [1]"]))
    assert [step.changed for step in result.steps] == [(), ("a",), (), ("w",), ("w",)]


def test_equal_values_of_two_types_are_two_values() -> None:
    statements = ["a = 1", "a = True", "a = 1.0"]
    for bounds in ({}, {"FIRST": 0, "BETWEEN": 0, "LAST": 1000}):
        last = walk(source_of(statements), **bounds).steps[1:]
        assert [step.variables[0].text for step in last] == ["1", "True", "1.0"]
        assert all(step.changed == ("a",) for step in last)


def test_an_assigned_number_is_a_curve_and_what_a_loop_counts_is_none() -> None:
    text = f"for i in range(5):\n    {BEFORE}x = i * i\n    {BEFORE}y = 'text'\n{BEFORE}pass\n"
    for bounds in ({}, {"FIRST": 0, "BETWEEN": 0, "LAST": 1}):
        (series,) = walk(Source(PATH, text), **bounds).series
        assert (series.name, series.kind, series.line, series.function) == ("x", "assigned", 2, "")
        assert series.values == tuple(float(i * i) for i in range(5))


def test_of_a_long_program_the_first_times_whole_iterations_and_the_last_steps_are_kept() -> None:
    count, first, last = 60, 3, 2
    source = Source(PATH, f"for i in range({count}):\n    {BEFORE}x = i\n{BEFORE}pass\n")
    progress = new_progress(source)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("FIRST", first), ("BETWEEN", 4), ("LAST", last)):
            patch.setattr(steps, name, value)
        all_steps = steps.Steps(progress, Curves(), contextlib.nullcontext)
    call = None
    for number, frame in enumerate(frames(source)):
        call = call or all_steps.follow(frame)
        assert call is not None
        progress.iteration = number
        call.before(frame, frame.f_lineno, number + 1)
    records = all_steps.records()
    between = [number for number in range(first, count) if steps.is_sampled(number)][:4]
    assert [step.index for step in records] == [0, 1, 2, *between, count - 1, count]
    assert all_steps.total == count + 1 and all_steps.count == len(records) and not all_steps.is_complete
    assert sum(step.skipped_before + 1 for step in records) == all_steps.total


def test_iterations_are_sampled_by_the_leading_digit() -> None:
    assert [i for i in range(1001) if steps.is_sampled(i)] == [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]


def counting() -> Iterator[int]:
    """A function that waits before its line."""
    n = 0
    yield n
    n = n + 1
    yield n


def test_each_call_has_a_number_and_a_depth_and_ends_with_a_return_or_an_exception() -> None:
    all_steps = steps.Steps(new_progress(Source(PATH, "")), Curves(), contextlib.nullcontext)
    for is_raised in (False, True):
        running = counting()
        next(running)
        call = all_steps.follow(running.gi_frame)
        assert call is not None
        call.before(running.gi_frame, running.gi_frame.f_lineno, 1)
        call.raised = is_raised
        call.left(running.gi_frame)
    records = all_steps.records()
    assert [(step.event, step.function, step.frame, step.depth) for step in records] == [
        ("line", "counting", 1, 1),
        ("return", "counting", 1, 1),
        ("line", "counting", 2, 1),
        ("exception", "counting", 2, 1),
    ]


def test_a_lambda_is_part_of_its_line() -> None:
    all_steps = steps.Steps(new_progress(Source(PATH, "")), Curves(), contextlib.nullcontext)
    running = (lambda: (yield))()
    assert all_steps.follow(running.gi_frame) is None and all_steps.depth == 0
