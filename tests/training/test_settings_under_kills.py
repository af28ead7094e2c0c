"""Each way to train in a worker that is killed, and in its exported script: the same bits as without either."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from core import datasets
from core.export.training_script import training_script
from core.training import checkpoint
from core.training.config import INITIALISATIONS, SCHEDULES, TrainConfig
from core.training.events import Event, Finished, Started
from core.training.jobs import Jobs
from core.training.loop import TrainState, new_state, train
from core.training.run_folder import RunFolder
from tests.training.comparing import curves_of, digest, wait_for

BASE = TrainConfig(dataset="digits", epochs=4, batch_size=64, learning_rate=0.05, threads=1, log_interval=1)
SETTINGS: dict[str, dict[str, Any]] = {
    **{f"schedule {name}": {"schedule": name, "gamma": 0.5} for name in SCHEDULES},
    **{f"initialisation {name}": {"initialisation": name} for name in INITIALISATIONS[1:]},
    "clip_norm": {"clip_norm": 0.5},
    "shift": {"shift": 2},
    "rotate": {"rotate": 15.0},
    "patience": {"patience": 1, "epochs": 30, "learning_rate": 0.02},
}
# A run is compared bit for bit, so each of the settings that it has must survive. Those that learn nothing (normal,
# zeros) would hide what a changed image does to the weights: shift and rotate are with others.
RUNS = [
    ("schedule step", "initialisation kaiming", "shift"),
    ("schedule cosine", "initialisation xavier", "clip_norm"),
    ("schedule one_cycle", "rotate"),
    ("schedule warm_up", "initialisation normal"),
    ("schedule constant", "initialisation zeros"),
    ("patience",),
]


def test_the_runs_have_every_setting_once() -> None:
    assert sorted(name for names in RUNS for name in names) == sorted(SETTINGS)


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jobs]:
    """Workers for one run after the other."""
    door = Jobs(tmp_path_factory.mktemp("runs"), limit=1, standby=True)
    yield door
    door.close()


def quiet(config: TrainConfig) -> tuple[list[Event], TrainState]:
    """Train in this process; what happened, and the last state."""
    state = new_state(config)
    return list(train(config, datasets.load("digits"), state)), state


@pytest.mark.long
@pytest.mark.parametrize("names", RUNS, ids=" and ".join)
def test_a_run_with_these_settings_is_killed_goes_on_and_is_exported_exactly(
    names: tuple[str, ...], jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = BASE.with_(**{key: value for name in names for key, value in SETTINGS[name].items()})
    events, state = quiet(config)
    run = RunFolder(jobs.root, jobs.submit(config))
    wait_for(lambda: run.status().step >= 30)  # in the second epoch
    jobs.kill(run.id)
    assert run.status().state == "interrupted" and run.status().step < events[-1].step
    jobs.resume(run.id)
    wait_for(lambda: run.status().state == "finished")
    assert sum(isinstance(event, Started) for _number, event in run.life()) == 2
    assert [event for _number, event in run.events(limit=10**6)] == events
    end = events[-1]
    assert isinstance(end, Finished)
    last = checkpoint.load(run.checkpoint(f"epoch-{end.epoch}").path)
    assert digest(checkpoint.restore(config, last)) == digest(state)
    variables: dict[str, Any] = {}  # in this process: that a script runs alone is proven in test_export
    exec(compile(training_script(config), "train.py", "exec"), variables)
    assert (variables["train_losses"], variables["test_losses"]) == curves_of(events)
    weights = list(variables["network"].state_dict().values())
    assert all(map(torch.equal, weights, state.network.state_dict().values()))
    assert len(weights) == len(state.network.state_dict())


@pytest.mark.long
def test_each_setting_changes_the_run_and_early_stopping_stops_early() -> None:
    """Else the test above would hold for a setting that does nothing."""
    plain = quiet(BASE.with_(epochs=2))[0]
    for name, changes in SETTINGS.items():
        short = {**changes, "epochs": 2}
        if name not in ("schedule constant", "patience"):
            assert quiet(BASE.with_(**short))[0] != plain, name
    config = BASE.with_(**SETTINGS["patience"])
    assert 2 < quiet(config)[0][-1].step / 23 < config.epochs  # batches an epoch
