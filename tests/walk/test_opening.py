"""Any cell of any tensor on the screen opens, and its arithmetic is torch's; nonsense is refused."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest

from core.errors import InvalidSetting
from core.walk import cell_explanation, scene, setup, walk
from core.walk.setup import Choice

NETWORKS = {
    "lenet5": Choice(input_grad=True, loss="cross_entropy"),
    "mnist": Choice("mnist", loss="nll", optimizer="adam", steps_before=1),
    "two_layers": Choice("two_layers"),
    "backward": Choice(loss="backward", optimizer="nesterov"),
    "stack": Choice("stack:2x9x9~conv-o3-k3-s2-p1~relu~avg-k2~flatten"),
}


def on_screen(taken: walk.Walk) -> tuple[scene.Tensors, list[dict]]:
    tensors = scene.Tensors()
    panes = [
        pane
        for step in taken.steps
        for group in scene.groups(taken, tensors, step)
        for pane in group["panes"]
        if pane["ask"] and pane["tensor"] is not None
    ]
    cell_explanation.add_saved(taken, tensors)
    return tensors, panes


@pytest.mark.parametrize("name", NETWORKS)
def test_a_random_cell_of_every_tensor_on_the_screen_opens_and_agrees_with_torch(name: str) -> None:
    taken, pick = walk.take(setup.prepare(NETWORKS[name])), random.Random(1)
    tensors, panes = on_screen(taken)
    asked = {json.dumps(pane["ask"]): pane for pane in panes}
    explained = 0
    for pane in asked.values():
        shape = tensors.described[pane["tensor"]]["shape"]
        index = [pick.randrange(size) for size in shape]
        opened = cell_explanation.open_cell(taken, pane["ask"] | {"index": index})
        assert opened.key in tensors.numbers
        if opened.update:
            assert abs(opened.update.after - opened.update.torch_after) <= 1e-6
        elif opened.explanation:
            explained += 1
            largest = max([abs(term.value) for term in opened.explanation.terms] + [abs(opened.value), 1e-6])
            assert opened.explanation.difference <= 1e-5 * largest
            named = {factor.tensor for term in opened.explanation.terms for factor in term.factors if factor.tensor}
            assert named <= {source for source, key in opened.sources if key in tensors.numbers}
        else:
            assert opened.sentence
    assert explained > 5


def test_the_message_holds_every_tensor_as_float32() -> None:
    taken = walk.take(setup.prepare(NETWORKS["lenet5"]))
    tensors, _ = on_screen(taken)
    numbers = np.concatenate(tensors.arrays_sent())
    assert numbers.nbytes < 1e6
    described = tensors.described[tensors.numbers["value", 0]]
    drawn = numbers[described["offset"] : described["offset"] + described["length"]]
    assert drawn.tolist() == taken.record.values[0].tensor.flatten().tolist()


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
    taken = walk.take(setup.prepare(Choice("lenet3")))
    with pytest.raises(InvalidSetting):
        cell_explanation.open_cell(taken, nonsense)
