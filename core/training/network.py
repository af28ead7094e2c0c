"""The network of a configuration, made for training: channels-last, with the loss that fits its output."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.networks import registry, tutorials
from core.rng import seeded
from core.training.config import TrainConfig
from core.training.device import memory_format
from core.training.initialisation import initialise

DROPOUT = 0.5  # the tutorial's probability, when dropout is on
Loss = Callable[..., Tensor]


class MnistNet(tutorials.MnistNet):
    """The MNIST network with ``flatten`` in place of ``view``, which channels-last memory does not allow.

    (N, 1, 28, 28) -> (N, 10); parameters, names and values are those of ``tutorials.MnistNet``.
    """

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(F.max_pool2d(self.conv1(x), 2))  # (N, 1, 28, 28) -> (N, 10, 12, 12)
        x = F.relu(F.max_pool2d(self.conv2_drop(self.conv2(x)), 2))  # -> (N, 20, 4, 4)
        x = F.relu(self.fc1(x.flatten(1)))  # -> (N, 320) -> (N, 50)
        x = F.dropout(x, p=self.dropout, training=self.training)
        return F.log_softmax(self.fc2(x), dim=1)  # -> (N, 10)


class LeNet(tutorials.LeNet):
    """LeNet with ``flatten`` in place of ``view``, and the pooling before the ReLU: the same values, less work.

    (N, 1, 32, 32) -> (N, 10). max(relu(x)) = relu(max(x)), because relu never turns an order round.
    """

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        x = F.relu(self.fc1(x.flatten(1)))
        x = F.relu(self.fc2(x))
        return self.fc3(x)  # type: ignore[no-any-return]


def spec_of(network: str) -> registry.NetSpec:
    """Return what is known of ``network``: a key of ``registry.DIGIT_NETS``, or ``stack:`` and its text."""
    return registry.spec(network)


def make(config: TrainConfig) -> nn.Module:
    """Build the network of ``config`` with its seed's initial weights, on the CPU, in its device's memory format.

    ``nn.Module`` initialises by torch's global generator: it is seeded here and put back.
    """
    dropout = DROPOUT if config.dropout else 0.0
    with seeded(config.seed):
        if config.network == "mnist":
            network: nn.Module = MnistNet(dropout)
        elif config.network in ("lenet5", "lenet3"):
            network = LeNet(int(config.network[-1]))
        else:
            network = spec_of(config.network).build(dropout)
        initialise(network, config.initialisation)
    return network.to(memory_format=memory_format(config.device))


def loss_of(config: TrainConfig) -> Loss:
    """Return the loss that fits the network's output: ``nll_loss`` of log-probabilities, else ``cross_entropy``."""
    return F.nll_loss if spec_of(config.network).output == "log_probabilities" else F.cross_entropy


def make_optimizer(config: TrainConfig, network: nn.Module) -> torch.optim.Optimizer:
    """Return the optimizer of ``config``, which updates all parameters in one call where it can.

    ``capturable`` keeps the count of steps on the card, where a captured graph needs it.
    """
    parameters, rate, decay = network.parameters(), config.learning_rate, config.weight_decay
    on_cuda = config.device == "cuda"
    if config.optimizer == "adam":
        return torch.optim.Adam(parameters, lr=rate, weight_decay=decay, fused=True, capturable=on_cuda)
    if config.optimizer == "rmsprop":
        return torch.optim.RMSprop(
            parameters,
            lr=rate,
            momentum=config.momentum,
            weight_decay=decay,
            foreach=True,
            capturable=on_cuda,
        )
    nesterov = config.optimizer == "nesterov"
    return torch.optim.SGD(
        parameters, lr=rate, momentum=config.momentum, weight_decay=decay, nesterov=nesterov, fused=True
    )
