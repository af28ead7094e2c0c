"""The card of a network: what ``print(net)`` says, and shape and parameters of each layer as it really ran."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.networks import registry


@dataclass(frozen=True)
class LayerCard:
    """One module as it ran: shapes with the batch dimension in front, and its own learnable numbers.

    ``parameters`` holds each parameter's name and shape; ``count`` is how many numbers they have together.
    """

    name: str
    kind: str
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    parameters: tuple[tuple[str, tuple[int, ...]], ...]
    count: int


@dataclass(frozen=True)
class NetCard:
    """A whole network: its name, ``printed`` (what ``print(net)`` says), its layers in the order they ran."""

    title: str
    printed: str
    input_shape: tuple[int, ...]
    layers: tuple[LayerCard, ...]
    count: int


def parameter_count(module: nn.Module) -> int:
    """Return how many learnable numbers ``module`` holds, those of its children included."""
    return sum(parameter.numel() for parameter in module.parameters())


def net_card(name: str, dropout: float = 0.5) -> NetCard:
    """Build network ``name`` (see ``registry.spec``), run one blank image through it and write down what ran."""
    spec = registry.spec(name)
    net = registry.build(name, dropout, seed=0).eval()
    image = torch.zeros(1, 1, spec.input_size, spec.input_size)
    layers = _ran(net, image)
    return NetCard(spec.title, str(net), tuple(image.shape), tuple(layers), parameter_count(net))


def _ran(net: nn.Module, image: Tensor) -> list[LayerCard]:
    """Run ``image`` through ``net`` with a hook on every module that has no children."""
    cards: list[LayerCard] = []

    def note(name: str, module: nn.Module, arguments: tuple[Tensor, ...], output: Tensor) -> None:
        own = tuple((key, tuple(value.shape)) for key, value in module.named_parameters())
        kind = type(module).__name__
        shapes = tuple(arguments[0].shape), tuple(output.shape)
        cards.append(LayerCard(name, kind, *shapes, own, parameter_count(module)))

    leaves = [(name, module) for name, module in net.named_modules() if not list(module.children())]
    hooks = [
        module.register_forward_hook(lambda m, arguments, output, name=name: note(name, m, arguments, output))
        for name, module in leaves
    ]
    with torch.no_grad():
        net(image)
    for hook in hooks:
        hook.remove()
    return cards
