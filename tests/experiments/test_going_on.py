"""Without a page an experiment goes on: as one run ends, the next that may start does, also in a classroom."""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path

import pytest

from core.classroom.classroom import Classroom
from core.classroom.settings import Settings
from core.experiments import group
from core.experiments.group import Experiment
from core.experiments.plan import Axis, Plan
from core.experiments.results import outcomes
from core.experiments.search import Range, Search
from core.training.config import TrainConfig
from pages.shared.jobs import jobs

BASE = TrainConfig(dataset="digits", epochs=1, threads=1, batch_size=512)
PATIENCE = 200.0  # seconds
pytestmark = [pytest.mark.long, pytest.mark.timeout(240)]


def wait(experiment: Experiment) -> None:
    """Wait until it is over."""
    end = time.monotonic() + PATIENCE
    while not group.is_over(experiment):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


@pytest.mark.skipif(importlib.util.find_spec("optuna") is None, reason="Optuna is in requirements-search.txt only")
def test_a_search_goes_on_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))
    search = Search(BASE, (Range("learning_rate", 0.01, 0.5, log=True),), runs=3, at_once=1)
    door = jobs()
    experiment = group.create(door.root, search)
    try:
        assert group.advance(experiment, door) is None
        assert len(experiment.runs()) == 1
        wait(experiment)
    finally:
        door.close()
    assert [outcome.results[0].state for outcome in outcomes(experiment)] == ["finished"] * 3


def test_in_a_classroom_what_the_limit_refused_starts_when_another_ends(tmp_path: Path) -> None:
    room = Classroom(tmp_path.resolve(), Settings(runs_at_once=1), standby=False)
    door = room.jobs_of("a" * 40)
    experiment = group.create(door.root, Plan(BASE, (Axis("learning_rate", (0.1, 0.2)),), seeds=1))
    try:
        refusal = group.advance(experiment, door)
        assert refusal is not None and "the limit is 1" in str(refusal)
        wait(experiment)
    finally:
        room.close()
    assert [outcome.results[0].state for outcome in outcomes(experiment)] == ["finished"] * 2
