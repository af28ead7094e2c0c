"""From the first page to a lesson: the settings that bring the very state along."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from core.live.network.run import RECENT, RunNetwork
from core.recognise.forward import forward
from core.recognise.readers import Reader, inputs, shipped
from core.sketch import drawing, examples
from core.training import checkpoint
from core.training.checkpoint_id import CheckpointId
from core.training.config import TrainConfig
from core.training.live_weights import LiveWeights
from core.training.network import make
from core.training.run_folder import create
from core.walk import setup, walk
from core.walk.setup import Choice
from pages.parts.home import learn, lesson_links
from pages.shared import workspace


@pytest.mark.parametrize("name", ["reader", "mnist", "lenet5"])
def test_a_layer_of_the_picture_is_the_walks_step_of_the_same_call(name: str) -> None:
    choice = Choice(name, "digit", 0, "seed", "cross_entropy", 7, training=False)
    prepared = setup.prepare(choice, weights=shipped().net.state_dict() if name == "reader" else None)
    layers = forward(prepared.network, prepared.input).layers
    this_walk = walk.take(prepared)  # ends with new weights
    assert len(layers) >= 6
    for layer in layers:
        at = int(lesson_links.lenet(None, "seed", 7, 1 + layer.call)["lenet_at"])
        number = this_walk.steps[at].operation
        assert number is not None
        operation = this_walk.record.operations[number]
        assert operation.name == layer.operations[0]
        assert operation.module == layer.name or layer.weight is None
        if len(layer.operations) == 1:
            value = this_walk.record.values[operation.outputs[0]].tensor
            assert torch.allclose(value.reshape(-1), layer.values.reshape(-1), atol=1e-6)


def test_a_drawing_on_another_canvas_is_read_as_the_same_picture() -> None:
    small = drawing.scaled(examples.example("three"), 1.0)
    on_canvas = examples.to_canvas(drawing.scaled(small, 280.0))
    back = drawing.from_canvas(on_canvas, 280, 280, 99)
    assert back.stroke_width == pytest.approx(18)
    for stroke, expected in zip(back.strokes, examples.example("three").strokes, strict=True):
        assert np.allclose(stroke, expected, atol=0.006)  # the canvas has hundredths of a pixel


def test_the_filter_of_a_map_is_set_with_the_plain_layer_around_it() -> None:
    settings = lesson_links.convolution(5, "shipped")
    assert settings["convolution_filter"] == "5"
    assert settings["convolution_stride"] == "1"  # whatever the session had
    assert settings["convolution_network"] == "shipped"
    reader: Reader = shipped()
    conv = forward(reader.net, inputs(reader, np.zeros((1, 28, 28), np.uint8))).layers[0]
    assert conv.operations[0] == "conv2d"


@pytest.mark.parametrize("place", ["filter", "layer", "lenet", "draw"])
def test_a_press_carries_the_weights_on_the_screen_though_newer_ones_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    config = TrainConfig(dataset="digits")
    run, network = create(tmp_path, config), make(config)
    now = RunNetwork(run.path, config)
    monkeypatch.setattr(learn, "current", lambda: (run.id, ""))
    monkeypatch.setattr(workspace, "find", lambda _id: run)
    monkeypatch.setattr(learn, "weights_at", now.weights_at)

    def hand_out(step: int) -> None:
        with torch.no_grad():
            network.get_parameter("conv1.weight").fill_(step)
        LiveWeights(run.path).offer(network, step, 0.5)
        now()

    def weights(step: int) -> tuple[str, float]:
        _page, query = lesson_links.way({"to": place, "digit": 3, "step": step})
        code = next(value for value in query.values() if value.startswith(run.id))
        name = CheckpointId.parse(code).checkpoint
        state = checkpoint.load_model(run.weights(name).path).state_dict()
        return name, float(state["conv1.weight"].flatten()[0])

    hand_out(5)
    hand_out(6)
    assert weights(5) == ("batch-5", 5)
    for step in range(7, 8 + RECENT):
        hand_out(step)
    assert weights(6) == (f"batch-{step}", step), "what nobody knows any more is the newest"
