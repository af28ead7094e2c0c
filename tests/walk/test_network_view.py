"""The picture of a walk's network: every layer's numbers are those of the walk, and its steps are the walk's."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from core.errors import InvalidSetting
from core.walk import setup, walk
from core.walk.network_view import network_view
from core.walk.scene import LayerTensors, NetworkData, Tensors
from core.walk.setup import Choice
from core.walk.walk import Walk


def seen(taken: Walk) -> tuple[NetworkData, Tensors]:
    tensors = Tensors()
    return network_view(taken, tensors), tensors


def of(network: str, loss: str = "cross_entropy", given: str = "digit", **more: object) -> Walk:
    return walk.take(setup.prepare(Choice(network, given, 0, "seed", loss, 7, **more)))  # type: ignore[arg-type]


def own(network: nn.Module, *inputs: Tensor) -> Walk:
    return walk.take(setup.Setup(Choice("own", "randn", loss="mse_random"), network, inputs))


def numbers(tensors: Tensors, number: int | None) -> Tensor | None:
    """Return what is sent of a tensor, flat."""
    return None if number is None else torch.from_numpy(tensors.flat[number])


@pytest.mark.parametrize("name", ["lenet5", "lenet3", "mnist", "reader"])
def test_each_layer_holds_the_numbers_that_the_walk_recorded_and_its_steps(name: str) -> None:
    taken = of(name)
    data, tensors = seen(taken)
    assert len(data["layers"]) == len(data["tensors"]) >= 6
    assert data["image"] == list(taken.setup.input.shape[1:])
    logits = taken.record.values[taken.record.output].tensor[0].double()
    assert data["probabilities"] == pytest.approx(logits.softmax(0).tolist())
    for facts, held in zip(data["layers"], data["tensors"], strict=True):
        last = taken.steps[held["forward"]]
        assert last.operation is not None and last.phase == "forward"
        operation = taken.record.operations[last.operation]
        assert operation.name == facts["operations"][-1]
        value = operation.outputs[0]
        assert torch.equal(tensors_of(tensors, held, "value"), taken.record.values[value].tensor.reshape(-1))
        assert torch.equal(tensors_of(tensors, held, "grad"), taken.record.gradients[value].reshape(-1))
        backward = held["backward"]
        assert backward is not None and taken.steps[backward].operation == last.operation
        assert taken.steps[backward].phase == "backward"


def tensors_of(tensors: Tensors, held: LayerTensors, kind: str) -> Tensor:
    found = numbers(tensors, held[kind])  # type: ignore[literal-required]
    assert found is not None
    return found


def test_weights_are_those_before_the_step_and_their_gradients_what_it_used() -> None:
    taken = of("mnist", training=False)
    data, tensors = seen(taken)
    for facts, held in zip(data["layers"], data["tensors"], strict=True):
        if not facts["name"]:
            assert held["weight"] is None and held["weight_grad"] is None
            continue
        weight = f"{facts['name']}.weight"
        assert torch.equal(tensors_of(tensors, held, "weight"), taken.before[weight].reshape(-1))
        gradient = taken.record.grads[weight]
        assert gradient is not None and torch.equal(tensors_of(tensors, held, "weight_grad"), gradient.reshape(-1))


def test_dropout_is_a_layer_where_it_drops_and_none_where_it_does_not() -> None:
    training, _tensors = seen(of("mnist"))
    evaluating, _tensors = seen(of("mnist", training=False))
    names = [name for layer in training["layers"] for name in layer["operations"]]
    assert [name for name in names if "dropout" in name] == ["dropout2d", "dropout"]
    assert not any("dropout" in name for layer in evaluating["layers"] for name in layer["operations"])
    assert training["output"] == "log_softmax" and len(training["layers"]) == len(evaluating["layers"]) + 2


class Branches(nn.Module):
    """A shortcut around a convolution that changes its input in place, and two branches that are concatenated."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(2, 2, 3, padding=1), nn.Conv2d(2, 4, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.first(x), inplace=True) + x
        return torch.cat([y, self.second(y)], 1).mean((2, 3))


def test_branches_and_shortcuts_of_an_own_module_read_what_they_read_and_a_batch_shows_its_first_entry() -> None:
    torch.manual_seed(0)
    x = torch.randn(3, 2, 6, 6)
    taken = own(Branches(), x)
    data, tensors = seen(taken)
    assert [(layer["operations"][0], layer["inputs"]) for layer in data["layers"]] == [
        ("conv2d", [-1]),
        ("relu", [0]),
        ("add", [1, -1]),
        ("conv2d", [2]),
        ("cat", [2, 3]),
        ("mean", [4]),
    ]
    assert [layer["shape"] for layer in data["layers"]] == [[2, 6, 6]] * 3 + [[4, 6, 6], [6, 6, 6], [6]]
    before_relu = tensors_of(tensors, data["tensors"][0], "value")[:72]
    assert torch.equal(before_relu.clamp(min=0), tensors_of(tensors, data["tensors"][1], "value")[:72])
    assert (before_relu < 0).any()  # the values as they were before the operation in place
    assert torch.equal(torch.from_numpy(tensors.flat[data["input"]])[:72], x[0].reshape(-1))
    assert data["probabilities"] == [] and data["output"] == ""


@pytest.mark.parametrize(
    ("network", "given", "sentence"),
    [
        (nn.Conv2d(1, 8, 3), torch.randn(1, 1, 150, 150), "more than the 60,000"),
        (nn.Sequential(*map(nn.Softplus, range(1, 62)), nn.Linear(3, 1)), torch.randn(1, 3), "more than 60 layers"),
        (nn.Embedding(3, 2), torch.tensor([[1, 2]]), "can be drawn"),
    ],
)
def test_why_there_is_no_picture_is_said(network: nn.Module, given: Tensor, sentence: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        seen(own(network, given))
    assert sentence in str(refused.value)
