"""What many people share at once stays whole: nobody's page is disturbed by another's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from core.recognise import readers
from core.recognise.layers import activations
from core.sketch import examples, record


def test_many_drawings_at_once_give_the_layers_that_each_gives_alone() -> None:
    """They share one network; each sees its own tensors, under the right names."""
    reader = readers.shipped()
    images = [record.from_drawing(examples.example(name)).image for name in ("three", "one", "four", "seven")] * 6
    alone = [activations(reader, image) for image in images]
    with ThreadPoolExecutor(8) as people:
        together = list(people.map(lambda image: activations(reader, image), images))
    for one, other in zip(alone, together, strict=True):
        assert [(each.operation, each.layer) for each in one] == [(each.operation, each.layer) for each in other]
        assert all(np.array_equal(a.values, b.values) for a, b in zip(one, other, strict=True))
