"""flatten and view opened up: every cell comes from the cell in the same row-major place."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ops import explain
from core.ops.places import cell, place
from tests.examples import up_to
from tests.explaining import DTYPES, both_hold, numbers, run


@settings(max_examples=up_to(40))
@given(st.data(), st.lists(st.integers(1, 4), min_size=3, max_size=4), DTYPES, st.booleans())
def test_a_random_cell_of_view_and_flatten_is_torchs(data, shape, dtype, flatten) -> None:
    def operation(x):
        return x.flatten(1) if flatten else x.view(-1, shape[-1])

    both_hold(data.draw, operation, numbers(shape, dtype, 0))


def test_the_place_of_a_cell_counted_by_hand() -> None:
    # (16, 5, 5): cell (2, 3, 4) stands at (2·5 + 3)·5 + 4 = 69.
    assert place((2, 3, 4), (16, 5, 5)) == 69 and cell(69, (16, 5, 5)) == (2, 3, 4)
    _, view = run(lambda x: x.view(1, 400), numbers((1, 16, 5, 5), torch.float32, 0))
    (term,) = explain.value(view.call, (0, 69)).terms
    assert term.factors[0].index == (0, 2, 3, 4)
