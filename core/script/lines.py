"""Counts the lines of the program's own file as they run: ``sys.settrace`` for its frames alone."""

from __future__ import annotations

import sys
from collections import Counter
from types import FrameType
from typing import Any

from core.script.records import LineCount

MOST = 3_000_000  # line events; at a quarter of a microsecond each


class Lines:
    """Counts until ``MOST`` lines have run, then lets the program go on at its own speed."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.counts: Counter[int] = Counter()
        self.total = 0

    def start(self) -> None:
        """Begin to count."""
        sys.settrace(self._frame)

    def stop(self) -> None:
        """Count no more."""
        sys.settrace(None)

    def _frame(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        return self._line if frame.f_code.co_filename == self.path else None

    def _line(self, frame: FrameType, event: str, _argument: Any) -> Any:
        if event == "line":
            self.counts[frame.f_lineno] += 1
            self.total += 1
            if self.total >= MOST:
                sys.settrace(None)
        return self._line

    def records(self) -> tuple[LineCount, ...]:
        """Return each line that ran and how often."""
        return tuple(LineCount(line, n, self.total >= MOST) for line, n in sorted(self.counts.items()))
