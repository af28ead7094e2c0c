"""What many people share at once stays whole: nobody's page is disturbed by another's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from numpy.typing import NDArray

from core.recognise import readers
from core.recognise.forward import Forward, forward
from core.sketch import examples, record


def test_many_drawings_at_once_give_the_layers_that_each_gives_alone() -> None:
    """They share one network; each sees its own tensors, under the right names."""
    reader = readers.shipped()
    images = [record.from_drawing(examples.example(name)).image for name in ("three", "one", "four", "seven")] * 6

    def read(image: NDArray[np.uint8]) -> Forward:
        return forward(reader.net, readers.inputs(reader, image[None]))

    alone = [read(image) for image in images]
    with ThreadPoolExecutor(8) as people:
        together = list(people.map(read, images))
    for one, other in zip(alone, together, strict=True):
        assert [each.name for each in one.layers] == [each.name for each in other.layers]
        assert all(torch.equal(a.values, b.values) for a, b in zip(one.layers, other.layers, strict=True))
