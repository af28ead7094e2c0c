"""Recurrent layers: values and gradients are torch's, and each cell says that its arithmetic is not written out."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from core.walk import cell_explanation, setup, walk
from core.walk.cell_request import GradientCell, ValueCell
from core.walk.inputs import InputSpec
from core.walk.setup import Choice
from tests.own import build_own

LAYERS = {
    "lstm": nn.LSTM,
    "gru": nn.GRU,
    "rnn_tanh": nn.RNN,
    "lstm_cell": nn.LSTMCell,
    "gru_cell": nn.GRUCell,
    "rnn_tanh_cell": nn.RNNCell,
}


class RecurrentNet(nn.Module):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.layer = LAYERS[name](4, 3)

    def forward(self, x: Tensor) -> Tensor:
        y = self.layer(x)
        return y[0] if isinstance(y, tuple) else y


@pytest.mark.parametrize("name", LAYERS)
def test_values_and_gradients_are_torchs_and_their_arithmetic_is_said_not_to_be_written_out(name: str) -> None:
    torch.manual_seed(0)
    network = RecurrentNet(name)
    this_walk = walk.take(setup.prepare(Choice("own"), own=build_own(network, InputSpec((2, 4)))))
    record = this_walk.record
    operation = next(each for each in record.operations if each.name == name)
    cell = cell_explanation.open_cell(
        this_walk, ValueCell(operation.outputs[0], first_cell(this_walk, operation.outputs[0]))
    )
    assert cell.explanation is None and "not written out" in cell.sentence
    assert cell.value == record.values[operation.outputs[0]].tensor.flatten()[0].item()
    weight = record.parameters["layer.weight_ih" if name.endswith("cell") else "layer.weight_ih_l0"]
    cell = cell_explanation.open_cell(this_walk, GradientCell(weight, first_cell(this_walk, weight)))
    assert cell.explanation is None and "not written out" in cell.sentence
    assert cell.value == record.gradients[weight].flatten()[0].item() != 0
    assert all(walk.check(this_walk, step) is None for step in this_walk.steps if step.operation == operation.index)


def first_cell(this_walk: walk.Walk, value: int) -> tuple[int, ...]:
    return (0,) * this_walk.record.values[value].tensor.dim()
