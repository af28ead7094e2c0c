"""How good the network is: MNIST's test set, the same digits as pen strokes, and other people's digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from core import datasets
from core.pretraining import pen, skeleton
from core.pretraining.training import scores
from core.sketch import drawing, record

WRITTEN = 4000  # MNIST test digits that are traced and written again


@dataclass(frozen=True)
class Measurement:
    """Answers on one set of digits: ``confusion[truth, answer]`` counts, (10, 10)."""

    name: str
    confusion: Tensor

    @property
    def count(self) -> int:
        """How many digits there were."""
        return int(self.confusion.sum())

    @property
    def accuracy(self) -> float:
        """The share of right answers."""
        return int(self.confusion.diagonal().sum()) / self.count


def measure(net: nn.Module, name: str, images: Tensor, labels: Tensor) -> Measurement:
    """Let the network answer uint8 images (N, 28, 28) and count."""
    answers = scores(net, images).argmax(dim=1)
    counts = torch.bincount(labels * 10 + answers, minlength=100).view(10, 10)
    return Measurement(name, counts)


def everything(net: nn.Module, data: datasets.Dataset) -> list[Measurement]:
    """Measure on MNIST's test set and on the two stand-ins for people with a pen whom the network never saw."""
    other = datasets.load("digits")
    return [
        measure(net, "MNIST test set", data.test_images, data.test_labels),
        measure(
            net,
            f"the first {WRITTEN} MNIST test digits, traced and drawn again as strokes",
            torch.from_numpy(record.images(drawn_again(data))),
            data.test_labels[:WRITTEN],
        ),
        measure(
            net,
            "scikit-learn's 1797 digits (other writers, 8x8 pixels), framed as MNIST",
            torch.cat([other.train_images, other.test_images]),
            torch.cat([other.train_labels, other.test_labels]),
        ),
    ]


def drawn_again(data: datasets.Dataset) -> list[drawing.Drawing]:
    """Trace the first ``WRITTEN`` test digits and draw them again: the drawings whose accuracy the card gives."""
    return as_drawings(skeleton.strokes_of(data.test_images[:WRITTEN]), seed=2)


def as_drawings(strokes: Sequence[pen.Strokes], seed: int) -> list[drawing.Drawing]:
    """Draw each digit on a canvas of its own size, at its own place, slanted, stretched, coarse or trembling."""
    drawings = []
    for index, digit in enumerate(strokes):
        random = np.random.default_rng((seed, index))
        slanted = pen.as_a_tablet_would(pen.bend(pen.turn(digit, random), random), random)
        size = float(np.exp(random.uniform(np.log(0.5), np.log(40))))
        place = random.uniform(-20, 200, 2)
        points = [np.round(stroke.astype(np.float64) * size + place, 1).tolist() for stroke in slanted]
        drawings.append(drawing.from_json({"strokes": points, "width": 500, "height": 500, "stroke_width": 3}))
    return drawings
