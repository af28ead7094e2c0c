"""The first screen: a pad, the network that reads it, and what it answers (``static/js/home/first.js``)."""

from __future__ import annotations

from typing import TypedDict

from core.live.network.declared import SHIPPED
from core.sketch import examples
from pages.shared import language, picture
from pages.shared.component import component
from pages.shared.language import _
from pages.shared.picture import PadWords, PictureWords

DIGITS = (
    "three",
    "seven",
    "four",
    "one",
)  # of ``core.sketch.examples``, in the order in which they write themselves
Strokes = list[list[list[float]]]  # points [x, y] on a square of side 1


class FirstWords(TypedDict):
    """What the first screen says; ``doubt`` has a sentence for each reason to doubt."""

    picture: PictureWords
    pad: PadWords
    undo: str
    clear: str
    another: str
    empty: str
    reads: str
    doubts: str
    doubt: dict[str, str]


class FirstData(TypedDict):
    """What the first screen is given."""

    language: str
    network: str
    examples: list[Strokes]
    words: FirstWords


def show() -> None:
    """Show the first screen."""
    data: FirstData = {
        "language": language.current(),
        "network": SHIPPED,
        "examples": [_strokes(name) for name in DIGITS],
        "words": words(),
    }
    component("home/first")(data=data, key="home_first")


def words() -> FirstWords:
    """Return the words of the first screen."""
    return {
        "picture": picture.words(),
        "pad": picture.pad_words(),
        "undo": _("Undo"),
        "clear": _("Clear"),
        "another": _("Another digit"),
        "empty": _("Draw a digit."),
        "reads": _("It reads {digit}, {share}"),
        "doubts": _("{digit}? {share}, in doubt"),
        "doubt": {
            "several": _("This looks like several digits; the network knows single ones only."),
            "scribble": _("This looks like a scribble: the line turns more often than in any digit."),
            "spot": _("This is only a spot."),
        },
    }


def _strokes(name: str) -> Strokes:
    drawn = examples.example(name)
    return [(stroke / drawn.width).round(4).tolist() for stroke in drawn.strokes]
