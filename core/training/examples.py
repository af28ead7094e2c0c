"""The examples of a run as its network takes them, normalised batch by batch."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from core.datasets import Dataset, normalise
from core.training.config import TrainConfig
from core.training.network import spec_of


@dataclass(frozen=True)
class Examples:
    """One part of the data on its device: images uint8 (N, side, side), labels int64 (N,).

    A batch becomes what the network takes when it is asked for: normalising all of MNIST first would hold up the
    first batch for half a second and take 188 MB, and the numbers are the same. On a card it takes a millisecond
    and saves each batch several kernels, so there the images are float32 (N, 1, side, side), ready.
    """

    images: Tensor
    labels: Tensor
    border: int  # black pixels around each image, where the network wants 32x32

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, which: Tensor | slice) -> tuple[Tensor, Tensor]:
        """Return these images, float32 (n, 1, side, side), and their labels, int64 (n,)."""
        pixels = self.images[which]
        return pixels if self.images.is_floating_point() else self._ready(pixels), self.labels[which]

    def _ready(self, pixels: Tensor) -> Tensor:
        """Pad and normalise: uint8 (n, side, side) -> float32 (n, 1, side + 2 * border, side + 2 * border)."""
        padded = F.pad(pixels, [self.border] * 4) if self.border else pixels
        return normalise(padded) if pixels.device.type == "cpu" else look_up(padded)

    def ready(self) -> Examples:
        """Return the same examples with every image padded and normalised."""
        return Examples(self._ready(self.images), self.labels, 0)


def look_up(pixels: Tensor) -> Tensor:
    """Return what ``normalise`` returns, with the CPU's bits on every device: a card divides in its own way.

    uint8 (n, height, width) -> float32 (n, 1, height, width).
    """
    shades = normalise(torch.arange(256, dtype=torch.uint8).view(256, 1, 1)).flatten().to(pixels.device)
    return shades[pixels.int()].unsqueeze(1)


def prepare(config: TrainConfig, data: Dataset) -> tuple[Examples, Examples]:
    """Put the training and the test part on the device."""
    border = (spec_of(config.network).input_size - data.train_images.shape[-1]) // 2

    def part(images: Tensor, labels: Tensor) -> Examples:
        examples = Examples(images.to(config.device), labels.to(config.device), border)
        return examples.ready() if config.device == "cuda" else examples

    return part(data.train_images, data.train_labels), part(data.test_images, data.test_labels)
