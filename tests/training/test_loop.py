"""The loop: the tutorial's arithmetic, and a history that is a function of configuration, data and changes."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F

from core.datasets import normalise
from core.networks import registry
from core.training.config import TrainConfig
from core.training.events import Batch, Changed, Diverged, Event, Finished, Saved, from_json, to_json
from core.training.events import Tested as AfterTest
from core.training.loop import new_state, train
from core.training.schedule import Schedule, epoch_seed
from tests.training.data import SMALL, tiny_dataset

DATA = tiny_dataset()


def losses(events: list[Event]) -> list[float]:
    return [event.loss for event in events if isinstance(event, Batch)]


def tutorial_losses(config: TrainConfig) -> tuple[list[float], list[float]]:
    """The tutorial's own loop: plain memory layout, plain optimizer, ``nll_loss`` summed over test batches."""
    torch.set_num_threads(1)
    network = registry.build("mnist", seed=config.seed)
    optimizer = torch.optim.SGD(network.parameters(), lr=config.learning_rate, momentum=config.momentum)
    images, labels = normalise(DATA.train_images), DATA.train_labels
    test_images, test_labels = normalise(DATA.test_images), DATA.test_labels
    train_losses, test_losses = [], []

    def test() -> None:
        network.eval()
        with torch.no_grad():
            total = F.nll_loss(network(test_images), test_labels, reduction="sum").item()
        test_losses.append(total / len(test_labels))

    test()
    for epoch in range(1, config.epochs + 1):
        torch.manual_seed(epoch_seed(config.seed, epoch))
        order = torch.randperm(len(labels))
        network.train()
        for indices in order.split(config.batch_size):
            optimizer.zero_grad()
            loss = F.nll_loss(network(images[indices]), labels[indices])
            loss.backward()
            optimizer.step()
            train_losses.append(loss.item())
        test()
    return train_losses, test_losses


def test_the_losses_are_those_of_the_tutorials_loop() -> None:
    events = list(train(SMALL, DATA))
    expected_train, expected_test = tutorial_losses(SMALL)
    assert losses(events) == pytest.approx(expected_train, abs=1e-4)
    assert [event.loss for event in events if isinstance(event, AfterTest)] == pytest.approx(
        expected_test, abs=1e-4
    )


def test_tests_come_after_0_1_and_2_epochs_and_each_is_followed_by_its_checkpoint() -> None:
    events = list(train(SMALL, DATA))
    rare = [(type(event), event.step) for event in events if not isinstance(event, Batch)]
    steps = 4  # 60 examples in batches of 16: 16 + 16 + 16 + 12
    at = [(kind, step) for step in (0, steps, 2 * steps) for kind in (AfterTest, Saved)]
    assert rare == [*at, (Finished, 2 * steps)]
    assert [event.seen for event in events if isinstance(event, Batch)] == [16, 32, 48, 60, 76, 92, 108, 120]
    assert [event.epoch for event in events if isinstance(event, Batch)] == [1, 1, 1, 1, 2, 2, 2, 2]


def test_a_test_counts_every_image_once_and_lists_wrong_answers_by_their_loss() -> None:
    tested = next(event for event in train(SMALL, DATA) if isinstance(event, AfterTest))
    assert sum(map(sum, tested.confusion)) == 30
    right = sum(tested.confusion[digit][digit] for digit in range(10))
    assert tested.accuracy == right / 30
    assert len(tested.mistakes) == min(24, 30 - right)
    assert [m.loss for m in tested.mistakes] == sorted((m.loss for m in tested.mistakes), reverse=True)
    for mistake in tested.mistakes:
        assert int(DATA.test_labels[mistake.index]) == mistake.label != mistake.predicted
    network = new_state(SMALL).network.eval()
    worst = tested.mistakes[0]
    output = network(normalise(DATA.test_images[worst.index : worst.index + 1]))
    assert worst.loss == pytest.approx(-output[0, worst.label].item(), rel=1e-5)


def test_the_same_configuration_gives_the_same_history_and_another_seed_another() -> None:
    assert list(train(SMALL, DATA)) == list(train(SMALL, DATA))
    assert losses(list(train(SMALL.with_(seed=2), DATA))) != losses(list(train(SMALL, DATA)))


@pytest.mark.parametrize("optimizer", ["sgd", "nesterov", "adam", "rmsprop"])
def test_every_optimizer_learns(optimizer: str) -> None:
    rate = 0.05 if optimizer in ("sgd", "nesterov") else 0.003
    config = SMALL.with_(optimizer=optimizer, learning_rate=rate, epochs=12, dropout=False)
    accuracies = [event.accuracy for event in train(config, DATA) if isinstance(event, AfterTest)]
    assert accuracies[-1] > max(0.5, accuracies[0])


@pytest.mark.parametrize("network", ["lenet5", "lenet3", "stack:1x28x28~max-k4~flatten~linear-i49-o10"])
def test_every_network_trains_with_the_loss_of_its_output(network: str) -> None:
    config = SMALL.with_(network=network, epochs=1)
    first = next(event for event in train(config, DATA) if isinstance(event, AfterTest))
    assert first.loss == pytest.approx(math.log(10), abs=0.6)  # nothing learned: about one in ten
    trained = new_state(config).network
    plain = registry.build(network, seed=config.seed)
    assert all(
        torch.equal(a, b) for a, b in zip(trained.state_dict().values(), plain.state_dict().values(), strict=True)
    )


def test_dropout_off_draws_no_masks() -> None:
    on, off = (losses(list(train(SMALL.with_(dropout=dropout), DATA))) for dropout in (True, False))
    assert on != off


def test_a_change_of_the_learning_rate_takes_hold_at_its_step_and_not_before() -> None:
    plain, changed = (list(train(SMALL, DATA, changes=changes)) for changes in ({}, {3: 0.5}))
    assert Changed(3, 48, 0.5) in changed
    assert losses(plain)[:4] == losses(changed)[:4]  # the loss of batch 4 is before the update of batch 4
    assert losses(plain)[4] != losses(changed)[4]


def test_a_change_to_the_rate_that_already_holds_is_no_event() -> None:
    assert not any(isinstance(event, Changed) for event in train(SMALL, DATA, changes={3: 0.01}))


def test_a_diverging_run_stops_and_names_the_last_good_checkpoint() -> None:
    events = list(train(SMALL.with_(learning_rate=900.0, epochs=3), DATA, changes={5: 1000.0}))
    last = events[-1]
    assert isinstance(last, Diverged)
    assert last.what in ("nan", "infinite")
    saved = [event.checkpoint for event in events if isinstance(event, Saved)]
    assert last.checkpoint == saved[-1]
    assert all(math.isfinite(loss) for loss in losses(events))


def test_weights_that_are_not_finite_are_met_at_the_test_before_they_are_saved() -> None:
    state = new_state(SMALL)
    state.step, state.tested = 4, False
    next(state.network.parameters()).data.fill_(math.nan)
    events = list(train(SMALL, DATA, state))
    assert events == [Diverged(4, 1, 60, "nan", 0.01, "epoch-0")]


def test_events_come_back_from_their_json_as_they_were() -> None:
    for event in train(SMALL, DATA, changes={2: 0.02}):
        assert from_json(to_json(event)) == event


def test_every_epoch_has_an_order_of_its_own() -> None:
    seeds = {epoch_seed(seed, epoch) for seed in range(1, 4) for epoch in range(1, 50)}
    assert len(seeds) == 3 * 49
    assert all(0 <= epoch_seed(2**64 - 1, epoch) < 2**64 for epoch in (1, 10_000))


def test_the_schedule_by_hand() -> None:
    times = Schedule(examples=10, batch_size=4, epochs=3)  # batches of 4, 4, 2
    assert (times.batches_per_epoch, times.steps) == (3, 9)
    assert [times.examples_at(step) for step in range(7)] == [0, 4, 8, 10, 14, 18, 20]
    assert [times.epoch(step) for step in range(7)] == [0, 1, 1, 1, 2, 2, 2]
    assert [step for step in range(10) if times.ends_epoch(step)] == [0, 3, 6, 9]
