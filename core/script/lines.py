"""Counts the lines of the program's own file as they run: ``sys.settrace`` for its frames alone."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any

from core.script.records import LineCount
from core.script.steps import Steps

MOST = 3_000_000  # line events; at one to four microseconds each


class Lines:
    """Counts until ``MOST`` lines have run, then lets the program go on at its own speed."""

    def __init__(self, path: str, steps: Steps | None = None) -> None:
        self.path, self.steps = path, steps
        self.counts: Counter[int] = Counter()
        self.total = 0

    def start(self) -> None:
        """Begin to count."""
        sys.settrace(self._frame)

    def stop(self) -> None:
        """Count no more."""
        sys.settrace(None)

    def _frame(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        if frame.f_code.co_filename != self.path:
            return None
        followed = self.steps.follow(frame) if self.steps is not None else None
        if followed is None:
            return self._count

        def follow(frame: FrameType, event: str, _argument: Any) -> Callable[..., Any]:
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

    def _count(self, frame: FrameType, event: str, _argument: Any) -> Any:
        if event == "line":
            self.counts[frame.f_lineno] += 1
            self.total += 1
            if self.total >= MOST:
                sys.settrace(None)
        return self._count

    @property
    def is_complete(self) -> bool:
        """Whether all lines were counted."""
        return self.total < MOST

    def records(self) -> tuple[LineCount, ...]:
        """Return each line that ran and how often."""
        return tuple(LineCount(line, n, not self.is_complete) for line, n in sorted(self.counts.items()))
