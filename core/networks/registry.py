"""Networks by name: the tutorials', and any that is built from rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from torch import nn

from core.errors import N_
from core.networks import stack
from core.networks.tutorials import LeNet, MnistNet
from core.rng import seeded

STACK = "stack:"  # a network built from rows is named by this and its text


class NetSpec(NamedTuple):
    """What a lesson needs to know of a network that reads digits.

    ``input_size`` is the side of the square image in pixels; 32 means a 28x28 digit with 2 pixels of padding.
    ``output`` is what the last layer gives: "log_probabilities" (loss: ``nll_loss``) or "scores"
    (loss: ``cross_entropy``).
    """

    title: str
    build: Callable[[float], nn.Module]
    input_size: int
    output: str
    has_dropout: bool


DIGIT_NETS: dict[str, NetSpec] = {
    "mnist": NetSpec(N_("MNIST network"), MnistNet, 28, "log_probabilities", True),
    "lenet5": NetSpec("LeNet 5×5", lambda _dropout: LeNet(5), 32, "scores", False),
    "lenet3": NetSpec("LeNet 3×3", lambda _dropout: LeNet(3), 32, "scores", False),
}


def spec(name: str) -> NetSpec:
    """Return what a lesson needs to know of network ``name``: a key of ``DIGIT_NETS``, or "stack:<text>".

    The text is that of ``core.networks.stack``. A stack's dropout is in its rows, so ``dropout`` does not change
    it and ``has_dropout`` is False. Raises ``KeyError`` for an unknown name and ``InvalidSetting`` for a stack
    that cannot be or cannot read digits.
    """
    if not name.startswith(STACK):
        return DIGIT_NETS[name]
    layers = stack.for_digits(stack.parse(name.removeprefix(STACK)))
    output = "log_probabilities" if layers.rows[-1].kind == "logsoftmax" else "scores"
    return NetSpec(stack.title(layers), lambda _dropout: layers.build(), layers.input[1], output, False)


def build(name: str, dropout: float = 0.5, seed: int | None = None) -> nn.Module:
    """Build network ``name`` (see ``spec``); ``seed`` fixes its initial weights and touches no global state."""
    net_spec = spec(name)
    if seed is None:
        return net_spec.build(dropout)
    with seeded(seed):
        return net_spec.build(dropout)
