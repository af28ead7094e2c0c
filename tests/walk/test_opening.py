"""Any cell of any tensor on the screen opens, and its arithmetic is torch's; nonsense is refused."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest

from core.errors import InvalidSetting
from core.walk import cell_explanation, cell_request, scene, setup, walk
from core.walk.setup import Choice

NETWORKS = {
    "lenet5": Choice(input_grad=True, loss="cross_entropy"),
    "mnist": Choice("mnist", loss="nll", optimizer="adam", steps_before=1),
    "two_layers": Choice("two_layers"),
    "backward": Choice(loss="backward", optimizer="nesterov"),
    "stack": Choice("stack:2x9x9~conv-o3-k3-s2-p1~relu~avg-k2~flatten"),
}


def on_screen(this_walk: walk.Walk) -> tuple[scene.Tensors, list[dict]]:
    tensors = scene.Tensors()
    panes = [
        pane
        for step in this_walk.steps
        for group in scene.groups(this_walk, tensors, step)
        for pane in group["panes"]
        if pane["ask"] and pane["tensor"] is not None
    ]
    cell_explanation.add_saved(this_walk, tensors)
    return tensors, panes


@pytest.mark.parametrize("name", NETWORKS)
def test_a_random_cell_of_every_tensor_on_the_screen_opens_and_agrees_with_torch(name: str) -> None:
    this_walk, pick = walk.take(setup.prepare(NETWORKS[name])), random.Random(1)
    tensors, panes = on_screen(this_walk)
    by_question = {json.dumps(pane["ask"]): pane for pane in panes}
    explained = 0
    for pane in by_question.values():
        shape = tensors.described[pane["tensor"]]["shape"]
        index = [pick.randrange(size) for size in shape]
        explanation = cell_explanation.open_cell(this_walk, cell_request.from_data(pane["ask"] | {"index": index}))
        assert explanation.key in tensors.numbers
        if explanation.update:
            assert abs(explanation.update.after - explanation.update.torch_after) <= 1e-6
        elif explanation.explanation:
            explained += 1
            largest = max(
                [abs(term.value) for term in explanation.explanation.terms] + [abs(explanation.value), 1e-6]
            )
            assert explanation.explanation.difference <= 1e-5 * largest
            named = {
                factor.tensor for term in explanation.explanation.terms for factor in term.factors if factor.tensor
            }
            assert named <= {source for source, key in explanation.sources if key in tensors.numbers}
        else:
            assert explanation.sentence
    assert explained > 5


def test_the_message_holds_every_tensor_as_float32() -> None:
    this_walk = walk.take(setup.prepare(NETWORKS["lenet5"]))
    tensors, _ = on_screen(this_walk)
    descriptions, arrays = tensors.message()
    numbers = np.concatenate(arrays)
    assert numbers.nbytes < 1e6
    described = descriptions[tensors.numbers["value", 0]]
    values = numbers[described["offset"] : described["offset"] + described["length"]]
    assert values.tolist() == this_walk.record.values[0].tensor.flatten().tolist()


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"kind": "value"},
        {"kind": "value", "value": 10_000, "index": [0]},
        {"kind": "value", "value": -1, "index": []},
        {"kind": "value", "value": 0, "index": [0, 0, 99, 0]},
        {"kind": "value", "value": 0, "index": "0000"},
        {"kind": "grad", "value": 0, "index": [0, 0, 0, 0]},
        {"kind": "weight", "parameter": "../x", "index": [0]},
        {"kind": "weight", "parameter": "conv1.bias", "index": [6]},
        {"kind": "import", "value": 0, "index": [0, 0, 0, 0]},
    ],
)
def test_nonsense_is_refused_in_a_sentence(nonsense: dict) -> None:
    this_walk = walk.take(setup.prepare(Choice("lenet3")))
    with pytest.raises(InvalidSetting):
        cell_explanation.open_cell(this_walk, cell_request.from_data(nonsense))
