"""core.live.network: a drawing is read as ``core.recognise`` reads it, layer by layer, and nonsense is refused."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from core import recognise, trace
from core.errors import InvalidSetting
from core.live import offers, settings
from core.live.examples.answer import message
from core.live.instrument import Answer, Ask, instrument
from core.live.network import source
from core.live.network.answer import reading
from core.live.network.canvas_content import CanvasContent, read_content
from core.live.network.source import Source
from core.networks.registry import build
from core.recognise import forward as forwards
from core.recognise.forward import Window, forward
from core.recognise.readers import Reader, inputs, of_module, shipped
from core.sketch import record
from core.sketch.drawing import MOST_POINTS, MOST_STROKES, Drawing
from core.sketch.examples import KNOTS, example

SHOWN = {"conv2d", "linear", "relu", "max_pool2d", "avg_pool2d", "tanh", "sigmoid"}


def ask(tensors: dict[str, Any] | None = None, **now: Any) -> Ask:
    return Ask(settings.read(instrument("network").settings, now), "en", tensors or {})


def flat(drawing: Drawing) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return a drawing as a browser sends it: x, y and the stroke's number, on a square of side 1."""
    parts = [
        np.column_stack([stroke / drawing.width, np.full(len(stroke), number)])
        for number, stroke in enumerate(drawing.strokes)
    ]
    return np.concatenate(parts).astype(np.float32)


def test_every_example_is_read_as_the_page_of_drawings_reads_it() -> None:
    for name in KNOTS:
        expected = recognise.of_drawings(shipped(), [example(name)])[0]
        answer = instrument("network").answer(ask({"strokes": flat(example(name))}, reads="strokes"))
        assert isinstance(answer, Answer)
        header = answer.header
        assert (header["digit"], header["doubt"]) == (expected.digit, expected.doubt or "")
        assert header["probabilities"] == pytest.approx(expected.probabilities, abs=2e-3)  # Float32 on the way


def test_an_empty_canvas_is_no_digit() -> None:
    answer = instrument("network").answer(ask())
    assert isinstance(answer, Answer) and answer.header["digit"] is None and answer.header["doubt"] == "empty"


@pytest.mark.parametrize(
    "content",
    [
        np.zeros((3, 2)),
        np.zeros(3),
        np.full((2, 3), np.nan),
        np.array([[np.inf, 0, 0]]),
        np.array([[1e9, 0, 0]]),
        np.zeros((10_001, 3)),
        np.stack([np.zeros(5000), np.zeros(5000), np.arange(5000)], axis=1),
    ],
)
def test_what_is_no_drawing_is_refused(content: Any) -> None:
    with pytest.raises(InvalidSetting):
        read_content(ask({"strokes": content.astype(np.float32)}, reads="strokes"))


def test_a_pen_that_is_dragged_off_a_small_canvas_across_a_large_screen_is_read() -> None:
    points = np.array([[0.2, 0.2, 0], [0.5, 0.2, 0], [30.0, 16.0, 0]], np.float32)  # sides of the canvas
    strokes = Drawing((points[:, :2].astype(np.float64),), 1.0, 1.0)
    assert np.array_equal(
        read_content(ask({"strokes": points}, reads="strokes")).image, record.from_drawing(strokes).image
    )


@pytest.mark.parametrize(("count", "strokes"), [(MOST_POINTS + 1, 1), (MOST_STROKES + 2, MOST_STROKES + 2)])
def test_more_than_is_read_is_told_for_what_it_is(count: int, strokes: int) -> None:
    points = np.stack([np.linspace(0, 1, count), np.linspace(0, 1, count), np.arange(count) % strokes], axis=1)
    with pytest.raises(InvalidSetting, match="are more than"):
        read_content(ask({"strokes": points.astype(np.float32)}, reads="strokes"))


def test_what_was_not_left_cannot_be_read_and_an_image_has_28_by_28_pixels() -> None:
    for tensors in ({}, {"image": np.zeros((2, 28, 28), np.float32)}):
        with pytest.raises(InvalidSetting):
            read_content(ask(tensors, reads="image"))
    image = np.linspace(0, 1, 784, dtype=np.float32).reshape(28, 28)
    assert (read_content(ask({"image": image}, reads="image")).image == np.rint(image * 255)).all()


@pytest.mark.parametrize("name", ["mnist", "lenet5", "lenet3"])
def test_the_layers_are_those_that_a_recorded_pass_has(name: str) -> None:
    reader = of_module(name, build(name, seed=1))
    image = read_content(ask({"strokes": flat(example("four"))}, reads="strokes")).image
    passed = forward(reader.net, inputs(reader, image[None]))
    with torch.no_grad():
        record = trace.record(copy.deepcopy(reader.net), inputs(reader, image[None]), zero_grad=False)
    recorded = [each for each in record.operations if each.name in SHOWN]
    assert [each.operations for each in passed.layers] == [(each.name,) for each in recorded]
    for mine, theirs in zip(passed.layers, recorded, strict=True):
        assert torch.allclose(mine.values, record.values[theirs.outputs[0]].tensor[0], atol=1e-5)


def test_a_large_network_is_shown_stage_by_stage_with_the_values_at_their_ends() -> None:
    x = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    passed = forward(shipped().net, x)
    assert [each.operations for each in passed.layers] == [
        ("conv2d", "relu", "max_pool2d"),
        ("conv2d", "relu"),
        ("conv2d", "relu", "max_pool2d"),
        ("conv2d", "relu"),
        ("conv2d", "relu", "max_pool2d"),
        ("linear",),
    ]
    assert passed.numbers < forwards.MOST_NUMBERS
    with torch.inference_mode():
        scores = shipped().net(x)
        assert torch.equal(passed.scores, scores[0]) and torch.equal(passed.layers[-1].values, scores[0])


def test_two_windows_one_after_the_other_are_one() -> None:
    conv, pool = Window((5, 5)), Window((2, 2), (2, 2))
    assert pool.after(conv) == Window((6, 6), (2, 2))
    assert conv.after(pool) == Window((10, 10), (2, 2))
    assert Window((3, 3), padding=(1, 1)).after(pool) == Window((6, 6), (2, 2), (2, 2))


class Residual(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 3, padding=1)
        self.end = nn.Linear(784, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.conv(x)
        y += x
        return self.end(y.flatten(1))  # type: ignore[no-any-return]


def test_a_skip_connection_reads_two_layers_and_what_is_added_in_place_does_not_change_what_was_before() -> None:
    net, x = Residual().eval(), torch.ones(1, 1, 28, 28)
    before = copy.deepcopy(net).conv(x)[0].detach()
    passed = forward(net, x)
    assert [(each.operations[0], each.inputs) for each in passed.layers] == [
        ("conv2d", (-1,)),
        ("add", (0, -1)),
        ("linear", (1,)),
    ]
    assert torch.equal(passed.layers[0].values, before)
    assert torch.equal(passed.layers[1].values, before + x[0])


def test_a_network_too_large_to_draw_is_refused_with_a_sentence() -> None:
    with pytest.raises(InvalidSetting, match="numbers between its layers"):
        forward(nn.Conv2d(1, 200, 3, padding=1), torch.zeros(1, 1, 28, 28))
    with pytest.raises(InvalidSetting, match="layers"):
        forward(nn.Sequential(*(nn.ReLU() for _ in range(61))), torch.zeros(1, 1, 4, 4))


def test_weights_go_out_once_and_again_when_they_change() -> None:
    reader = of_module("mnist", build("mnist", seed=1))
    content = CanvasContent(np.zeros((28, 28), np.uint8), None)
    first, second = (reading(Source(reader, "1"), content, version) for version in ("", "1"))
    assert first.header["weighted"] and not second.header["weighted"]
    assert sum(a.numel() for a in first.arrays) - sum(a.numel() for a in second.arrays) == 21_840


def test_a_network_that_learns_is_read_again_with_each_of_its_weights_until_it_is_over() -> None:
    reader = of_module("mnist", build("mnist", seed=1))
    first = Source(reader, "1", 1, over=False, learns=True)
    second = replace(first, version="2", step=2)
    moments = iter([first] * 3 + [second, replace(second, learns=False), Source(reader, "3", 3)])
    name = source.offer(lambda: next(moments))
    parts = list(instrument("network").answer(ask(network=name)))  # type: ignore[call-overload]
    headers = [part.header for part in parts if isinstance(part, Answer)]
    assert [(each["step"], each["learns"]) for each in headers] == [(1, True), (2, True), (2, False), (3, False)]


def test_a_network_that_nobody_offers_is_refused_and_offers_are_bounded() -> None:
    with pytest.raises(InvalidSetting, match="reload"):
        source.source("nobody")
    first = source.offer(lambda: Source(shipped(), "1"))
    for _ in range(offers.MOST):
        source.offer(lambda: Source(shipped(), "1"))
    with pytest.raises(InvalidSetting, match="reload"):
        source.source(first)


def test_an_image_comes_with_what_the_page_found_of_it() -> None:
    image = np.zeros((28, 28), np.float32)
    image[4:24, 13:15] = 1
    for reason, of_page in (("", False), ("filled", True), ("empty", True)):
        request = ask({"image": image}, reads="image", reason=reason, of_page=of_page)
        answer = instrument("network").answer(request)
        assert isinstance(answer, Answer)
        whole = np.rint(image * 255).astype(np.uint8)[None]
        (expected,) = recognise.answer(shipped(), whole, [reason or None], [of_page])
        assert (answer.header["digit"], answer.header["doubt"]) == (expected.digit, expected.doubt or "")
    with pytest.raises(InvalidSetting):
        ask(reads="image", reason="because")


def test_a_network_too_large_to_draw_is_read_all_the_same_and_says_so() -> None:
    large = nn.Sequential(nn.Conv2d(1, 200, 3, padding=1), nn.Flatten(), nn.Linear(200 * 784, 10)).eval()
    name = source.offer_reader(of_module("large", large))
    answer = instrument("network").answer(ask({"strokes": flat(example("one"))}, reads="strokes", network=name))
    assert isinstance(answer, Answer) and answer.header["layers"] == []
    assert "numbers between its layers" in answer.header["note"] and answer.header["digit"] is not None
    ask_ = Ask(settings.read(instrument("network").settings, {"network": name}), "zh", {})
    answers = instrument("network").answer(ask_)
    assert isinstance(answers, Answer) and not answers.header["note"].isascii()


@pytest.mark.parametrize("value", [torch.nan, torch.inf, 1e30])
def test_a_network_that_answers_no_numbers_is_refused_in_words(value: float) -> None:
    network = copy.deepcopy(shipped().net)
    for parameter in network.parameters():
        nn.init.constant_(parameter, value)
    reader = Reader("diverged", network, 28)
    with pytest.raises(InvalidSetting, match="answers nan"):
        reading(Source(reader, "1"), CanvasContent(np.full((28, 28), 200, np.uint8), None), "")
    with pytest.raises(InvalidSetting, match="answers nan"):
        message(Source(reader, "1", dataset="digits"))
