"""benchmarks/growth.py on a small scale: what is read and sent does not grow with the run."""

from __future__ import annotations

from pathlib import Path

from benchmarks import growth
from core.figures.live_chart import POINTS
from core.training.run_folder import RunFolder, list_runs

SMALL = growth.Scale(batches=(500, 3_000, 30_000), compared=3, runs=5, repeats=1)


def test_what_a_live_update_sends_is_bounded_however_long_the_run(tmp_path: Path) -> None:
    rows = {row.metric: row.value for row in growth.of_one_run(tmp_path, SMALL)}
    pale_and_smoothed, x_and_y, float32, rest = 2, 2, 4, 2_000
    assert rows["live update at 30,000 batches, sent"] <= POINTS * pale_and_smoothed * x_and_y * float32 + rest
    assert rows["live update, 30,000 : 3,000 batches, bytes"] < 2
    assert "comparing 3 such runs" in rows


def test_a_synthetic_run_is_one_that_the_pages_can_read(tmp_path: Path) -> None:
    run = RunFolder(tmp_path, growth.record(tmp_path, 2_000))
    losses = growth.losses_of(2_000)
    curve = run.curve(4_000)
    assert curve.loss.tolist() == losses
    assert curve.seen[-1] == 2 * 60_000 + (2_000 - 2 * 938) * 64  # two epochs of 938 batches, then 124 batches
    assert [test.epoch for test in run.tests()] == [1, 2]
    assert run.status().state == "finished"


def test_copies_are_runs_of_their_own(tmp_path: Path) -> None:
    first = growth.record(tmp_path, 100)
    others = [growth.copy(tmp_path, first, number) for number in range(1, 4)]
    assert {run.id for run in list_runs(tmp_path)} == {first, *others}
