"""The networks that can be asked: the one that ships, a checkpoint of a run, or a file of weights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from core import nets
from core.datasets import normalise
from core.errors import N_, Refusal
from core.framing import SIDE
from core.recognise import weights
from core.settings import PROJECT

SHIPPED = PROJECT / "pretrained" / "reader.pth"
BATCH = 500


@dataclass(frozen=True)
class Reader:
    """A trained network in eval mode, and the side of the square it takes: 28, or 32 with a border of 2."""

    title: str
    net: nn.Module
    input_size: int


@lru_cache(maxsize=1)
def shipped() -> Reader:
    """Return the network that ships."""
    net = nets.ReaderNet()
    net.load_state_dict(weights.read(SHIPPED))
    return Reader("ReaderNet", net.eval(), SIDE)


def load(path: Path) -> Reader:
    """Return the network of a ``state_dict`` file (``model.pth``), or of a checkpoint's folder.

    Which network it is follows from the names and shapes of its tensors. Raises ``Refusal``.
    """
    if path.is_dir():
        from core.training import checkpoint  # only who asks for a run's checkpoint needs it

        return of_module(path.name, checkpoint.load_model(path))
    state = weights.read(path)
    for title, net in _candidates():
        own = net.state_dict()
        if own.keys() == state.keys() and all(own[name].shape == state[name].shape for name in own):
            net.load_state_dict(state)
            return of_module(title, net)
    raise Refusal(N_("{file} holds the weights of a network that is not known here"), file=path.name)


def _candidates() -> list[tuple[str, nn.Module]]:
    known: list[tuple[str, nn.Module]] = [(spec.title, spec.build(0.5)) for spec in nets.DIGIT_NETS.values()]
    return [("ReaderNet", nets.ReaderNet()), *known]


def of_module(title: str, net: nn.Module) -> Reader:
    """Return ``net`` as a reader in eval mode, trying which size of image it takes."""
    net = net.eval()
    for size in (SIDE, SIDE + 4):
        try:
            with torch.inference_mode():
                if net(torch.zeros(1, 1, size, size)).shape == (1, 10):
                    return Reader(title, net, size)
        except RuntimeError:
            continue
    raise Refusal(N_("{name} does not take an image of 28×28 or 32×32 and give ten scores"), name=title)


def inputs(reader: Reader, images: NDArray[np.uint8]) -> Tensor:
    """Return what the network is given, float32 (N, 1, s, s), for uint8 images (N, 28, 28)."""
    border = (reader.input_size - SIDE) // 2
    return normalise(F.pad(torch.from_numpy(images), [border] * 4))


def probabilities(reader: Reader, images: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return softmax of the network's scores, (N, 10), for uint8 images (N, 28, 28).

    Log-probabilities are scores too: the softmax of ``log_softmax`` is the softmax.
    """
    found = [np.empty((0, 10))]
    with torch.inference_mode():
        for start in range(0, len(images), BATCH):
            scores = reader.net(inputs(reader, images[start : start + BATCH]))
            found.append(torch.softmax(scores.double(), dim=1).numpy())
    return np.concatenate(found)
