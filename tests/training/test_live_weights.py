"""core.training.live_weights: who watches has the weights of a run that trains, and the run does not feel it."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
import torch

from core.live.network.run import RunNetwork
from core.training import checkpoint, live_weights
from core.training.config import TrainConfig
from core.training.files import Lock
from core.training.live_weights import LiveWeights
from core.training.loop import new_state, train
from core.training.network import make
from core.training.run_folder import CHECKPOINTS, create
from core.training.schedule import Schedule
from core.training.status import WORKER_LOCK, read_status, write_status
from tests.training.data import SMALL, tiny_dataset


def test_a_run_with_it_and_a_run_without_it_are_equal_bit_for_bit(tmp_path: Path) -> None:
    config = SMALL
    alone, watched = new_state(config), new_state(config)
    history = list(train(config, tiny_dataset(), alone))
    hand = LiveWeights(tmp_path)
    again = []
    for event in train(config, tiny_dataset(), watched):
        hand.offer(watched.network, watched.step, 0.5, now=True)
        again.append(event)
    assert again == history
    for mine, theirs in zip(
        alone.network.state_dict().values(), watched.network.state_dict().values(), strict=True
    ):
        assert torch.equal(mine, theirs)
    weights = live_weights.read(tmp_path)
    assert weights is not None and weights.step == watched.step
    for name, value in watched.network.state_dict().items():
        assert torch.equal(weights.state[name], value)


def test_it_is_written_a_few_times_a_second_and_at_the_end(tmp_path: Path) -> None:
    now = [0.0]
    hand, net = LiveWeights(tmp_path, lambda: now[0]), make(TrainConfig())
    steps = []
    for step in range(100):
        now[0] = step / 100
        hand.offer(net, step, None)
        weights = live_weights.read(tmp_path)
        assert weights is not None
        steps.append(weights.step)
    steps_with_weights = sorted(set(steps))
    between = [(after - before) / 100 for before, after in itertools.pairwise(steps_with_weights)]
    assert 5 <= len(steps_with_weights) <= 10 and min(between) >= live_weights.EVERY
    hand.offer(net, 100, float("nan"), now=True)
    weights = live_weights.read(tmp_path)
    assert weights is not None and (weights.step, weights.loss) == (100, None)


@pytest.mark.parametrize("content", [b"", b"x", b"\0" * 64, b"\4\0\0\0{}  "])
def test_a_file_that_is_none_of_ours_is_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / live_weights.FILE).write_bytes(content)
    assert live_weights.read(tmp_path) is None


def test_a_folder_that_takes_nothing_does_not_end_the_run(tmp_path: Path) -> None:
    LiveWeights(tmp_path / "gone").offer(make(TrainConfig()), 1, 0.1)


def test_the_network_of_a_run_begins_with_its_first_weights_and_follows_those_handed_out(tmp_path: Path) -> None:
    config = TrainConfig(dataset="digits")
    run = create(tmp_path, config, "a run")
    find = RunNetwork(run.path, config)
    first = find()
    assert first.step is None and not first.over
    assert torch.equal(first.reader.net.state_dict()["conv1.weight"], make(config).state_dict()["conv1.weight"])
    state = new_state(config)
    with torch.no_grad():
        next(state.network.parameters()).add_(1)
    LiveWeights(run.path).offer(state.network, 7, 0.25)
    second = find()
    assert (second.step, second.loss, second.over) == (7, 0.25, False) and second.version != first.version
    assert find().version == second.version
    LiveWeights(run.path).offer(make(config), 8, 0.2)
    assert find().step == 8
    before, first_weights = find.weights_at(7), find.weights_at(0)
    assert before is not None and first_weights is not None and find.weights_at(9) is None
    assert torch.equal(before["conv1.weight"], first_weights["conv1.weight"] + 1)  # while newer ones are there
    assert torch.equal(
        second.reader.net.state_dict()["conv1.weight"], first.reader.net.state_dict()["conv1.weight"] + 1
    )
    status = read_status(run.path)
    write_status(run.path, type(status)(**{**vars(status), "state": "finished"}))
    assert find().over and find().step == 8
    write_status(run.path, type(status)(**{**vars(status), "state": "running"}))
    assert not find().over and not find().learns, "its worker is gone, and it can be taken up again"
    lock = Lock(run.path / WORKER_LOCK)
    assert lock.acquire() and find().learns
    lock.release()


def test_a_run_that_hands_out_no_weights_is_read_with_its_newest_checkpoint(tmp_path: Path) -> None:
    config = TrainConfig(dataset="digits")
    run, state = create(tmp_path, config, "a run"), new_state(config)
    find, times = RunNetwork(run.path, config), Schedule.of(config, 60)
    for step in (0, 5):
        with torch.no_grad():
            next(state.network.parameters()).add_(1)
        state.step = step
        checkpoint.write(run.path / CHECKPOINTS, f"step-{step}", checkpoint.capture(state, config, times))
        now = find()
        assert now.step == step and now.dataset == "digits"
        assert torch.equal(now.reader.net.state_dict()["conv1.weight"], state.network.state_dict()["conv1.weight"])
