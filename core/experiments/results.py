"""What came of an experiment: for each combination of values the results of its seeds, never a single lucky run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, stdev

import numpy as np
from numpy.typing import NDArray

from core.experiments.group import Experiment, number_of
from core.experiments.search import Search
from core.training.config import SettingValue
from core.training.run_folder import RunFolder, RunSummary
from core.training.status import FINAL

GRID = 120  # points of a line
Values = NDArray[np.float64]
DELETED = "deleted"
ENDED = (*FINAL, DELETED)  # nothing changes such a run any more


@dataclass(frozen=True)
class Result:
    """One run: its id, its seed, where it stands, and its latest test; None before there is one.

    ``state`` is "" of a run that was not started yet, and ``DELETED`` of one that was and is gone.
    """

    run: str
    seed: int
    state: str
    progress: float
    accuracy: float | None = None
    best_accuracy: float | None = None
    loss: float | None = None

    @property
    def number(self) -> int:
        """The number of the run in its experiment, from 1."""
        return number_of(self.run)


@dataclass(frozen=True)
class Outcome:
    """The runs of one combination of values, a run a seed."""

    values: tuple[SettingValue, ...]
    results: tuple[Result, ...]

    @property
    def finished(self) -> list[Result]:
        """The runs that came to their end with an accuracy; one that diverged has none that counts."""
        return [result for result in self.results if result.state == "finished" and result.accuracy is not None]

    @property
    def accuracies(self) -> list[float]:
        """The final accuracies of the runs that came to their end."""
        return [result.accuracy for result in self.finished if result.accuracy is not None]

    @property
    def diverged(self) -> int:
        """How many runs diverged."""
        return sum(result.state == "diverged" for result in self.results)

    @property
    def mean(self) -> float | None:
        """The mean final accuracy; None while no run has ended."""
        return fmean(self.accuracies) if self.accuracies else None

    @property
    def std(self) -> float | None:
        """The standard deviation of the final accuracies over the seeds, n - 1 in the denominator."""
        return stdev(self.accuracies) if len(self.accuracies) > 1 else None


@dataclass(frozen=True)
class Band:
    """A line over the seeds of one combination: mean, lowest and highest at each ``x``, examples seen."""

    values: tuple[SettingValue, ...]
    x: Values
    mean: Values
    low: Values
    high: Values
    seeds: int


def outcomes(experiment: Experiment) -> list[Outcome]:
    """Return the results of every combination of values, in the plan's order; of a search, those of each run."""
    by_values: dict[tuple[tuple[SettingValue, ...], int], list[Result]] = {}
    for member, run in experiment.runs():
        key = member.values, member.index if isinstance(experiment.plan, Search) else 0
        missing = DELETED if member.index < experiment.begun else ""
        by_values.setdefault(key, []).append(_result(experiment.run_id(member), member.config.seed, run, missing))
    return [Outcome(values, tuple(results)) for (values, _run), results in by_values.items()]


def states(experiment: Experiment, outcomes: list[Outcome]) -> list[str]:
    """Return the state of every run, also of those that are not proposed yet or were deleted."""
    present = [result.state for outcome in outcomes for result in outcome.results]
    deleted = max(0, experiment.begun - len(present))
    return [*present, *[DELETED] * deleted, *[""] * (experiment.plan.count - len(present) - deleted)]


def _result(name: str, seed: int, run: RunSummary | None, missing: str) -> Result:
    if run is None:
        return Result(name, seed, missing, 1.0 if missing else 0.0)
    status = run.status
    progress = 1.0 if status.state in FINAL else status.progress
    return Result(name, seed, status.state, progress, status.accuracy, status.best_accuracy, status.test_loss)


def bands(root: Path, outcomes: list[Outcome], quantity: str) -> list[Band]:
    """Return a line with a band for every combination in ``outcomes`` that has points.

    ``root`` is the folder of the runs, ``quantity`` "accuracy", "loss" or "training".

    It reaches as far as all its seeds do. Runs that diverged, were deleted or did not begin are left out.
    """
    all_bands = []
    for outcome in outcomes:
        lines = []
        for result in outcome.results:
            if result.state not in ("", DELETED, "diverged"):
                x, y = _line(RunFolder(root, result.run), quantity)
                if len(x):
                    lines.append((x, y))
        if lines:
            all_bands.append(_band(outcome.values, lines))
    return all_bands


def _line(run: RunFolder, quantity: str) -> tuple[Values, Values]:
    if quantity == "training":
        curve = run.curve(GRID)
        return curve.seen, curve.loss
    tests = run.tests()
    y = [test.accuracy if quantity == "accuracy" else test.loss for test in tests]
    return np.array([test.seen for test in tests], dtype=np.float64), np.array(y, dtype=np.float64)


def _band(values: tuple[SettingValue, ...], lines: list[tuple[Values, Values]]) -> Band:
    end = min(x[-1] for x, _y in lines)
    longest = max((x for x, _y in lines), key=len)
    x = longest[longest <= end]
    x = x if len(x) else np.array([end])
    table = np.stack([np.interp(x, at, y) for at, y in lines])  # (seeds, points)
    return Band(values, x, table.mean(0), table.min(0), table.max(0), len(lines))
