"""Every operation of core.ops: any cell and the whole tensor, of the value and of every gradient, are torch's."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core.ops import explain
from core.ops.precision import compare_whole
from core.ops.registry import DEFINITIONS
from core.ops.whole import Hand
from core.trace import autograd_graph
from core.trace.autograd_graph import meaning_of
from tests.examples import up_to
from tests.explaining import numbers, run
from tests.ops.cases import CASES, leaf

EXACT = 1e-10


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=up_to(15), suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_cells_and_whole_tensors_are_torchs(name: str, data: st.DataObject) -> None:
    function, shape = CASES[name](data.draw)
    x = numbers(shape, torch.float64, data.draw(st.integers(0, 9)))
    with torch.no_grad():
        assume(function(x).numel())
    record, recorded = run(function, x)
    call = recorded.call
    assert explain.written_out(call) is not None, call.name
    grads = {which: grad for (index, which), grad in record.contributions.items() if index == recorded.index}
    assume(grads)  # none where torch returned its input, as contiguous() may
    holds(explain.whole(call), call.output)
    opens(lambda index: explain.value(call, index), call.output, data)
    g = record.gradients[recorded.outputs[0]]
    nodes = {
        node.name.removeprefix("torch::autograd::") for node in record.backward if node.operation == recorded.index
    }
    assert [node for node in nodes if meaning_of(node) == autograd_graph.OTHER] == []
    for which, grad in grads.items():
        holds(explain.whole_gradient(call, which, g), grad)
        opens(lambda index, which=which, grad=grad: explain.gradient(call, which, g, grad, index), grad, data)


def holds(hand: Hand | None, other: torch.Tensor) -> None:
    assert hand is not None and hand.numbers.shape == tuple(other.shape)
    assert (np.abs(hand.numbers - other.detach().numpy()) <= EXACT * np.maximum(hand.scale, 1)).all()
    assert (hand.scale >= np.abs(hand.numbers) * (1 - EXACT)).all() and hand.terms >= 1
    assert compare_whole(hand, other).fine.all()


def opens(open_cell, tensor: torch.Tensor, data: st.DataObject) -> None:  # type: ignore[no-untyped-def]
    """Open some cells: each is torch's, its terms give it, and its factors name cells that hold their numbers."""
    for _ in range(3):
        index = tuple(data.draw(st.integers(0, size - 1)) for size in tensor.shape)
        explanation = open_cell(index)
        assert explanation.index == index and explanation.torch_value == tensor[index].item()
        assert explanation.difference <= EXACT * max(1, explanation.magnitude)
        if explanation.combine == "sum":
            added = math.fsum(term.value for term in explanation.terms)
            assert explanation.result == pytest.approx(added, abs=1e-12)
        for term in explanation.terms:
            assert math.prod(factor.value for factor in term.factors) == pytest.approx(term.value, abs=1e-12)
        assert explanation.symbolic.count("{") == explanation.symbolic.count("}")


def test_every_definition_has_a_case() -> None:
    """The first word of a case's name; those left over share a case with a relative."""
    covered = {id(DEFINITIONS[name.split()[0]]) for name in CASES if name.split()[0] in DEFINITIONS}
    uncovered = {name for name, each in DEFINITIONS.items() if id(each) not in covered and not each.several}
    assert uncovered == {"flatten", "unsqueeze", "squeeze", "detach"}, uncovered


def test_a_picture_enlarged_by_a_fraction_opens_only_where_torchs_value_and_gradient_agree() -> None:
    _, recorded = run(lambda x: F.interpolate(x, scale_factor=2.3), numbers((1, 1, 2), torch.float64, 0))
    assert explain.whole(recorded.call) is None and explain.value(recorded.call, (0, 0, 0)) is None
    _, recorded = run(lambda x: F.interpolate(x, scale_factor=2.0), numbers((1, 1, 2), torch.float64, 0))
    assert explain.value(recorded.call, (0, 0, 2)).terms[0].factors[0].index == (0, 0, 1)


def test_a_sum_worked_by_hand_is_written_as_its_rule() -> None:
    _, recorded = run(lambda x: F.conv1d(x, leaf((1, 1, 2)), stride=2), numbers((1, 1, 4), torch.float64, 1))
    explanation = explain.value(recorded.call, (0, 0, 1))
    assert explanation.symbolic == r"y_{n,o,i} = \sum_{u} x_{n,c,2i+u}\,w_{o,c,u}"
    assert [[factor.index for factor in term.factors] for term in explanation.terms] == [
        [(0, 0, 2), (0, 0, 0)],
        [(0, 0, 3), (0, 0, 1)],
    ]
