"""What each network reads while the pen moves: digit, doubt, and the picture of what each layer makes of it.

The drawing (``static/js/draw/reading.js``) listens to the canvas and asks over the live channel; the page tells it
what is on the canvas when the pen rests, and what came from a file.
"""

from __future__ import annotations

from typing import TypedDict

import streamlit as st

from core.recognise.doubt import LEAST_SURE
from core.sketch.examples import strokes_of
from pages.parts.draw import pad, settings
from pages.parts.draw.network import ChosenNetwork
from pages.parts.draw.source import Source
from pages.shared import canvas, language, picture
from pages.shared.component import component
from pages.shared.language import _
from pages.shared.picture import PictureWords


class ReadingWords(TypedDict):
    """What a reading says; ``doubt`` has a sentence for each reason to doubt."""

    picture: PictureWords
    sure: str
    doubts: str
    empty: str
    doubt: dict[str, str]


class ReadingData(TypedDict):
    """What a reading is given: the network, and what is on the ``canvas`` in ``frame``, or the ``image`` of
    a file.

    ``stamp`` is another whenever something else was put on the canvas than a hand has drawn there.
    """

    language: str
    network: str
    canvas: str
    side: int
    frame: str
    stamp: str
    strokes: list[list[list[float]]]
    image: list[float]
    reason: str
    of_page: bool
    pen: float
    centred: bool
    words: ReadingWords


def show(source: Source, networks: list[ChosenNetwork]) -> None:
    """Show each network's reading, beside each other."""
    for number, (place, each) in enumerate(zip(st.columns(len(networks)), networks, strict=True)):
        with place:
            if len(networks) > 1:
                st.text(each.name)
            component("draw/reading")(data=_data(source, each), key=f"draw_reading_{number}")


def _data(source: Source, network: ChosenNetwork) -> ReadingData:
    source_drawing = source.drawing
    return {
        "language": language.current(),
        "network": network.live,
        "canvas": pad.NAME,
        "side": pad.SIDE,
        "frame": canvas.frame(pad.NAME),
        "stamp": "file" if source_drawing is None else canvas.stamp(pad.NAME),
        "strokes": [] if source_drawing is None else strokes_of(source_drawing),
        "image": [] if source_drawing is not None else (source.sketch.image.flatten() / 255).round(6).tolist(),
        "reason": "" if source_drawing is not None else source.doubt or "",
        "of_page": source.of_page,
        "pen": settings.PEN.default / pad.SIDE
        if source_drawing is None
        else source_drawing.stroke_width / pad.SIDE,
        "centred": source.sketch.centred,
        "words": _words(source.strokes),
    }


def _words(strokes: bool) -> ReadingWords:
    no_ink = _("No ink was found on this picture, so nothing is answered. Crop it to the digit, or try more light.")
    blank = _("Draw a digit. An empty canvas is not a digit, so nothing is answered.")
    return {
        "picture": picture.words(),
        "sure": _("{share} sure"),
        "doubts": _("{share}, in doubt"),
        "empty": blank if strokes else no_ink,
        "doubt": _reasons(),
    }


def _reasons() -> dict[str, str]:
    """Return why this is perhaps not one digit, by reason."""
    return {
        "several": _(
            "This looks like several digits side by side. The network knows single digits only, so the "
            "probabilities are spread almost evenly over the ten digits."
        ),
        "scribble": _(
            "This looks like a scribble: the line is longer, or turns more often, than in any digit. So the "
            "probabilities are spread almost evenly over the ten digits."
        ),
        "photograph": _(
            "This looks like a photograph of something else, or a shadow lies on the paper: it has many tones where"
            " a pen on paper has two. So the probabilities are spread almost evenly over the ten digits."
        ),
        "filled": _(
            "This looks like a filled shape: it is thicker than any digit's line. So the probabilities"
            " are spread almost evenly over the ten digits."
        ),
        "cut": _(
            "What looks like the digit touches the edge of the page and may be cut off there. So the"
            " probabilities are spread almost evenly over the ten digits."
        ),
        "unsure": _(
            "The network itself is not sure: no digit reaches a probability of {least}.", least=f"{LEAST_SURE:.0%}"
        ),
        "spot": _("This is only a spot, so the probabilities are spread almost evenly over the ten digits."),
    }
