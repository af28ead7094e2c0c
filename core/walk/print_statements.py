"""What the tutorials print of a network and its first step, as torch itself prints it for this walk."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import torch
from torch import Tensor

from core.rng import seeded
from core.walk.walk import Walk


def statements(walk: Walk) -> Iterator[tuple[str, str]]:
    """Yield each statement and what it prints, in the order in which one writes them.

    Your own network is not run once more, so its output and loss are not among them.
    """
    network = walk.setup.network
    names = [name for name, _ in network.named_parameters()]
    yield "print(net)", str(network)
    yield "params = list(net.parameters())\nprint(len(params))", str(len(names))
    if not names:
        return
    yield f"print(params[0].size())  # {names[0]}", str(walk.before[names[0]].size())
    if walk.setup.choice.network != "own":
        yield from _forward(walk)
    name = next((name for name in names if name.endswith("bias")), names[0])
    yield f"print(net.{name}.grad)  # before loss.backward()", "None"
    yield f"print(net.{name}.grad)  # after it", str(walk.record.grads[name])


def _forward(walk: Walk) -> Iterator[tuple[str, str]]:
    """Run the forward pass once more from the weights before the step, in a copy."""
    setup, network = walk.setup, copy.deepcopy(walk.setup.network)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            parameter.copy_(walk.before[name])
    with seeded(setup.choice.seed):
        output: Tensor = network(setup.input)
        yield "out = net(input)\nprint(out)", str(output)
        if setup.choice.loss != "backward":
            yield "print(loss)", str(setup.loss(output))
