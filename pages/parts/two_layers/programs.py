"""The four programs side by side, corresponding lines lit together, each to download."""

from __future__ import annotations

import re
from dataclasses import asdict

import streamlit as st

from core.foundations.derivation import STEPS
from core.foundations.two_layers import WAYS, WaysSettings, lines, program
from pages.parts.two_layers import settings as declared
from pages.parts.two_layers.sizes import TITLES
from pages.shared import widgets
from pages.shared.code_panel import show_the_code
from pages.shared.component import component
from pages.shared.language import _


def show(settings: WaysSettings) -> None:
    """Mount the linked panes and offer each program as a file."""
    st.markdown(
        _("Point at a line, tap it, or walk with the arrow keys: the same idea lights up in all four programs.")
    )
    data = {
        "panes": [{"title": TITLES[way], "lines": [asdict(line) for line in lines(way, settings)]} for way in WAYS],
        "ideas": _ideas(settings),
        "start": "grad_w2",
        "labels": {
            "ideas": _("Steps of the programs"),
            "keys": _("Arrow up and down walk through the lines."),
            "hint": _("Point at a line to see what it does, in all four programs."),
        },
    }
    component("two_layers/code_panes")(data=data, key="two_layers_panes")
    shown = widgets.choose(declared.PROGRAM, _("Download a program"), TITLES)
    show_the_code(program(shown, settings), f"two_layers_{shown}.py", f"two_layers_code_{shown}")


def _ideas(settings: WaysSettings) -> list[dict[str, str]]:
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
    told = [
        {"name": step.idea, "title": step.idea, "formula": step.text, "shape": with_sizes(step.shapes, settings),
         "why": _(step.why)}
        for step in STEPS
    ]  # fmt: skip
    return told + [
        {"name": name, "title": name, "formula": formula, "shape": with_sizes(shape, settings), "why": why}
        for name, formula, shape, why in others
    ]


def with_sizes(shapes: str, settings: WaysSettings) -> str:
    """Put the numbers of ``settings`` in place of N, D_in, H and D_out."""
    return re.sub(r"\b(N|D_in|H|D_out)\b", lambda found: str(getattr(settings, found[1])), shapes)
