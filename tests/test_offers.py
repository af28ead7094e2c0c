"""Runs and checkpoints as choices: each has a label of its own, whatever people call their runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.training import run_folder
from core.training.checkpoint_id import CheckpointId
from core.training.config import TrainConfig
from core.training.run_controller import RunController
from core.training.run_folder import RunFolder, RunSummary
from core.training.status import Status
from pages.shared import offers
from tests.training.lives import WhenPaused

MINUTE = 1_700_000_000.0  # Unix seconds
names = st.sampled_from(["a", "a · 97.00%", "b · 22:13", "b", "x" * 200, "x" * 199 + "y"])
starts = st.sampled_from([MINUTE, MINUTE + 1, MINUTE + 0.5, MINUTE + 90])
accuracies = st.sampled_from([None, 0.97, 0.1])


def run(number: int, name: str, created: float, accuracy: float | None) -> RunSummary:
    """A run as the list shows it; the end of its id need not be its own."""
    run_id = f"20260101-120000-{number:04x}beef"
    return RunSummary(run_id, name, created, TrainConfig(), Status(accuracy=accuracy))


@given(st.lists(st.tuples(names, starts, accuracies), max_size=12))
def test_no_two_runs_have_the_same_label(facts: list[tuple[str, float, float | None]]) -> None:
    runs = [run(number, *each) for number, each in enumerate(facts)]
    for labels in (offers.run_labels(runs), offers.short_names(runs)):
        assert len(set(labels.values())) == len(runs)
        assert list(labels) == [each.id for each in runs]


def test_a_label_is_as_short_as_it_may_be() -> None:
    one, other = run(1, "first", MINUTE, 0.9789), run(2, "second", MINUTE, None)
    labels = offers.run_labels([one, other])
    assert labels[one.id].startswith("first · 97.89% · ")
    assert labels[other.id].startswith("second · ") and "%" not in labels[other.id]
    assert offers.short_names([one, other]) == {one.id: "first", other.id: "second"}


def test_twins_differ_in_the_second_and_twins_of_one_second_in_their_ids() -> None:
    seconds = offers.run_labels([run(1, "twin", MINUTE, 0.5), run(2, "twin", MINUTE + 1, 0.5)])
    assert [label[-2:] for label in seconds.values()] == ["20", "21"]
    same = offers.run_labels([run(1, "twin", MINUTE, 0.5), run(2, "twin", MINUTE, 0.5)])
    assert [label.split()[-1] for label in same.values()] == list(same)  # both ids end alike: they are shown whole


def test_runs_are_listed_by_the_moment_they_began_not_by_their_random_ids(tmp_path: Path) -> None:
    run_ids = [run_folder.create(tmp_path, TrainConfig(dataset="digits")).id for _ in range(6)]
    assert [each.id for each in run_folder.list_runs(tmp_path)] == run_ids[::-1]


@pytest.mark.parametrize("variants", [{}, {"a": ["x"], "b": ["y"]}, {"a": ["x", "a"], "b": ["x", "b"]}])
def test_labels_are_distinct(variants: dict[str, list[str]]) -> None:
    labels = offers.distinct(variants)
    assert len(set(labels.values())) == len(variants)


def test_an_older_address_means_the_newest_checkpoint_and_no_history_is_read_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[RunFolder] = []
    monkeypatch.setattr(offers.workspace, "root", lambda: tmp_path)
    monkeypatch.setattr(RunFolder, "tests", reads.append)
    folder = run_folder.create(tmp_path, TrainConfig(dataset="digits", epochs=1, threads=1))
    RunController(folder.path, WhenPaused({"do": "stop"}), lambda **_message: None).run(batches=1)
    newest = CheckpointId(folder.id, folder.checkpoints()[-1].name)
    assert offers.as_written_now(folder.id) == str(newest)
    assert offers.as_written_now(f"{newest.run}/{newest.checkpoint}") == str(newest)
    for other in ("", "gone", "../elsewhere", "bad run:x"):
        assert offers.as_written_now(other) == other
    assert reads == []
