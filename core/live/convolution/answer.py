"""The message about one layer: the tensors that torch returned, and everything that stands around them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TypedDict

from core.convolution.scene import Drawing, Scene, apart, drawing
from core.errors import N_, InvalidSetting
from core.i18n import translate_error
from core.live.convolution.drawing_message import DrawingHeader, split
from core.live.convolution.run import build_layer, picture, run
from core.live.convolution.sentences import (
    Fact,
    Head,
    Lines,
    Short,
    Verdict,
    facts,
    formulas,
    head,
    remarks,
    short,
    verdict,
)
from core.live.instrument import Answer, Ask
from core.live.settings import Value


class Captions(TypedDict):
    """Title and size of each of the three grids."""

    input: list[str]
    kernel: list[str]
    output: list[str]


class Around(TypedDict):
    """What stands around the figure; nothing of it is there where the settings are impossible."""

    head: Head
    formulas: list[Lines]
    short: Short
    remarks: list[str]
    facts: list[Fact]
    question: str  # what a reader who guesses first is asked
    verdict: Verdict | None
    outputs: int  # channels that come out
    filter: int  # the one that is drawn


class LayerHeader(TypedDict):
    """One layer: ``why`` it is impossible, or None; ``drawing`` is None where not even the picture is there."""

    drawing: DrawingHeader | None
    captions: Captions | None
    why: str | None
    around: Around | None


def answer(ask: Ask) -> Answer:
    """Run the layer on the picture and say what follows; where it is impossible, what would go in and why."""
    try:
        scene = run(ask.settings, ask.tensors)
    except InvalidSetting as error:
        return _impossible(ask, translate_error(ask.language, error))
    output = min(int(ask.settings["filter"]), scene.layer.outputs - 1)
    drawing_header, arrays = split(drawing(scene, output))
    captions = captions_of(ask, scene)
    header: LayerHeader = {
        "drawing": drawing_header,
        "captions": captions,
        "why": None,
        "around": _around(ask, scene, output),
    }
    return Answer(header, arrays)


def _around(ask: Ask, scene: Scene, output: int) -> Around:
    layer = scene.layer
    height, width = layer.sizes()
    guess = _guess(ask.settings)
    which = N_("What size comes out?") if height == width else N_("What height comes out?")
    return {
        "head": head(ask, layer),
        "formulas": formulas(ask, layer),
        "short": short(ask, height),
        "remarks": remarks(ask, scene, output),
        "facts": facts(ask, layer),
        "question": ask.say(which),
        "verdict": None if guess is None else verdict(ask, layer, guess),
        "outputs": layer.outputs,
        "filter": output,
    }


def _guess(values: Mapping[str, Value]) -> int | None:
    text = str(values["guessed"]).strip()
    return int(text) if values["guess"] and text.isascii() and text.isdigit() else None


def _impossible(ask: Ask, why: str) -> Answer:
    """Say why, and show the padded input and the window in one scale where there is a picture."""
    impossible = build_layer(ask.settings)
    header: LayerHeader = {"drawing": None, "captions": None, "why": why, "around": None}
    with suppress(InvalidSetting):  # a picture that is not there yet
        figure = apart(impossible, picture(ask.settings, ask.tensors, impossible.in_channels, impossible.size))
        picture_header, arrays = split(figure)
        return Answer({**header, "drawing": picture_header, "captions": _captions_apart(ask, figure)}, arrays)
    return Answer(header)


def captions_of(ask: Ask, scene: Scene) -> Captions:
    """Return title and size of each grid."""
    height, width = scene.layer.sizes()
    rows, columns = scene.y.shape[-2:]
    pads = f"+ {height.before}|{height.after}" if height.before or height.after else ""
    middle = N_("Window")
    if scene.layer.has_weights:
        middle = N_("Filter: one kernel a channel") if len(scene.x) > 1 else N_("Kernel")
    return {
        "input": [ask.say(N_("Input")), f"{height.input}×{width.input} {pads}"],
        "kernel": [ask.say(middle), f"{height.kernel_size}×{width.kernel_size}"],
        "output": [ask.say(N_("Output")), f"{rows}×{columns}"],
    }


def _captions_apart(ask: Ask, figure: Drawing) -> Captions:
    rows, columns = figure["size"]
    pads = f"+ {figure['before'][0]}|{figure['after'][0]}" if figure["before"][0] else ""
    return {
        "input": [ask.say(N_("Input")), f"{rows}×{columns} {pads}"],
        "kernel": [ask.say(N_("Window")), f"{figure['kernel'][0]}×{figure['kernel'][1]}"],
        "output": [ask.say(N_("Output")), "–"],
    }
