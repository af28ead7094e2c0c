"""The message about one reading: answer, probabilities, doubt, and the values of every layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

import torch

from core import i18n
from core.errors import InvalidSetting
from core.layer_facts import LayerFacts
from core.live.instrument import Answer, Ask, Later, Part
from core.live.network.canvas_content import CanvasContent, read_content
from core.live.network.source import Source, source
from core.recognise import answer as recognised
from core.recognise.forward import Forward, forward
from core.recognise.layer_data import facts_of, numbers_of
from core.recognise.readers import inputs

LOOK_EVERY = 0.08  # seconds between two looks for new weights


class ReadingHeader(TypedDict):
    """One reading. The numbers are the image, each layer's values and, where ``weighted``, its weight and bias.

    ``digit`` is None for an empty canvas. ``version`` names the weights; ``step`` and ``loss`` are those of the
    training run that they are of, ``learns`` says whether that is under way. ``note`` says why there are no
    layers where the network is too large to be drawn; it is read all the same.
    """

    title: str
    version: str
    weighted: bool
    image: list[int]
    layers: list[LayerFacts]
    output: str
    digit: int | None
    doubt: str
    probabilities: list[float]
    step: int | None
    loss: float | None
    learns: bool
    note: str


def answer(ask: Ask) -> Answer | Iterator[Part]:
    """Read what was drawn; where the network still learns, read it again with each of its weights."""
    content, version_there = read_content(ask), str(ask.settings["known"])
    now = source(str(ask.settings["network"]))
    return (
        reading(now, content, version_there, ask.language)
        if now.over
        else _readings(now, ask, content, version_there)
    )


def _readings(now: Source, ask: Ask, content: CanvasContent, version_there: str) -> Iterator[Part]:
    yield reading(now, content, version_there, ask.language)
    while not now.over:
        yield Later(LOOK_EVERY)
        before, now = now, source(str(ask.settings["network"]))
        if (now.version, now.learns) != (before.version, before.learns) or now.over:
            yield reading(now, content, before.version, ask.language)


def reading(now: Source, content: CanvasContent, version_there: str, language: str = "en") -> Answer:
    """Return one reading; the weights come with it unless the browser has them: they are ``version_there``."""
    answered = recognised(now.reader, content.image[None], [content.doubt], [content.of_page])[0]
    x, note = inputs(now.reader, content.image[None]), ""
    try:
        passed = forward(now.reader.net, x)
    except InvalidSetting as error:
        passed = Forward(x[0], (), torch.empty(0), "softmax")
        note = i18n.translate(language, error.message, **error.values)
    weighted = now.version != version_there
    header: ReadingHeader = {
        "title": now.reader.title,
        "version": now.version,
        "weighted": weighted,
        "image": list(passed.image.shape),
        "layers": [facts_of(layer) for layer in passed.layers],
        "output": passed.output,
        "digit": answered.digit,
        "doubt": answered.doubt or "",
        "probabilities": list(answered.probabilities),
        "step": now.step,
        "loss": now.loss,
        "learns": now.learns,
        "note": note,
    }
    return Answer(header, list(numbers_of(passed, weighted)))
