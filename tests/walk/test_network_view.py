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


def view(this_walk: Walk) -> tuple[NetworkData, Tensors]:
    tensors = Tensors()
    return network_view(this_walk, tensors), tensors


def of(network: str, loss: str = "cross_entropy", input_name: str = "digit", **more: object) -> Walk:
    return walk.take(setup.prepare(Choice(network, input_name, 0, "seed", loss, 7, **more)))  # type: ignore[arg-type]


def own(network: nn.Module, *inputs: Tensor) -> Walk:
    return walk.take(setup.Setup(Choice("own", "randn", loss="mse_random"), network, inputs))


def numbers(tensors: Tensors, number: int | None) -> Tensor | None:
    """Return what is sent of a tensor, flat."""
    return None if number is None else torch.from_numpy(tensors.flat[number])


@pytest.mark.parametrize("name", ["lenet5", "lenet3", "mnist", "reader"])
def test_each_layer_holds_the_numbers_that_the_walk_recorded_and_its_steps(name: str) -> None:
    this_walk = of(name)
    data, tensors = view(this_walk)
    assert len(data["layers"]) == len(data["tensors"]) >= 6
    assert data["image"] == list(this_walk.setup.input.shape[1:])
    logits = this_walk.record.values[this_walk.record.output].tensor[0].double()
    assert data["probabilities"] == pytest.approx(logits.softmax(0).tolist())
    for facts, layer_tensors in zip(data["layers"], data["tensors"], strict=True):
        last = this_walk.steps[layer_tensors["forward"]]
        assert last.operation is not None and last.phase == "forward"
        operation = this_walk.record.operations[last.operation]
        assert operation.name == facts["operations"][-1]
        value = operation.outputs[0]
        assert torch.equal(
            tensors_of(tensors, layer_tensors, "value"), this_walk.record.values[value].tensor.reshape(-1)
        )
        assert torch.equal(
            tensors_of(tensors, layer_tensors, "grad"), this_walk.record.gradients[value].reshape(-1)
        )
        backward = layer_tensors["backward"]
        assert backward is not None and this_walk.steps[backward].operation == last.operation
        assert this_walk.steps[backward].phase == "backward"


def tensors_of(tensors: Tensors, layer_tensors: LayerTensors, kind: str) -> Tensor:
    values = numbers(tensors, layer_tensors[kind])  # type: ignore[literal-required]
    assert values is not None
    return values


def test_weights_are_those_before_the_step_and_their_gradients_what_it_used() -> None:
    this_walk = of("mnist", training=False)
    data, tensors = view(this_walk)
    for facts, layer_tensors in zip(data["layers"], data["tensors"], strict=True):
        if not facts["name"]:
            assert layer_tensors["weight"] is None and layer_tensors["weight_grad"] is None
            continue
        weight = f"{facts['name']}.weight"
        assert torch.equal(tensors_of(tensors, layer_tensors, "weight"), this_walk.before[weight].reshape(-1))
        gradient = this_walk.record.grads[weight]
        assert gradient is not None and torch.equal(
            tensors_of(tensors, layer_tensors, "weight_grad"), gradient.reshape(-1)
        )


def test_dropout_is_a_layer_where_it_drops_and_none_where_it_does_not() -> None:
    training, _tensors = view(of("mnist"))
    evaluating, _tensors = view(of("mnist", training=False))
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
    this_walk = own(Branches(), x)
    data, tensors = view(this_walk)
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
    ("network", "tensor", "sentence"),
    [
        (nn.Conv2d(1, 8, 3), torch.randn(1, 1, 150, 150), "more than the 60,000"),
        (nn.Sequential(*map(nn.Softplus, range(1, 62)), nn.Linear(3, 1)), torch.randn(1, 3), "more than 60 layers"),
        (nn.Embedding(3, 2), torch.tensor([[1, 2]]), "can be drawn"),
    ],
)
def test_why_there_is_no_picture_is_said(network: nn.Module, tensor: Tensor, sentence: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        view(own(network, tensor))
    assert sentence in str(refused.value)
