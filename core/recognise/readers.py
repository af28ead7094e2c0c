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

from core import weights
from core.datasets import normalise
from core.errors import N_, InvalidSetting
from core.file_kind import NamedFile
from core.mnist_framing import SIDE
from core.networks import tutorials
from core.settings import PROJECT

SHIPPED = PROJECT / "pretrained" / "reader.pth"
BATCH = 500
NO_NUMBERS = N_(
    "this network answers nan: its training diverged, or its weights are damaged. Take weights from before that,"
    " or train with a smaller learning rate."
)


@dataclass(frozen=True)
class Reader:
    """A trained network in eval mode, and the side of the square it takes: 28, or 32 with a border of 2."""

    title: str
    net: nn.Module
    input_size: int


@lru_cache(maxsize=1)
def shipped() -> Reader:
    """Return the network that ships."""
    net = tutorials.ReaderNet()
    net.load_state_dict(torch.load(SHIPPED, map_location="cpu", weights_only=True))
    return Reader("ReaderNet", net.eval(), SIDE)


def load(path: Path) -> Reader:
    """Return the network of a file of weights (``torch.save`` or safetensors), or of a checkpoint's folder.

    Which network a file is for follows from the names and shapes of its tensors. Raises ``InvalidSetting``.
    """
    from core.training import checkpoint  # only a run's checkpoint needs it

    if path.is_dir():
        try:
            return of_module(path.name, checkpoint.load_model(path))
        except OSError as error:
            raise InvalidSetting(N_("{file} is not the folder of a checkpoint"), file=path.name) from error
    try:
        with path.open("rb") as stream:
            file = NamedFile(path.name, stream.read(weights.LARGEST + 1))
    except OSError as error:
        raise InvalidSetting(
            N_("{file} cannot be read: {reason}"), file=path.name, reason=error.strerror or ""
        ) from error
    return of_module(*weights.network_of(weights.read(file), path.name))


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
    raise InvalidSetting(N_("{name} does not take an image of 28×28 or 32×32 and give ten scores"), name=title)


def inputs(reader: Reader, images: NDArray[np.uint8]) -> Tensor:
    """Return what the network is given, float32 (N, 1, s, s), for uint8 images (N, 28, 28)."""
    border = (reader.input_size - SIDE) // 2
    return normalise(F.pad(torch.from_numpy(images), [border] * 4))


def probabilities(reader: Reader, images: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return softmax of the network's scores, (N, 10), for uint8 images (N, 28, 28).

    Log-probabilities are scores too: the softmax of ``log_softmax`` is the softmax. Raises ``InvalidSetting`` where
    the network gives none: after a training that diverged its weights are nan, or so large that its scores are.
    """
    batches = [np.empty((0, 10))]
    with torch.inference_mode():
        for start in range(0, len(images), BATCH):
            scores = reader.net(inputs(reader, images[start : start + BATCH]))
            batches.append(torch.softmax(scores.double(), dim=1).numpy())
    shares = np.concatenate(batches)
    if not np.isfinite(shares).all():
        raise InvalidSetting(NO_NUMBERS)
    return shares
