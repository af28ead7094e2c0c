"""A whole experiment in real processes: its workers are killed again and again, and no run of it shows it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from core import datasets
from core.experiments import group
from core.experiments.plan import Axis, Plan
from core.experiments.results import outcomes
from core.training import checkpoint
from core.training.config import TrainConfig
from core.training.jobs import Jobs
from core.training.loop import new_state, train
from core.training.run_folder import RunFolder
from tests.training.comparing import digest

BASE = TrainConfig(dataset="digits", epochs=2, threads=1, batch_size=64, schedule="cosine", clip_norm=1.0, shift=1)
PLAN = Plan(BASE, (Axis("learning_rate", (0.02, 0.1, 0.2)),), seeds=1)  # two train at once, one waits
KILLS = 2
PATIENCE = 300.0  # seconds


@pytest.mark.long
@pytest.mark.timeout(400)
def test_an_experiment_survives_kills_of_its_workers(tmp_path: Path) -> None:
    jobs, end, kills = Jobs(tmp_path, limit=2, standby=False), time.monotonic() + PATIENCE, 0
    experiment = group.create(tmp_path, PLAN)
    try:
        assert group.advance(experiment, jobs) is None
        while not group.is_over(experiment):
            assert time.monotonic() < end, "waited in vain"
            states = [run.status for _member, run in experiment.runs() if run is not None]
            if kills < KILLS and any(s.state == "running" and s.step > 15 * (kills + 1) for s in states):
                for process in jobs.pool.processes():
                    os.kill(process, signal.SIGKILL)
                kills += 1
            if any(status.state == "interrupted" for status in states):
                group.resume(experiment, jobs)
            time.sleep(0.02)
    finally:
        jobs.close()
    assert kills == KILLS
    assert len(outcomes(experiment)) == 3
    for member, _run in experiment.runs():
        run, state = RunFolder(tmp_path, experiment.run_id(member)), new_state(member.config)
        expected = list(train(member.config, datasets.load("digits"), state))
        assert [event for _number, event in run.events(limit=10**6)] == expected
        last = checkpoint.load(run.checkpoint(f"epoch-{BASE.epochs}").path)
        assert digest(checkpoint.restore(member.config, last)) == digest(state)
