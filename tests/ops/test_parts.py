"""Operations with several outputs: each output, and the gradient that comes back from all of them, are torch's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from core import trace
from core.ops import explain
from core.trace import autograd_graph
from core.trace.autograd_graph import meaning_of
from core.walk import cell_explanation, setup, walk
from core.walk.cell_request import GradientCell, ValueCell
from core.walk.inputs import InputSpec
from core.walk.walk import grad_outputs_of, parts_of
from tests.examples import up_to
from tests.explaining import Only, cells, numbers
from tests.ops.cases import SIDE
from tests.own import build_own

EXACT = 1e-10


def cut(draw: st.DrawFn, size: int, dim: int) -> Callable[[Tensor], Any]:
    length, count = draw(st.integers(1, size + 1)), draw(st.integers(1, size + 1))
    first = draw(st.integers(0, size))
    return draw(
        st.sampled_from(
            (
                lambda x: x.split(length, dim),
                lambda x: torch.split(x, [first, size - first], dim),
                lambda x: x.chunk(count, dim=dim),
                lambda x: torch.chunk(x, count, dim),
                lambda x: x.unbind(dim),
                lambda x: torch.unbind(x, dim),
            )
        )
    )


@given(data=st.data())
@settings(max_examples=up_to(40), deadline=None)
def test_every_part_and_the_gradient_of_all_are_torchs(data: st.DataObject) -> None:
    sizes = tuple(data.draw(st.lists(SIDE, min_size=1, max_size=3)))
    dim = data.draw(st.integers(-len(sizes), len(sizes) - 1))
    function = data.draw(st.composite(cut)(sizes[dim], dim))
    used = data.draw(st.booleans())  # all parts, or the last alone: the others get no gradient

    def weighted(x: Tensor) -> Tensor:
        parts = function(x)
        every = [(k + 2) * part.flatten() for k, part in enumerate(parts)]
        return torch.cat(every) if used else every[-1]

    x = numbers(sizes, torch.float64, data.draw(st.integers(0, 9)))
    shape = weighted(x).shape
    record = trace.record(Only(weighted), x, grad_output=numbers(shape, torch.float64, 3).detach())
    operation = record.operations[0]
    calls, arrived = parts_of(record, operation), grad_outputs_of(record, operation)
    assert len(calls) == len(operation.outputs) == len(function(x.detach()))
    for call in calls:
        hand = explain.whole(call)
        assert hand is not None and np.array_equal(hand.numbers, call.output.numpy())
        if call.output.numel():
            index = data.draw(st.composite(cells)(call.output.shape))
            explanation = explain.value(call, index)
            assert explanation is not None and explanation.difference == 0 and len(explanation.terms) == 1
    grad = record.contributions[operation.index, "input"]
    hand = explain.whole_gradient_of_parts(calls, "input", arrived)
    assert hand is not None and (np.abs(hand.numbers - grad.numpy()) <= EXACT).all()
    index = data.draw(st.composite(cells)(grad.shape))
    explanation = explain.gradient_of_parts(calls, "input", arrived, grad, index)
    assert explanation is not None and explanation.difference <= EXACT
    nodes = {node.name for node in record.backward if node.operation == operation.index}
    assert [node for node in nodes if meaning_of(node) == autograd_graph.OTHER] == []


class Halves(nn.Module):
    """Cuts its features in two, and multiplies them: both parts send a gradient back."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(3, 4)

    def forward(self, x: Tensor) -> Tensor:
        first, second = self.linear(x).chunk(2, dim=1)
        return first * second


def test_a_walk_opens_the_second_part_and_compares_all() -> None:
    this_walk = walk.take(setup.prepare(setup.Choice("own"), own=build_own(Halves(), InputSpec((2, 3)))))
    chunk = next(each for each in this_walk.record.operations if each.name == "chunk")
    checks = [walk.check(this_walk, step) for step in this_walk.steps if step.operation == chunk.index]
    assert [(check.cells, check.fine) for check in checks if check] == [(8, True), (8, True)]
    explanation = cell_explanation.open_cell(this_walk, ValueCell(chunk.outputs[1], (1, 0)))
    assert explanation.explanation is not None and explanation.explanation.terms[0].factors[0].index == (1, 2)
    whole = dict(chunk.inputs)["input"]
    explanation = cell_explanation.open_cell(this_walk, GradientCell(whole, (1, 3)))
    assert explanation.explanation is not None and explanation.explanation.difference == 0
    (factor,) = explanation.explanation.terms[0].factors
    assert (factor.tensor, factor.index) == ("grad_output[1]", (1, 1))
    assert dict(explanation.sources)["grad_output[1]"] == ("grad", chunk.outputs[1])


@pytest.mark.parametrize("parts", [[0, 3], [1, 1, 1]])
def test_an_empty_part_has_no_cells(parts: list[int]) -> None:
    x = numbers((3,), torch.float64, 0)
    record = trace.record(Only(lambda t: torch.cat(t.split(parts))), x, grad_output=torch.ones(3))
    calls = parts_of(record, record.operations[0])
    assert [tuple(call.output.shape) for call in calls] == [(size,) for size in parts]
    assert all(explain.whole(call) is not None for call in calls)
