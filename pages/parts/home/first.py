"""The first screen: a pad, the network that reads it, and what it answers (``static/js/home/first.js``)."""

from __future__ import annotations

from typing import TypedDict

import streamlit as st

from core.live.network.settings import SHIPPED
from core.sketch import examples
from pages.parts.home import learn, lesson_links
from pages.parts.home.lesson_links import LinkWords
from pages.shared import language, lessons, picture
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
    ways: LinkWords
    undo: str
    clear: str
    another: str
    question: str
    start: str
    again: str
    stop: str
    steps: str
    learned: str
    waits: str
    curve: str
    empty: str
    reads: str
    doubts: str
    doubt: dict[str, str]


class FirstData(TypedDict):
    """What the first screen is given; ``run`` is the one that was started here, "" before there is one."""

    language: str
    network: str
    run: str
    learns: bool
    refusal: str
    examples: list[Strokes]
    words: FirstWords


@st.fragment(key="home_first_screen")
def show() -> None:
    """Show the first screen."""
    lessons.follow("home")  # a press runs this fragment alone
    learn.begin()
    run, network = learn.current()
    data: FirstData = {
        "language": language.current(),
        "network": network or SHIPPED,
        "run": run,
        "learns": learn.is_under_way(),
        "refusal": learn.refusal(),
        "examples": [examples.strokes_of(examples.example(name)) for name in DIGITS],
        "words": words(),
    }
    component("home/first")(
        data=data,
        key="home_first",
        on_start_change=learn.ask,
        on_stop_change=learn.stop,
        on_go_change=lesson_links.pressed,
    )


def words() -> FirstWords:
    """Return the words of the first screen."""
    return {
        "picture": picture.words(),
        "pad": picture.pad_words(),
        "ways": lesson_links.words(),
        "undo": _("Undo"),
        "clear": _("Clear"),
        "another": _("Another digit"),
        "question": _("How did it learn that?"),
        "start": _("Start training"),
        "again": _("Train again"),
        "stop": _("Stop"),
        "steps": _("A new network learns: batch {step}, loss {loss}"),
        "learned": _("It has learned: batch {step}, loss {loss}"),
        "waits": _("A new network, not trained yet. The first batches come in a moment."),
        "curve": _("Loss after each batch, from {first} to {last}"),
        "empty": _("Draw a digit."),
        "reads": _("It reads {digit}, {share}"),
        "doubts": _("{digit}? {share}, in doubt"),
        "doubt": {
            "several": _("This looks like several digits; the network knows single ones only."),
            "scribble": _("This looks like a scribble: the line turns more often than in any digit."),
            "spot": _("This is only a spot."),
        },
    }
