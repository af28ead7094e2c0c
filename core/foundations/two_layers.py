"""The two-layer network four ways: the programs on the screen are files, and they are what runs."""

from __future__ import annotations

import ast
import math
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import numpy as np

from core.errors import N_, InvalidSetting
from core.rng import own_generator

FOLDER = Path(__file__).parent / "ways"
WAYS = {"numpy": "numpy_way", "tensors": "tensors", "sequential": "sequential", "module": "module"}
LOCKSTEP = ("numpy", "tensors", "sequential")  # the same weights and the same rule; the fourth has Adam
MOST_NUMBERS = 1_000_000  # in one matrix: 8 MB of float64, of which an iteration of a program makes several
MOST_WORK = 4e10  # multiplications of one program; all four take 5 to 20 seconds on one core
ROUNDS = 5  # of a measurement of time
MOVED = 250  # a number that an iteration writes to memory takes as long as so many multiplications in a product


@dataclass(frozen=True)
class WaysSettings:
    """The sizes of x (N, D_in), w1 (D_in, H), w2 (H, D_out), y (N, D_out), and how long and far to train."""

    N: int = 64
    D_in: int = 1000
    H: int = 100
    D_out: int = 10
    learning_rate: float = 1e-6
    adam_learning_rate: float = 1e-4
    iterations: int = 500
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("N", "D_in", "H", "D_out", "iterations"):
            if getattr(self, name) < 1:
                raise InvalidSetting(
                    N_("{name} must be at least 1, not {value}"), name=name, value=getattr(self, name)
                )
        for rate in (self.learning_rate, self.adam_learning_rate):
            if not (math.isfinite(rate) and rate > 0):
                raise InvalidSetting(N_("the learning rate must be above 0, not {lr}"), lr=rate)
        if self.work > MOST_WORK:
            raise InvalidSetting(
                N_(
                    "these settings are as much work as {work} billion multiplications a program; the lesson stops"
                    " at {most}: take smaller sizes or fewer iterations"
                ),
                work=round(self.work / 1e9),
                most=round(MOST_WORK / 1e9),
            )
        for name, (rows, columns) in self.shapes.items():
            if rows * columns > MOST_NUMBERS:
                raise InvalidSetting(
                    N_("{name} of shape {shape} would hold {count} numbers; the lesson stops at {most}"),
                    name=name,
                    shape=(rows, columns),
                    count=rows * columns,
                    most=MOST_NUMBERS,
                )

    @property
    def shapes(self) -> dict[str, tuple[int, int]]:
        """The shape of every matrix that the programs make, without the gradients, which have the same ones."""
        return {
            "x": (self.N, self.D_in),
            "w1": (self.D_in, self.H),
            "h": (self.N, self.H),
            "w2": (self.H, self.D_out),
            "y": (self.N, self.D_out),
        }

    @property
    def work(self) -> float:
        """Multiplications of one program, forward x w1 and h w2, backward each gradient; and what memory costs."""
        products = self.N * self.H * (2 * self.D_in + 3 * self.D_out)
        weights = sum(rows * columns for name, (rows, columns) in self.shapes.items() if name != "x")
        return float(self.iterations * (products + MOVED * weights))


@dataclass(frozen=True)
class Line:
    """One line of a program and the ideas it carries out; lines of two programs correspond when they share one."""

    text: str
    ideas: tuple[str, ...]


@cache
def _source(way: str) -> tuple[Line, ...]:
    lines = []
    for raw in (FOLDER / f"{WAYS[way]}.py").read_text(encoding="utf-8").splitlines():
        if raw.startswith("# mypy"):
            continue
        text, _, ideas = raw.partition("#:")
        lines.append(Line(re.sub(r"\s*# noqa: \S+", "", text).rstrip(), tuple(ideas.split())))
    return tuple(lines)


def lines(way: str, settings: WaysSettings) -> tuple[Line, ...]:
    """Return the program of ``way``, a key of ``WAYS``, line by line, with the sizes of ``settings`` in it."""
    s = settings
    rate = s.adam_learning_rate if way == "module" else s.learning_rate
    replacements = {
        "sizes": f"N, D_in, H, D_out = {s.N}, {s.D_in}, {s.H}, {s.D_out}",
        "settings": f"learning_rate, iterations, seed = {rate!r}, {s.iterations}, {s.seed}",
    }
    return tuple(Line(replacements.get(" ".join(line.ideas), line.text), line.ideas) for line in _source(way))


def program(way: str, settings: WaysSettings) -> str:
    """Return the program of ``way`` as text that runs alone."""
    return "\n".join(line.text for line in lines(way, settings)) + "\n"


@dataclass(frozen=True)
class Run:
    """What a program left: the loss of each iteration, the seconds its loop took, and all its names."""

    losses: tuple[float, ...]
    seconds: float
    names: dict[str, Any]


def run(text: str) -> Run:
    """Execute a program and time its training loop; what the program raises is raised.

    Nothing is printed, and PyTorch's global generator is as before afterwards: only what comes before the loop
    draws from it, so nobody else waits for it while the loop trains.
    """
    before, loop, after = _parts(text)
    names: dict[str, Any] = {"__name__": "__main__", "print": lambda *_: None}
    with own_generator():
        exec(before, names)
    started = time.perf_counter()
    exec(loop, names)
    seconds = time.perf_counter() - started
    exec(after, names)
    return Run(tuple(float(loss) for loss in names["losses"]), seconds, names)


class Stepping:
    """A program that stands between two iterations of its training loop.

    Nothing is printed. The program sees its own ``range``, which ends where the next halt is.
    """

    def __init__(self, text: str) -> None:
        before, self._loop, _after = _parts(text)
        self._names: dict[str, Any] = {"__name__": "__main__", "print": lambda *_: None}
        self._position = self._until = 0
        with own_generator():
            exec(before, self._names)
        self._names["range"] = self._range

    def _range(self, iterations: int) -> range:
        return range(self._position, min(self._until, iterations))

    def advance(self, count: int) -> list[float]:
        """Run the next ``count`` iterations and return their losses."""
        self._until = self._position + count
        with np.errstate(all="ignore"):  # a loss that grows beyond a float is said in words
            exec(self._loop, self._names)
        losses = [float(loss) for loss in self._names["losses"][self._position :]]
        self._position += len(losses)
        return losses


def before_training(text: str) -> dict[str, Any]:
    """Execute a program up to its training loop and return its names: data and initial weights."""
    names: dict[str, Any] = {"__name__": "__main__"}
    with own_generator():
        exec(_parts(text)[0], names)
    return names


def _parts(text: str) -> list[CodeType]:
    """Compile what comes before the training loop, the loop, and what comes after it."""
    body = ast.parse(text).body
    loop = next(i for i, node in enumerate(body) if isinstance(node, ast.For))
    parts = (body[:loop], body[loop : loop + 1], body[loop + 1 :])
    return [compile(ast.Module(part, []), "<program>", "exec") for part in parts]


@dataclass(frozen=True)
class Lockstep:
    """The losses of all four programs, and how far the first three are apart.

    ``differences[k]`` is the largest minus the smallest of the three losses of iteration k, divided by the first
    loss; ``largest`` is the largest of them up to the iteration at which a loss stops being finite.
    """

    losses: Mapping[str, Sequence[float]]
    differences: tuple[float, ...]

    @property
    def largest(self) -> float:
        """The largest difference as a share of the first loss."""
        return max((value for value in self.differences if math.isfinite(value)), default=0.0)

    @property
    def finite(self) -> bool:
        """Whether the first three kept finite losses to the end."""
        return all(math.isfinite(self.losses[way][-1]) for way in LOCKSTEP)


def losses_of(text: str) -> tuple[float, ...]:
    """Run a program and return the loss of each iteration."""
    return run(text).losses


def lockstep(settings: WaysSettings) -> Lockstep:
    """Run all four programs from the same initial weights (the fourth from its own) and compare."""
    losses = {way: losses_of(program(way, settings)) for way in WAYS}
    return compared(losses, losses["numpy"][0])


def compared(losses: Mapping[str, Sequence[float]], first: float) -> Lockstep:
    """Compare the losses of the four programs, iteration by iteration; ``first`` is the first of all."""
    together = zip(*(losses[way] for way in LOCKSTEP), strict=True)
    return Lockstep(losses, tuple((max(three) - min(three)) / first for three in together))


@dataclass(frozen=True)
class Timing:
    """Seconds for one iteration: the median of several runs, the fastest and the slowest of them."""

    median: float
    fastest: float
    slowest: float


def timed_iterations(settings: WaysSettings) -> int:
    """Return how many iterations a round of ``measure`` takes: 20, or fewer where the sizes are large."""
    affordable = int(MOST_WORK / ROUNDS / (settings.work / settings.iterations))
    return max(1, min(20, settings.iterations, affordable))


def measure(settings: WaysSettings) -> dict[str, Timing]:
    """Time the loop of each program in ``ROUNDS`` rounds, in turn: a busy moment meets all of them alike."""
    short = replace(settings, iterations=timed_iterations(settings))
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(ROUNDS):
        for way in WAYS:
            seconds[way].append(run(program(way, short)).seconds / short.iterations)
    return {
        way: Timing(sorted(durations)[ROUNDS // 2], min(durations), max(durations))
        for way, durations in seconds.items()
    }
