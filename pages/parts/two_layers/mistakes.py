"""Spot the mistake: a program with one wrong line, a guess, and what really happens."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.figures import palette
from core.figures.curves import Curve
from core.foundations.mistakes import MISTAKES, Mistake, Outcome, make
from core.foundations.two_layers import WaysSettings
from pages.parts.two_layers.sizes import TITLES
from pages.shared import address, isolated
from pages.shared.language import _
from pages.shared.live_chart import live_chart
from pages.shared.predict import predict

# Small enough to run at once; the shapes stay as different from each other as in the lesson.
SMALL = WaysSettings(N=64, D_in=100, H=20, D_out=10, learning_rate=1e-5, adam_learning_rate=1e-2, iterations=80)


@st.cache_data(max_entries=32, show_spinner=False)
def made(mistake: Mistake, settings: WaysSettings) -> Outcome:
    """Run the program with the mistake in a process of its own, once for each setting."""
    return isolated.call(make, mistake, settings)


def show() -> None:
    """Let one mistake be chosen, ask what follows from it, run it, and show the fix."""
    st.header(_("Spot the mistake"), anchor=False)
    st.markdown(
        _("Mistakes that such programs on the web really contain. Find the line, say what it does, then run it.")
    )
    numbers = [str(number) for number in range(1, len(MISTAKES) + 1)]
    chosen = address.choose(st.segmented_control, _("Program"), numbers, "two_layers_mistake", required=True)
    name = list(MISTAKES)[int(chosen) - 1]
    mistake, outcome = MISTAKES[name], made(MISTAKES[name], SMALL)
    st.caption(TITLES[mistake.way])
    st.code(outcome.program, language="python", line_numbers=True, height=420)
    answered = predict(
        _("One line of this program is wrong. Running it…"),
        {
            "error": _("stops with an error"),
            "curve": _("runs, but the losses are wrong"),
            "same": _("runs, and the losses are right all the same"),
        },
        outcome.kind,
        f"two_layers_guess_{chosen}",
    )
    if answered:
        _reveal(name, outcome)


def _reveal(name: str, outcome: Outcome) -> None:
    mistake = MISTAKES[name]
    if outcome.kind == "error":
        st.code(outcome.error, language=None, wrap_lines=True)
        st.caption(_("Python's own words, raised in line {line}.", line=outcome.line))
    else:
        curves = [
            _curve(_("without the mistake"), outcome.right_losses, 0, 5.0),
            _curve(_("with it"), outcome.losses, 1, 2.0),
        ]
        live_chart(
            curves,
            key="two_layers_wrong",
            x_title=_("iteration"),
            y_title=_("loss"),
            revision=name,
            log=True,
            height=280,
        )
    if outcome.warnings:
        st.caption(_("What it warned of while it ran:"))
        st.code("\n".join(outcome.warnings), language=None, wrap_lines=True)
    elif outcome.kind != "error":
        st.caption(_("Nothing warned of it while it ran."))
    st.markdown(_(mistake.why))
    left, right = st.columns(2)
    left.caption(_("The mistake"))
    left.code(mistake.wrong, language="python")
    right.caption(_("The fix"))
    right.code(mistake.right, language="python")


def _curve(name: str, losses: tuple[float, ...], number: int, width: float) -> Curve:
    values = np.asarray(losses)
    return Curve(name, np.arange(1, len(values) + 1, dtype=float), values, palette.CURVES[number], width=width)
