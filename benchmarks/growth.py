"""What growth costs: a run of 1,000,000 recorded batches, ten of them side by side, and a workspace of 1,000 runs.

    python -m benchmarks.growth [--json]

The runs are synthetic: their batches are written by the same ``store.Writer`` that a worker uses, in the groups
that it writes, and read as the pages read them.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks import websocket_user
from benchmarks.report import Row, main
from benchmarks.websocket_user import User
from core.figures import run_curves
from core.figures.live_chart import POINTS
from core.message import pack
from core.training import run_folder
from core.training.config import TrainConfig
from core.training.events import Batch, Tested
from core.training.run_folder import RunFolder
from core.training.schedule import Schedule
from core.training.status import Status, write_status
from core.training.store import Writer
from tests.browser.chromium import server

NAME = "growth"
EXAMPLES, BATCH_SIZE = 60_000, 64
GROUP = 200  # batches that a worker writes at a time, at 2,000 a second
WORDS = run_curves.Words("training loss", "smoothed", "test loss", "test accuracy")


@dataclass(frozen=True)
class Scale:
    """How much of everything: the real thing, or a small version for a test."""

    batches: tuple[int, ...] = (1_000, 10_000, 100_000, 1_000_000)
    compared: int = 10
    runs: int = 1_000
    repeats: int = 20


def record(root: Path, batches: int) -> str:
    """Write a run of so many batches, a test after each epoch, and return its id."""
    epochs = -(-batches // Schedule(EXAMPLES, BATCH_SIZE, 1).batches_per_epoch)
    config = TrainConfig(dataset="mnist", epochs=epochs, batch_size=BATCH_SIZE)
    run = run_folder.create(root, config, f"{batches:,} batches")
    times = Schedule.of(config, EXAMPLES)
    losses = losses_of(batches)
    writer = Writer(run.path / run_folder.HISTORY, EXAMPLES)
    for first in range(1, batches + 1, GROUP):
        steps = range(first, min(first + GROUP, batches + 1))
        writer.add([Batch(step, times.epoch(step), times.examples_at(step), losses[step - 1]) for step in steps])
        writer.add([tested(times, step) for step in steps if times.ends_epoch(step)])
    writer.close()
    examples, loss = times.examples_at(batches), losses[-1]
    write_status(
        run.path,
        Status("finished", batches, times.steps, epochs, examples, epochs * EXAMPLES, 0.01, loss, 0.05, 0.98, 0.98),
    )
    return run.id


def losses_of(batches: int) -> list[float]:
    """Return a noisy falling curve, the same for the same number."""
    noise = np.random.default_rng(batches).gamma(4.0, 0.25, batches)
    falling: list[float] = (noise * (0.05 + 2.2 / (1 + np.arange(batches) / 300))).tolist()
    return falling


def tested(times: Schedule, step: int) -> Tested:
    """Return a test as large as MNIST's is: a confusion matrix of ten by ten, and its mistakes."""
    confusion = tuple(tuple(970 if row == column else 3 for column in range(10)) for row in range(10))
    return Tested(step, times.epoch(step), times.examples_at(step), 0.05, 0.98, confusion, ())


def seconds(act: Callable[[], object], repeats: int) -> float:
    """Return the median time of ``act``, after one time that does not count."""
    return interleaved({0: act}, repeats)[0]


def interleaved(acts: Mapping[int, Callable[[], object]], repeats: int) -> dict[int, float]:
    """Return the median time of each act; they take turns, so that a noisy moment meets all of them."""
    durations: dict[int, list[float]] = {name: [] for name in acts}
    for _ in range(repeats + 1):
        for name, act in acts.items():
            start = time.perf_counter()
            act()
            durations[name].append(time.perf_counter() - start)
    return {name: statistics.median(times[1:]) for name, times in durations.items()}


def look(root: Path, run_id: str) -> bytes:
    """Read what one live update reads and return the curves as they are sent to the browser."""
    run = RunFolder(root, run_id)
    status, changes = run.status(), run.changes()
    curves = run_curves.loss_curves(run.curve(POINTS), run.tests(), WORDS, 0.9, 0.0)
    header: dict[str, object] = {"step": status.step, "marks": len(changes)}
    return pack(header, [array for curve in curves for array in (curve.x, curve.y)])


def open_run(root: Path, run_id: str) -> None:
    """Read everything that the page Train shows of a run."""
    look(root, run_id)
    run = RunFolder(root, run_id)
    run.life(), run.checkpoints(), run.tests(), run_folder.lineage(root, run_id)


def compare(root: Path, ids: list[str]) -> None:
    """Read the curves of several runs as the page Runs lays them over each other."""
    for run_id in ids:
        look(root, run_id)


def of_one_run(root: Path, scale: Scale) -> Iterator[Row]:
    """Measure a live update as the run grows, and opening and comparing the longest."""
    ids = {batches: record(root, batches) for batches in scale.batches[:-1]}
    start = time.perf_counter()
    few, many = scale.batches[1], scale.batches[-1]
    longest = ids[many] = record(root, many)
    yield Row(NAME, f"recording {many:,} batches", (time.perf_counter() - start) / many * 1e6, "µs a batch")
    times = interleaved({batches: partial(look, root, run_id) for batches, run_id in ids.items()}, scale.repeats)
    sizes = {batches: len(look(root, run_id)) for batches, run_id in ids.items()}
    for batches in scale.batches:
        yield Row(NAME, f"live update at {batches:,} batches", times[batches] * 1000, "ms")
        yield Row(NAME, f"live update at {batches:,} batches, sent", sizes[batches], "bytes")
    yield Row(NAME, f"live update, {many:,} : {few:,} batches, time", times[many] / times[few], "times", "< 2")
    yield Row(NAME, f"live update, {many:,} : {few:,} batches, bytes", sizes[many] / sizes[few], "times", "< 2")
    size = sum(path.stat().st_size for path in (root / longest).iterdir() if path.is_file())
    yield Row(NAME, f"a run of {many:,} batches on the disk", size / 1e6, "MB")
    yield Row(
        NAME, f"opening {many:,} batches", seconds(partial(open_run, root, longest), scale.repeats), "s", "< 1"
    )
    side_by_side = [longest, *(copy(root, longest, number) for number in range(1, scale.compared))]
    comparing = seconds(partial(compare, root, side_by_side), 3)
    yield Row(NAME, f"comparing {scale.compared} such runs", comparing, "s", "< 1")


def copy(root: Path, run_id: str, number: int) -> str:
    """Copy a run under another id of the same form and return it."""
    other = f"{run_id[:-8]}{number:08x}"
    shutil.copytree(root / run_id, root / other)
    return other


def of_many_runs(root: Path, scale: Scale) -> Iterator[Row]:
    """Measure a workspace of many small runs: listing them, and drawing the page that shows them."""
    first = record(root, 100)
    for number in range(1, scale.runs):
        copy(root, first, number)
    listed = seconds(partial(run_folder.list_runs, root), 3)
    yield Row(NAME, f"listing {scale.runs:,} runs", listed, "s", "< 1")
    yield Row(NAME, f"the page Runs with {scale.runs:,} runs", runs_page(root, 3), "s", "< 1")


def runs_page(root: Path, repeats: int) -> float:
    """Return how long the page Runs takes on a real server, from asking for it to its last element."""
    with server({"STEPWISE_RUNS": str(root)}) as address:
        return websocket_user.run(_ask_again(User(address), "compare", repeats))


async def _ask_again(user: User, page: str, repeats: int) -> float:
    await user.open(page)
    durations = [(await user.go(page)).seconds for _ in range(repeats)]
    await user.close()
    return statistics.median(durations)


def measure(scale: Scale | None = None) -> Iterator[Row]:
    """Yield the rows of this benchmark."""
    with tempfile.TemporaryDirectory(prefix="stepwise-") as folder:
        yield from of_one_run(Path(folder) / "one", scale or Scale())
        yield from of_many_runs(Path(folder) / "many", scale or Scale())


if __name__ == "__main__":
    sys.exit(main(measure, __doc__))
