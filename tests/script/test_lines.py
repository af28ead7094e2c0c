"""How often each line runs: what the trace function counts when Python hands it a frame and an event."""

from __future__ import annotations

import contextlib
import inspect
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from core.script.curves import Curves
from core.script.lines import Lines
from core.script.program_record import LineCount
from core.script.recorder import new_progress
from core.script.source import Source
from core.script.steps import Steps
from tests.script.stepping import BEFORE, PATH, frames, source_of

LOOPS = f"""\
for i in range(4):
    {BEFORE}x = i
    for j in range(i):
        {BEFORE}y = j
{BEFORE}z = [n for n in range(3)]
"""


@contextlib.contextmanager
def traced_by(function: Any) -> Iterator[None]:
    """Make ``function`` the trace function of this thread; then the one that was there, as of coverage."""
    before = sys.gettrace()
    sys.settrace(function)
    try:
        yield
    finally:
        sys.settrace(before)


def trace_function(lines: Lines) -> Any:
    """Return the function that ``lines`` gives to Python, without being traced by it."""
    lines.start()
    try:
        return sys.gettrace()
    finally:
        lines.stop()


def count(lines: Lines, source: Source) -> Counter[int]:
    """Hand each line of a program to ``lines`` as Python does; return how often it was on each."""
    times: Counter[int] = Counter()
    local, last = None, None
    for frame in frames(source):
        local = local or trace_function(lines)(frame, "call", None)
        times[frame.f_lineno] += 1
        local, last = local(frame, "line", None), frame
    assert local is not None
    local(last, "return", None)
    return times


def test_each_line_is_counted_as_often_as_it_ran() -> None:
    source = Source(PATH, LOOPS)
    lines = Lines(PATH)
    times = count(lines, source)
    assert times == {2: 4, 4: 6, 5: 1}
    assert lines.counts == times and lines.total == 11
    assert lines.records() == tuple(LineCount(line, number) for line, number in sorted(times.items()))


def test_a_frame_that_is_followed_is_counted_too_and_each_line_is_a_step() -> None:
    source = Source(PATH, LOOPS)
    steps = Steps(new_progress(source), Curves(), contextlib.nullcontext)
    lines = Lines(PATH, steps)
    assert count(lines, source) == lines.counts
    recorded = steps.records()
    assert Counter(step.line for step in recorded if step.event == "line") == lines.counts
    assert recorded[-1].event == "return" and {one.name: one.text for one in recorded[-2].variables}["x"] == "3"


def test_an_exception_ends_the_call_with_its_own_event() -> None:
    source = source_of(["x = 1"])
    steps = Steps(new_progress(source), Curves(), contextlib.nullcontext)
    trace = trace_function(Lines(PATH, steps))
    stops = frames(source)
    frame = next(stops)
    local = trace(frame, "call", None)
    for event in ("line", "exception", "return"):
        local = local(frame, event, None)
    assert [step.event for step in steps.records()] == ["line", "exception"]


def test_a_comprehension_has_counts_and_no_steps() -> None:
    steps = Steps(new_progress(Source(PATH, "")), Curves(), contextlib.nullcontext)
    lines = Lines(__file__, steps)
    running = (number for number in range(3))
    frame = running.gi_frame
    trace_function(lines)(frame, "call", None)(frame, "line", None)
    assert lines.total == 1 and not steps.records()


@pytest.mark.parametrize("is_followed", [False, True])
def test_counting_ends_at_its_bound_and_says_so(is_followed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.script.lines.MOST", 5)
    source = Source(PATH, LOOPS)
    steps = Steps(new_progress(source), Curves(), contextlib.nullcontext)
    lines = Lines(PATH, steps if is_followed else None)
    before = sys.gettrace()
    count(lines, source)
    assert sys.gettrace() is before
    assert lines.total == 5 and not lines.is_complete
    assert all(record.at_least for record in lines.records())
    assert steps.total == (5 if is_followed else 0)


def test_frames_of_other_files_are_not_counted() -> None:
    with traced_by(None):
        lines = Lines(PATH)
        assert trace_function(lines)(inspect.currentframe(), "call", None) is None
    assert lines.total == 0


def test_frames_of_other_files_go_to_the_trace_function_that_was_there() -> None:
    calls = []

    def debugger(frame: FrameType, event: str, _argument: Any) -> Any:
        calls.append((Path(frame.f_code.co_filename).name, event))
        sys.settrace(debugger)  # as some make themselves the function of all frames again
        return local

    def local(_frame: FrameType, _event: str, _argument: Any) -> Any:
        return local

    frame = inspect.currentframe()
    lines = Lines(PATH)
    with traced_by(debugger):
        lines.start()
        trace = sys.gettrace()
        followed = trace(frame, "call", None)
        is_back = sys.gettrace() == trace
        lines.stop()
        after = sys.gettrace()
    assert (Path(__file__).name, "call") in calls
    assert followed is local and is_back and after is debugger and lines.total == 0
