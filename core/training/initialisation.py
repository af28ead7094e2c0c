"""Initialisation: how the weights of linear and convolution layers begin, where PyTorch's own way is not wanted."""

from __future__ import annotations

from torch import nn

LAYERS = (nn.Linear, nn.Conv2d)


def initialise(network: nn.Module, way: str) -> None:
    """Fill the weights of ``network`` the ``way`` that ``config.INITIALISATIONS`` names; biases become 0.

    "default" leaves what PyTorch has drawn. The numbers come from torch's own generator.
    """
    for layer in network.modules():
        if way == "default" or not isinstance(layer, LAYERS):
            continue
        if way == "kaiming":
            nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
        elif way == "xavier":
            nn.init.xavier_uniform_(layer.weight)
        elif way == "normal":
            nn.init.normal_(layer.weight, std=0.01)
        else:
            nn.init.zeros_(layer.weight)
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
