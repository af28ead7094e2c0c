"""What the JavaScript tests compare with: examples of Python's own strategies, and what Python makes of them.

``python -m tests.js_fixtures FILE`` writes them as JSON. ``tests/test_javascript.py`` does so and runs Node.
"""

from __future__ import annotations

import base64
import copy
import itertools
import json
import random
import string
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from babel.messages.pofile import read_po
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from torch import Tensor, nn

from core.convolution import scene
from core.errors import fill
from core.i18n import LOCALES
from core.live.convolution.drawing_message import split
from core.live.network.answer import reading
from core.live.network.canvas_content import CanvasContent
from core.live.network.source import Source
from core.message import pack
from core.networks.registry import build
from core.ops import explain
from core.recognise.forward import forward
from core.recognise.readers import Reader, of_module, shipped
from core.rng import seeded
from core.sketch import record
from core.sketch.examples import example
from core.windows.axis import Axis, adaptive_window
from core.windows.sizes import Size
from tests.js_cases import Field, FieldCase, Fixtures, MessageCase, ReadingCase, SceneCase, SentenceCase, ShapeCase
from tests.test_convolution import drawn_scene, seeds

SHAPES = st.lists(st.integers(1, 7), min_size=0, max_size=5)
NAMES = st.text(max_size=8).filter(lambda name: not name.isdecimal())  # JavaScript puts keys that are numbers first
WORDS = st.dictionaries(NAMES, st.text(max_size=12), max_size=4)
FLOATS = arrays.arrays(
    np.float32, st.integers(0, 30), elements=st.floats(width=32, allow_nan=False, allow_infinity=False)
)


def examples(strategy: st.SearchStrategy[Any], make: Callable[[Any], Any], count: int) -> list[Any]:
    """Return ``make`` of ``count`` examples of ``strategy``: the same ones in every run."""
    cases: list[Any] = []

    @settings(
        max_examples=count, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(strategy)
    def collect(example: Any) -> None:
        cases.append(make(example))

    collect()
    return cases


def pairs(size: Size, o: int) -> list[tuple[int, int]]:
    """Return (kernel position, input position) for output ``o`` of one dimension, as ``core.windows`` has them."""
    if size.layer == "adaptive":
        return list(enumerate(adaptive_window(o, size.input, size.output)))
    if size.layer == "transposed":
        axis = Axis(size.output, size.input, size.kernel_size, size.stride, size.dilation, size.before)
        return sorted((k, position) for position, k in axis.uses(o))
    return Axis(size.input, size.output, size.kernel_size, size.stride, size.dilation, size.before).window(o)


def a_scene(seed: int) -> SceneCase:
    """Return one layer on random numbers as the browser gets it, its windows, and the formula of one output."""
    run = drawn_scene(seed)
    output = random.Random(seed).randrange(run.layer.outputs)
    data = scene.drawing(run, output)
    header, arrays = split(data)
    height, width = run.layer.sizes()
    explanation = explain.value(run.call, (output, 0, 0))
    assert explanation is not None
    return {
        "seed": seed,
        "data": data,
        "message": base64.b64encode(pack({"drawing": header}, arrays)).decode(),
        "rows": [pairs(height, i) for i in range(data["out"][0])],
        "columns": [pairs(width, j) for j in range(data["out"][1])],
        "formulas": [explanation.symbolic, *explanation.steps],
    }


def a_shape(shape: list[int]) -> ShapeCase:
    """Return a shape and the index of each of its cells, as NumPy counts them."""
    count = int(np.prod(shape))
    indices = (
        [[int(i) for i in np.unravel_index(flat, shape)] for flat in range(min(count, 300))] if shape else [[]]
    )
    return {"shape": shape, "indices": indices}


def a_message(content: tuple[dict[str, str], list[Any]]) -> MessageCase:
    """Return a message and what is in it."""
    header, parts = content
    return {
        "bytes": base64.b64encode(pack(header, parts)).decode(),
        "header": header,
        "arrays": [part.astype(float).tolist() for part in parts],
    }


def sentences() -> list[SentenceCase]:
    """Return every sentence that chooses by a number, as Python fills it in; formats are Python's alone."""
    cases = []
    for path in sorted((LOCALES / "zh" / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh"):
                parts = list(string.Formatter().parse(str(message.id)))
                forms = [form for _text, place, form, _conversion in parts if place and form]
                if forms and all("|" in form for form in forms):
                    places = sorted({place for _text, place, _form, _conversion in parts if place})
                    one, two = (fill(message.id, dict.fromkeys(places, count)) for count in (1, 2))
                    cases.append(SentenceCase(template=message.id, places=places, one=one, two=two))
    return cases


class Skip(nn.Module):
    """A small network with a branch: two convolutions whose maps are added, and others beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.one = nn.Conv2d(1, 4, 3, stride=2, padding=1)
        self.two = nn.Conv2d(4, 4, 3, padding=2, dilation=2)
        self.end = nn.Linear(8 * 49, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.one(x))
        x = torch.cat([x + self.two(x), x], dim=1)
        return self.end(F.avg_pool2d(x, 2).flatten(1))  # type: ignore[no-any-return]


def readers() -> list[Reader]:
    """Return networks of several kinds that read digits."""
    with seeded(3):
        skip = of_module("skip", Skip())
    networks = [of_module(name, build(name, seed=3)) for name in ("mnist", "lenet5")]
    return [*networks, replace(shipped(), title="shipped"), skip]


def a_reading(reader: Reader) -> ReadingCase:
    """Return the message about one drawing, and the pixels that some cells see."""
    image = record.from_drawing(example("three")).image
    answer = reading(Source(reader, "1"), CanvasContent(image, None), "")
    return {
        "name": reader.title,
        "bytes": base64.b64encode(pack(answer.header, answer.arrays)).decode(),
        "fields": receptive_fields(reader.net, reader.input_size),
    }


def receptive_fields(net: nn.Module, side: int) -> list[FieldCase]:
    """Return, of some cells in each layer of maps, which pixels change them: each row and column is tried.

    All weights are made positive, so that no two ways to a pixel cancel each other and no ReLU stands at zero.
    """
    positive = copy.deepcopy(net)
    for weights in positive.parameters():
        weights.data.abs_().add_(0.1)
    paper = forward(positive, torch.zeros(1, 1, side, side)).layers
    tried: list[list[Any]] = [[], []]  # rows, columns: the layers with this row or column inked
    for axis, line in itertools.product((0, 1), range(side)):
        x = torch.zeros(1, 1, side, side)
        x.select(2 + axis, line).fill_(100)
        tried[axis].append(forward(positive, x).layers)
    cases: list[FieldCase] = []
    for place, layer in enumerate(paper):
        cells = layer.values[0].numel() if layer.values.dim() == 3 else 0
        for cell in sorted({0, cells // 3, cells - 1}) if cells else ():
            before = layer.values[0].flatten()[cell]
            rows, columns = (
                [line for line, layers in enumerate(each) if layers[place].values[0].flatten()[cell] != before]
                for each in tried
            )
            height, width = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
            field: Field = {"top": rows[0], "left": columns[0], "height": height, "width": width}
            cases.append({"layer": place, "cell": cell, "field": field})
    return cases


def fixtures() -> Fixtures:
    """Return everything that the tests in ``tests/js`` read."""
    scenes = examples(seeds, a_scene, 150)
    return {
        "scenes": scenes,
        "readings": [a_reading(reader) for reader in readers()],
        "shapes": examples(SHAPES, a_shape, 60),
        "messages": examples(st.tuples(WORDS, st.lists(FLOATS, max_size=4)), a_message, 60),
        "sentences": sentences(),
        "floats": [float(x) for x in np.random.default_rng(0).standard_normal(500).astype(np.float32)],
    }


def main() -> None:
    """Write the fixtures to the file named by the first argument."""
    text = json.dumps(fixtures(), allow_nan=False)
    Path(sys.argv[1]).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
