"""The exported script runs by itself and prints the very numbers of the walk."""

from __future__ import annotations

from functools import partial

import pytest
import torch

from core.export import steps_script
from core.steps import setup, walk
from core.steps.setup import Choice

CHOICES = {
    "lenet5": {},
    "lenet3 by hand": {"network": "lenet3", "optimizer": "hand", "loss": "cross_entropy"},
    "mnist with dropout, digit, Adam": {
        "network": "mnist",
        "input": "digit",
        "loss": "nll",
        "optimizer": "adam",
        "steps_before": 2,
        "input_grad": True,
    },
    "backward of random numbers": {"loss": "backward", "optimizer": "nesterov"},
    "one-hot, eval mode": {"network": "mnist", "training": False, "loss": "mse_onehot", "optimizer": "rmsprop"},
    "two layers": {"network": "two_layers"},
    "a stack": {"network": "stack:1x12x12~conv-o3-k3~relu~max-k2~flatten", "optimizer": "momentum"},
}


def printed_by(program: str) -> list[str]:
    lines: list[str] = []
    with torch.random.fork_rng(devices=[]):
        exec(program, {"__name__": "exported", "print": lambda *what: lines.append(" ".join(map(str, what)))})
    return lines


@pytest.mark.parametrize("name", CHOICES)
def test_the_script_prints_every_intermediate_of_the_walk(name: str) -> None:
    prepared = setup.prepare(Choice(**CHOICES[name]))
    taken = walk.take(prepared)
    program = steps_script.script(prepared)
    lines = printed_by(program)
    expect = partial(_has, lines)
    record = taken.record
    for operation in record.operations:
        if operation.outputs[0] not in (number for _, number in operation.inputs):
            expect(operation.call.output)
            expect(record.gradients[operation.outputs[0]])
    for parameter, before in taken.before.items():
        expect(before, parameter)
        expect(record.grads[parameter], f"{parameter}.grad")
        expect(taken.after[parameter], f"{parameter} afterwards")
    if taken.loss_after is not None:
        assert float(lines[-1].split("[")[1].rstrip("]")) == taken.loss_after


def _has(lines: list[str], tensor: torch.Tensor, name: str = "") -> None:
    shown = f"{tuple(tensor.shape)!s:18} {tensor.flatten()[:4].tolist()}"
    assert any(line.endswith(shown) and line.startswith(name) for line in lines), (name, shown)
