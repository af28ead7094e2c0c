"""What the program prints, with the line that printed it, within bounds."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import replace

from core.script.bounded_list import BoundedList
from core.script.curves import Curves
from core.script.events import Progress
from core.script.kinds import is_a
from core.script.program_record import Print

LONGEST = 2_000  # characters of one print


class Prints(io.TextIOBase):
    """Stands in for ``sys.stdout``: keeps the first and the last prints; ``line`` says where the program is."""

    encoding = "utf-8"

    def __init__(
        self, line: Callable[[], int], progress: Progress | None = None, curves: Curves | None = None
    ) -> None:
        """``progress`` says when it is; ``curves`` get the numbers that are printed."""
        super().__init__()
        self._line, self._progress, self._curves = line, progress, curves
        self._pieces: list[str] = []
        self._length = 0
        self._entries: BoundedList[Print] = BoundedList(500, 200)

    def writable(self) -> bool:
        """Say yes: a program asks."""
        return True

    def write(self, text: str) -> int:
        """Take a piece of text; a print ends with its line."""
        if not is_a(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self._length < LONGEST:
            self._pieces.append(text[: LONGEST - self._length])
        self._length += len(text)
        if text.endswith("\n"):
            self.flush_line()
        return len(text)

    def flush_line(self) -> None:
        """Keep what was printed since the last end of a line."""
        if self._length:
            whole = "".join(self._pieces).rstrip("\n") + (" …" if self._length > LONGEST else "")
            line, progress = self._line(), self._progress
            step, iteration = (progress.step, progress.iteration) if progress is not None else (0, 0)
            self._entries.add(Print(line, whole, 0, step, iteration))
            if self._curves is not None:
                self._curves.printed(whole, line, step, iteration)
            self._pieces, self._length = [], 0

    def last(self, most: int) -> list[str]:
        """Return the last ``most`` prints, shortened, while the program goes on."""
        return [entry.text[:200] for _number, _skipped, entry in [*self._entries][-most:]]

    def records(self) -> tuple[Print, ...]:
        """Return the prints."""
        self.flush_line()
        return tuple(replace(entry, skipped_before=skipped) for _number, skipped, entry in self._entries)


def line_of(path: str) -> Callable[[], int]:
    """Return a function that says which line of ``path`` is running now."""

    def line() -> int:
        frame = sys._getframe(1)
        while frame.f_back is not None and frame.f_code.co_filename != path:
            frame = frame.f_back
        return frame.f_lineno if frame.f_code.co_filename == path else 0

    return line
