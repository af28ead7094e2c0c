"""Counts the lines of the program's own file as they run: ``sys.settrace`` for its frames alone.

Frames of other files go to the trace function that was there before: a debugger, or what measures coverage.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any

from core.script.program_record import LineCount
from core.script.steps import Steps

MOST = 3_000_000  # line events; at one to four microseconds each


class Lines:
    """Counts until ``MOST`` lines have run, then lets the program go on at its own speed."""

    def __init__(self, path: str, steps: Steps | None = None) -> None:
        self.path, self.steps = path, steps
        self.counts: Counter[int] = Counter()
        self.total = 0
        self._others: Any = None  # the trace function of frames of other files

    def start(self) -> None:
        """Begin to count."""
        self._others = sys.gettrace()
        sys.settrace(self._frame)

    def stop(self) -> None:
        """Count no more."""
        sys.settrace(self._others)

    def _frame(self, frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename != self.path:
            return None if self._others is None else self._other(frame, event, argument)
        followed = self.steps.follow(frame) if self.steps is not None else None
        if followed is None:
            return self._count

        def follow(frame: FrameType, event: str, _argument: Any) -> Callable[..., Any]:
            if not self.is_complete:  # a debugger may let events come after the end
                return follow
            if event == "line":
                line = frame.f_lineno
                self._count(frame, event, None)
                followed.before(frame, line, self.counts[line])
            elif event == "return":
                followed.left(frame)
            elif event == "exception":
                followed.raised = True
            return follow

        return follow

    def _other(self, frame: FrameType, event: str, argument: Any) -> Callable[..., Any]:
        """Hand a new frame on; what it goes to may have made itself the trace function of all frames."""
        local: Callable[..., Any] = self._others(frame, event, argument)
        if sys.gettrace() != self._frame:
            sys.settrace(self._frame)
        return local

    def _count(self, frame: FrameType, event: str, _argument: Any) -> Any:
        if event == "line" and self.is_complete:
            self.counts[frame.f_lineno] += 1
            self.total += 1
            if self.total >= MOST:
                self.stop()
        return self._count

    @property
    def is_complete(self) -> bool:
        """Whether all lines were counted."""
        return self.total < MOST

    def records(self) -> tuple[LineCount, ...]:
        """Return each line that ran and how often."""
        return tuple(LineCount(line, n, not self.is_complete) for line, n in sorted(self.counts.items()))
