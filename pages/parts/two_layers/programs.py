"""The four programs side by side, corresponding lines lit together, each to download."""

from __future__ import annotations

import re
from typing import TypedDict

import streamlit as st

from core.foundations.derivation import STEPS
from core.foundations.two_layers import WAYS, WaysSettings, lines, program
from pages.parts.two_layers.settings import PROGRAM
from pages.parts.two_layers.sizes import TITLES
from pages.shared import widgets
from pages.shared.code_panel import show_the_code
from pages.shared.component import component
from pages.shared.language import _


class LineData(TypedDict):
    """A line of a program, and the names of the ideas that it carries out."""

    text: str
    ideas: list[str]


class PaneData(TypedDict):
    """One program."""

    title: str
    lines: list[LineData]


class IdeaData(TypedDict):
    """A step that all programs have: its formula, the shapes, and why it is so."""

    name: str
    title: str
    formula: str
    shape: str
    why: str


class PanesWords(TypedDict):
    """The words of the drawing."""

    ideas: str
    keys: str
    hint: str


class PanesData(TypedDict):
    """What ``static/js/two_layers/code_panes.js`` is given; ``start`` is the idea that is lit at first."""

    panes: list[PaneData]
    ideas: list[IdeaData]
    start: str
    labels: PanesWords


def show(settings: WaysSettings) -> None:
    """Mount the linked panes and offer each program as a file."""
    st.markdown(
        _(
            "Go to a line with the pointer, a finger or the arrow keys: the same idea lights up in all four"
            " programs."
        )
    )
    data: PanesData = {
        "panes": [{"title": TITLES[way], "lines": _lines(way, settings)} for way in WAYS],
        "ideas": _ideas(settings),
        "start": "grad_w2",
        "labels": {
            "ideas": _("Steps of the programs"),
            "keys": _("Arrow up and down walk through the lines."),
            "hint": _("Go to a line to see what it does, in all four programs."),
        },
    }
    component("two_layers/code_panes")(data=data, key="two_layers_panes")
    way_name = widgets.choose(PROGRAM, _("Download a program"), TITLES)
    show_the_code(program(way_name, settings), f"two_layers_{way_name}.py", f"two_layers_code_{way_name}")


def _lines(way: str, settings: WaysSettings) -> list[LineData]:
    return [{"text": line.text, "ideas": list(line.ideas)} for line in lines(way, settings)]


def _ideas(settings: WaysSettings) -> list[IdeaData]:
    others = [
        ("data", "x, y", "x (N, D_in), y (N, D_out)", _("random numbers; all programs draw the same ones")),
        (
            "weights",
            "w₁, w₂",
            "w1 (D_in, H), w2 (H, D_out)",
            _("1 and 2 start from normal numbers, 3 copies them in, 4 keeps what nn.Linear drew"),
        ),
        ("step", "w ← w − lr · ∂L/∂w", "", _("the update; Adam scales it by running averages of the gradients")),
        (
            "zero_grad",
            ".grad = None",
            "",
            _("autograd adds to .grad, so it is cleared; by hand it is recomputed each time"),
        ),
    ]
    ideas: list[IdeaData] = [
        {
            "name": step.idea,
            "title": step.idea,
            "formula": step.text,
            "shape": with_sizes(step.shapes, settings),
            "why": _(step.why),
        }
        for step in STEPS
    ]
    rest: list[IdeaData] = [
        {"name": name, "title": name, "formula": formula, "shape": with_sizes(shape, settings), "why": why}
        for name, formula, shape, why in others
    ]
    return ideas + rest


def with_sizes(shapes: str, settings: WaysSettings) -> str:
    """Put the numbers of ``settings`` in place of N, D_in, H and D_out."""
    return re.sub(r"\b(N|D_in|H|D_out)\b", lambda match: str(getattr(settings, match[1])), shapes)
