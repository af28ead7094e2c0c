"""An examined step: its numbers are PyTorch's, and looking changes nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.examination import Examiner
from core.examination.examination import BINS, Reading
from core.examination.watch import histogram, measure
from core.training.events import Batch
from core.training.loop import new_state, train
from tests.training.comparing import digest
from tests.training.data import SMALL, tiny_dataset

LIGHT = True  # it imports from a module that starts runs, and starts none itself


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv, self.fc = nn.Conv2d(1, 4, 3), nn.Linear(4 * 4 * 4, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.conv(x))  # (N, 1, 6, 6) -> (N, 4, 4, 4)
        return torch.tanh(self.fc(x.flatten(1)))


def one_step(network: nn.Module, loss_function=F.cross_entropy, rate: float = 0.1, inputs=None) -> Reading:
    optimizer = torch.optim.SGD(network.parameters(), lr=rate)
    examiner = Examiner(network, optimizer)
    torch.manual_seed(1)
    x = torch.randn(5, 1, 6, 6) if inputs is None else inputs
    with examiner.watch(7) as step:
        optimizer.zero_grad()
        loss = loss_function(network(x), torch.tensor([0, 1, 2, 0, 1]))
        loss.backward()
        optimizer.step()
        step.loss = loss.item()
    return examiner.readings[0]


def test_numbers_of_a_step_are_those_of_torch() -> None:
    torch.manual_seed(0)
    network = Net()
    with torch.no_grad():
        network.conv.bias[2] = -1000.0  # this channel is dead
    weight = network.fc.weight.detach().clone()
    reading = one_step(network)
    weight_reading = {each.name: each for each in reading.weights}["fc.weight"]
    gradient = network.fc.weight.grad
    assert reading.step == 7 and not weight_reading.left_over and weight_reading.has_gradient
    assert weight_reading.norm == weight.norm().item() and weight_reading.gradient == gradient.norm().item()
    assert weight_reading.update == pytest.approx(0.1 * weight_reading.gradient, rel=1e-4)
    assert weight_reading.ratio == weight_reading.update / weight_reading.norm
    relu, tanh = reading.activations
    assert (relu.name, relu.dead, tanh.name) == ("conv · relu", 0.25, "fc · tanh")
    torch.manual_seed(1)
    with torch.no_grad():
        network.fc.weight.copy_(weight)
    assert sum(tanh.histogram.counts) == 15


def test_share_of_saturated_values_follows_the_slope() -> None:
    network = nn.Sequential(nn.Flatten(), nn.Linear(36, 3), nn.Sigmoid())
    with torch.no_grad():
        network[1].weight.mul_(200)
    reading = one_step(network)
    torch.manual_seed(1)
    assert reading.activations[0].saturated > 0.5
    assert reading.activations[0].name == "1 · sigmoid"


def test_a_unit_of_an_example_that_is_not_zero_is_not_dead() -> None:
    network = nn.Sequential(nn.Flatten(), nn.Linear(36, 3), nn.ReLU())
    with torch.no_grad():
        network[1].weight.zero_()
        network[1].bias.copy_(torch.tensor([1.0, -1.0, -1.0]))
    assert one_step(network).activations[0].dead == pytest.approx(2 / 3)


def test_the_first_operation_that_makes_nan_is_named_with_its_layer() -> None:
    class Logs(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.last = nn.Linear(36, 8), nn.Linear(8, 3)

        def forward(self, x: Tensor) -> Tensor:
            return self.last(torch.log(self.first(x.flatten(1))))

    reading = one_step(Logs())
    assert (reading.not_finite.layer, reading.not_finite.operation) == ("first", "log")
    assert math.isnan(reading.loss)


@pytest.fixture
def _nan_in_new_memory() -> Iterator[None]:
    """New memory holds nan, which torch otherwise leaves to chance."""
    torch.use_deterministic_algorithms(True)
    assert torch.empty_like(torch.ones(3)).isnan().all()
    yield
    torch.use_deterministic_algorithms(False)


@pytest.mark.usefixtures("_nan_in_new_memory")
def test_memory_that_nothing_was_written_into_is_no_operation_that_makes_nan() -> None:
    class Fills(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(36, 3)

        def forward(self, x: Tensor) -> Tensor:
            scores = self.fc(x.flatten(1))
            places = (
                torch.empty_like(scores),
                scores.new_empty(5, 3),
                torch.empty(5, 3),
                torch.empty(1).resize_(5, 3),
            )
            return sum(place.copy_(scores) for place in places)

    assert one_step(Fills()).not_finite is None


def test_a_gradient_that_was_not_cleared_is_left_over() -> None:
    network = Net()
    network(torch.randn(5, 1, 6, 6)).sum().backward()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
    examiner = Examiner(network, optimizer)
    with examiner.watch(0):
        network(torch.randn(5, 1, 6, 6)).sum().backward()
    assert all(each.left_over for each in examiner.readings[0].weights)
    with examiner.watch(1):
        optimizer.zero_grad()
        network(torch.randn(5, 1, 6, 6)).sum().backward()
    assert not any(each.left_over for each in examiner.readings[1].weights)


def test_a_step_that_raises_leaves_no_hook_behind() -> None:
    network = Net()
    examiner = Examiner(network, torch.optim.SGD(network.parameters(), lr=0.1))
    with pytest.raises(RuntimeError), examiner.watch(0):
        network(torch.randn(5, 2, 6, 6))
    assert len(examiner.readings) == 1
    network(torch.randn(1, 1, 6, 6)).sum().backward()
    assert len(examiner.readings) == 1


def test_a_run_that_is_looked_at_is_the_run_that_is_not() -> None:
    config, data = SMALL.with_(network="mnist"), tiny_dataset()
    alone, watched = new_state(config), new_state(config)
    history = list(train(config, data, alone))
    examiner = Examiner(watched.network, watched.optimizer, every=3)
    assert list(train(config, data, watched, observer=examiner)) == history
    assert digest(watched) == digest(alone)
    assert len(examiner.readings) == sum(map(examiner.is_due, range(alone.step)))
    losses = {event.step: event.loss for event in history if isinstance(event, Batch)}
    assert all(losses[reading.step + 1] == reading.loss for reading in examiner.readings)


def test_a_loss_that_is_not_finite_is_looked_at_though_its_step_was_not_due() -> None:
    config, data = SMALL.with_(learning_rate=1000.0, epochs=8), tiny_dataset()
    state = new_state(config)
    examiner = Examiner(state.network, state.optimizer)
    examiner.is_due = lambda _step: False
    plain = list(train(config, data, new_state(config)))
    assert list(train(config, data, state, observer=examiner)) == plain
    assert len(examiner.readings) == 1 and not math.isfinite(examiner.readings[0].loss)


def test_examples_of_a_class_are_more_alike_than_by_chance_and_shuffled_ones_are_not() -> None:
    data = tiny_dataset(400, 10)
    images = data.train_images.float()
    apart, mixed = measure(images, data.train_labels), measure(images, data.train_labels.roll(1))
    assert apart.alike > 0.9 and mixed.alike < 0.3
    assert apart.mean == pytest.approx(images.double().mean().item())
    assert apart.std == pytest.approx(images.double().std(correction=0).item())


def test_a_histogram_counts_what_torch_counts() -> None:
    values = torch.randn(1000)
    counted = histogram(torch.cat([values, torch.tensor([math.nan, math.inf])]))
    assert sum(counted.counts) == 1000 and len(counted.counts) == BINS
    assert counted.counts == tuple(torch.histc(values, BINS).int().tolist())
    assert histogram(torch.zeros(3)).counts[0] == 3 and sum(histogram(torch.tensor([math.nan])).counts) == 0
