"""core.training.screen_weights: what was on the screen can be looked at again, and the run does not know of it."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from core.errors import InvalidSetting
from core.training import checkpoint, run_folder, screen_weights
from core.training.checkpoint_id import CheckpointId
from core.training.checkpoint_writer import find_state
from core.training.config import Parent, TrainConfig
from core.training.network import make
from core.training.run_folder import RunFolder, create

CONFIG = TrainConfig(dataset="digits")


def state_of(value: float) -> dict[str, Tensor]:
    return {name: torch.full_like(weight, value) for name, weight in make(CONFIG).state_dict().items()}


def saved(run: RunFolder) -> list[str]:
    return [point.name for point in run.viewable()]


def test_they_are_read_back_bit_for_bit_beside_the_checkpoints_and_the_run_goes_on_without_them(
    tmp_path: Path,
) -> None:
    run, state = create(tmp_path, CONFIG, "a run"), make(CONFIG).state_dict()
    state["fc1.bias"].add_(0.1)
    name = screen_weights.save(run, 120, state)
    point = run.weights(name)
    assert (name, point.step) == ("batch-120", 120)
    again = checkpoint.load_model(point.path).state_dict()
    assert all(torch.equal(again[key], value) for key, value in state.items())
    assert str(CheckpointId.parse(f"{run.id}:{name}")) == f"{run.id}:{name}"
    assert saved(run) == [name] and run.all_checkpoints() == []
    assert find_state(run, 200)[1:] == ("", ())
    with pytest.raises(InvalidSetting):
        run.checkpoint(name)
    with pytest.raises(InvalidSetting):
        Parent(run.id, name)


def test_there_are_never_more_than_a_few_of_a_run_and_the_oldest_goes(tmp_path: Path) -> None:
    run = create(tmp_path, CONFIG, "a run")
    for step in (90, 10, 10, 20, 30, 40):
        screen_weights.save(run, step, state_of(step))
    assert saved(run) == ["batch-10", "batch-20", "batch-30", "batch-40"]
    assert len(list((run.path / run_folder.SCREEN_WEIGHTS).iterdir())) == screen_weights.MOST


@pytest.mark.parametrize("state", [state_of(float("nan")), {"weight": torch.ones(2)}])
def test_what_are_no_finite_weights_of_the_network_is_refused(tmp_path: Path, state: dict[str, Tensor]) -> None:
    run = create(tmp_path, CONFIG, "a run")
    with pytest.raises(InvalidSetting):
        screen_weights.save(run, 1, state)
    assert saved(run) == []


def test_a_run_that_is_deleted_stays_deleted(tmp_path: Path) -> None:
    run = create(tmp_path, CONFIG, "a run")
    run_folder.delete(tmp_path, run.id)
    with pytest.raises(InvalidSetting, match="there is no run"):
        screen_weights.save(run, 1, state_of(0.0))
    assert list(tmp_path.iterdir()) == []
