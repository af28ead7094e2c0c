"""The messages: a test image of each digit, what the network answers to it, and the filters of its first layer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TypedDict

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from core import datasets
from core.errors import N_, InvalidSetting
from core.live.instrument import Answer, Ask, Later, Part
from core.live.network.answer import LOOK_EVERY
from core.live.network.source import Source, source
from core.recognise.readers import probabilities

MOST_FILTERS = 24


class ExampleAnswer(TypedDict):
    """What the network answers to one image: the digit, how probable it is, and which digit it is in truth."""

    label: int
    digit: int
    share: float


class ExamplesHeader(TypedDict):
    """The answers at one moment. The numbers are the images, from 0, paper, to 1, ink, and the filters."""

    step: int | None
    learns: bool
    answers: list[ExampleAnswer]
    images: list[int]
    filters: list[int]


def answer(ask: Ask) -> Iterator[Part]:
    """Answer with the weights of this moment; where the network still learns, again with each of its weights."""
    before: tuple[str, bool] | None = None
    while True:
        now = source(str(ask.settings["network"]))
        if (now.version, now.learns) != before or now.over:
            yield message(now)
        if now.over:
            return
        before = now.version, now.learns
        yield Later(LOOK_EVERY)


def message(now: Source) -> Answer:
    """Return the message about one moment; raises ``InvalidSetting`` where the network learns from no digits."""
    if not now.dataset:
        raise InvalidSetting(N_("this network has no test digits"))
    images, labels = examples(now.dataset)
    shares = probabilities(now.reader, images)
    filters = first_filters(now.reader.net)
    header: ExamplesHeader = {
        "step": now.step,
        "learns": now.learns,
        "answers": [
            {"label": int(label), "digit": int(row.argmax()), "share": float(row.max())}
            for label, row in zip(labels, shares, strict=True)
        ],
        "images": list(images.shape),
        "filters": list(filters.shape),
    }
    return Answer(header, [torch.from_numpy(images).float() / 255, filters])


@lru_cache(maxsize=2)
def examples(name: str) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the first test image of each digit, uint8 (10, 28, 28), with its label."""
    data = datasets.load(name)
    labels = data.test_labels.numpy()
    first = [int(np.argmax(labels == digit)) for digit in range(10)]
    return data.test_images.numpy()[first], labels[first]


def first_filters(net: nn.Module) -> Tensor:
    """Return the filters of the first convolution on its first input channel, (n, height, width); n may be 0."""
    layer = next((module for module in net.modules() if isinstance(module, nn.Conv2d)), None)
    if layer is None:
        return torch.empty(0, 1, 1)
    return layer.weight.detach()[:MOST_FILTERS, 0]
