"""A tiny data set and tiny runs: what the tests of training train on."""

from __future__ import annotations

import torch

from core.datasets import Dataset
from core.training.config import TrainConfig

SMALL = TrainConfig(dataset="digits", epochs=2, batch_size=16, test_batch_size=20, threads=1)


def tiny_dataset(train: int = 60, test: int = 30) -> Dataset:
    """Bright squares on noise whose place says the label: learnable, generated from a seed."""
    generator = torch.Generator().manual_seed(7)
    images = torch.randint(0, 60, (train + test, 28, 28), generator=generator, dtype=torch.uint8)
    labels = torch.randint(0, 10, (train + test,), generator=generator)
    for image, label in zip(images, labels.tolist(), strict=True):
        row, column = 4 + 10 * (label // 5), 2 + 5 * (label % 5)
        image[row : row + 8, column : column + 4] = 250
    return Dataset("digits", images[:train], labels[:train], images[train:], labels[train:])
