"""From a part of the first screen to the lesson that explains it, with the very state that is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import streamlit as st

from core.errors import N_, InvalidSetting
from core.live.network.settings import SHIPPED
from core.sketch import drawing, examples
from core.sketch.drawing import Drawing
from core.training import live_weights, screen_weights
from core.training.checkpoint_id import CheckpointId
from core.training.config import TrainConfig
from core.training.run_folder import RunFolder
from pages.parts.home import learn
from pages.shared import canvas, keys, lessons, workspace
from pages.shared.language import _, sentence

PEN = 18 / 280  # width, in parts of the pad's side
CANVASES = {"draw": 280, "convolution": 224}  # where other lessons draw; their sides in pixels
MOST = 100_000
Query = dict[str, str]


class LinkWords(TypedDict):
    """What the ways on say; each ends with the name of its lesson."""

    name: str
    draw: str
    lenet: str
    train: str
    filter: str
    layer: str


def words() -> LinkWords:
    """Return the words of the ways on."""
    return {
        "name": _("See this in a lesson"),
        "draw": _("This drawing: {lesson}", lesson=_("Draw")),
        "lenet": _("One step in slow motion: {lesson}", lesson="LeNet"),
        "train": _("This run: {lesson}", lesson=_("Train")),
        "filter": _("Filter {item}: Convolution"),
        "layer": _("{layer}: this step of LeNet"),
    }


def pressed() -> None:
    """Prepare the way that was pressed. For callbacks; what our own screen never sends is ignored."""
    choice = (st.session_state.get("home_first") or {}).get("go")
    if not isinstance(choice, dict):
        return
    st.session_state[learn.REFUSAL] = ""
    try:
        strokes = drawing.from_json(
            {"strokes": choice.get("strokes"), "width": 1, "height": 1, "stroke_width": PEN}
        )
        page, query = way(choice)
    except InvalidSetting as error:
        st.session_state[learn.REFUSAL] = sentence(error)
        return
    bring(strokes)
    lessons.go(page, query)


def bring(strokes: Drawing) -> None:
    """Put the drawing on the canvases of the other lessons."""
    for name, side in CANVASES.items():
        canvas.replace(name, examples.to_canvas(drawing.scaled(strokes, side)))


def way(choice: Mapping[str, object]) -> tuple[str, Query]:
    """Return the lesson that explains what was pressed, and its settings; raises ``InvalidSetting``."""
    run = _run()
    if run and choice.get("to") == "train":
        return "train", {keys.RUN: run.id}
    config, weights = (run.config, _weights(run, _number(choice, "step"))) if run else (None, SHIPPED)
    match choice.get("to"):
        case "filter":
            return "convolution", convolution(_number(choice, "item"), weights)
        case "layer":
            return "lenet", lenet(config, weights, _number(choice, "digit"), 1 + _number(choice, "call"))
        case "lenet":
            return "lenet", lenet(config, weights, _number(choice, "digit"), 1)
        case _:
            return "draw", {keys.DRAW_WAY: "draw", keys.DRAW_NETWORK: weights, keys.DRAW_CENTRED: "true"}


def convolution(item: int, weights: str) -> Query:
    """Return the settings of Convolution that show filter ``item`` of the first layer over the drawing."""
    plain = {"part": "layer", "kind": "conv", "apart": "false", "stride": "1", "pad": "number", "padding": "0"}
    more = {"dilation": "1", "size": "28", "input": "drawing", "weights": "trained", "network": weights}
    return {f"convolution_{name}": value for name, value in (plain | more | {"filter": str(item)}).items()}


def lenet(config: TrainConfig | None, weights: str, digit: int, at: int) -> Query:
    """Return the settings of LeNet that take one step of the network on the drawing, ``at`` that step.

    Without dropout, as the first screen reads; the target is what the network answers.
    """
    settings = {
        "network": "reader" if config is None else config.network,
        "weights": weights,
        "input": "drawing",
        "loss": "cross_entropy",
        "target": str(min(digit, 9)),
        "train": "false",
        "before": "0",
        "at": str(at),
    }
    return {f"lenet_{name}": value for name, value in settings.items()}


def _run() -> RunFolder | None:
    """Return the run whose network reads on the first screen; None where it is the one that ships."""
    run_id = learn.current()[0]
    return workspace.find(run_id) if run_id else None


def _weights(run: RunFolder, step: int) -> str:
    """Return the weights of the run after ``step`` batches, as the lessons name them: those on the screen.

    They are saved where no checkpoint has them. In place of weights that are not known here any more, as after a
    restart of the server, the newest are taken.
    """
    checkpoints = {point.step: point.name for point in run.checkpoints()}
    state = learn.weights_at(step)
    if step not in checkpoints and state is None and (newest := live_weights.read(run.path)):
        step, state = newest.step, newest.state
    if step not in checkpoints and state is not None:
        return str(CheckpointId(run.id, screen_weights.save(run, step, state)))
    if not checkpoints:
        raise InvalidSetting(N_("this run has saved no weights yet: try again in a moment"))
    return str(CheckpointId(run.id, checkpoints.get(step, checkpoints[max(checkpoints)])))


def _number(choice: Mapping[str, object], name: str) -> int:
    value = choice.get(name)
    return value if isinstance(value, int) and 0 <= value < MOST else 0
