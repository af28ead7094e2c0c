"""Dropout opened up: the mask that was really drawn, the scale of what survives, and nothing in eval mode."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from core.ops import explain
from tests.examples import up_to
from tests.explaining import DTYPES, both_hold, numbers, run


@settings(max_examples=up_to(60))
@given(
    st.data(),
    st.sampled_from([F.dropout, F.dropout2d, torch.dropout, torch.feature_dropout]),
    st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]),
    st.booleans(),
    DTYPES,
    st.integers(0, 99),
)
def test_a_random_cell_is_torchs_for_each_dropout_and_each_mode(data, dropout, p, training, dtype, seed) -> None:
    x = numbers((2, 3, 4, 4), dtype, 1)
    if training and p > 0:
        both_hold(data.draw, lambda x: dropout(x, p, True), x, seed)
    else:  # with nothing to drop torch returns the very same tensor, so there is no node and no gradient of its own
        record, operation = run(lambda x: dropout(x, p, training), x, seed)
        assert explain.value(operation.call, (1, 2, 3, 0)).difference == 0
        assert all(node.operation != operation.index for node in record.backward)


def test_what_survives_is_doubled_and_what_does_not_is_zero() -> None:
    # p = 0.5: y = x · m · 1/(1 − 0.5), so 3 becomes 3·1·2 = 6 or 3·0·2 = 0.
    _, operation = run(nn.Dropout(0.5), torch.full((100,), 3.0, requires_grad=True))
    explanations = [explain.value(operation.call, (i,)) for i in range(100)]
    assert {explanation.result for explanation in explanations} == {0.0, 6.0}
    assert all((e.terms[0].note == "dropped") == (e.result == 0) for e in explanations)


def test_dropout2d_drops_whole_channels() -> None:
    _, operation = run(nn.Dropout2d(0.5), numbers((1, 8, 3, 3), torch.float32, 0), seed=1)
    masks = operation.call.saved["mask"].flatten(2)
    assert all(len(set(channel.tolist())) == 1 for channel in masks[0])
    assert len(set(masks.flatten().tolist())) == 2
