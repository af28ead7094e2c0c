"""Numbers that repeat, kept as curves of bounded length."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from core.script.program_record import Series

POINTS = 512  # of one curve; twice as many while it grows
MOST = 400  # curves of one kind
NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?(?![\w.]*\w)|\b(?:nan|inf)\b")


@dataclass
class Curve:
    """Keeps every ``stride``-th number and the last; the stride doubles when there are too many."""

    line: int
    stride: int = 1
    total: int = 0
    points: list[tuple[int, int, float]] = field(default_factory=list)
    last: tuple[int, int, float] | None = None

    def add(self, step: int, iteration: int, value: float) -> None:
        """Take the next number."""
        point = (step, iteration, value)
        if self.total % self.stride == 0:
            self.points.append(point)
            if len(self.points) >= 2 * POINTS:
                self.points = self.points[::2]
                self.stride *= 2
        self.total += 1
        self.last = point


class Curves:
    """All curves of a program by (kind, function, name)."""

    def __init__(self) -> None:
        self._curves: dict[tuple[str, str, str], Curve] = {}
        self._kinds: dict[str, int] = {}

    def add(
        self, kind: str, name: str, line: int, step: int, iteration: int, value: float, function: str = ""
    ) -> None:
        """Take a number; those of too many curves are left out."""
        key = (kind, function, name)
        curve = self._curves.get(key)
        if curve is None:
            if self._kinds.get(kind, 0) >= MOST:
                return
            self._kinds[kind] = self._kinds.get(kind, 0) + 1
            curve = self._curves[key] = Curve(line)
        curve.add(step, iteration, value)

    def printed(self, text: str, line: int, step: int, iteration: int) -> None:
        """Take the numbers of a printed line, each named by the words before it: "loss" of "epoch 3 loss: 0.2"."""
        end = 0
        for position, match in enumerate(NUMBER.finditer(text[:300])):
            words = re.findall(r"[^\W\d][\w ]*", text[end : match.start()])
            end = match.end()
            name = words[-1].strip() if words else f"#{position + 1}"
            self.add("printed", name, line, step, iteration, float(match[0]), str(line))

    def records(self) -> tuple[Series, ...]:
        """Return the curves of two numbers or more."""
        return tuple(_series(key, curve) for key, curve in self._curves.items() if curve.total > 1)


def _series(key: tuple[str, str, str], curve: Curve) -> Series:
    kind, function, name = key
    points = [*curve.points]
    if curve.last is not None and points[-1] is not curve.last:
        points.append(curve.last)
    steps, iterations, values = zip(*points, strict=True)
    return Series(
        name, kind, curve.line, "" if kind == "printed" else function, steps, iterations, values, curve.total
    )
