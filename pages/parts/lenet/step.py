"""The drawing with its controls, which follow the hand, and below it what belongs to the step on the screen."""

from __future__ import annotations

from dataclasses import replace
from typing import TypedDict

import streamlit as st

from core.errors import InvalidSetting
from core.live.lenet import INSTRUMENT
from core.live.lenet import settings as lenet_settings
from core.live.lenet.source import Source
from core.walk import trial_run
from core.walk.setup import Choice
from core.walk.walk import Walk
from pages.parts.lenet import graph, labels, print_statements, selection, step_settings
from pages.shared import address, canvas, claims, frame, helper_process, instruments, offers, picture
from pages.shared.code_panel import show_the_code
from pages.shared.language import _

KEPT = "lenet_walk"  # the step on the screen, in the session; not there where none can be taken


class StepLabels(TypedDict):
    """The words of the drawing; ``source`` is what the browser asks with, as in ``core.live.lenet.source``."""

    stage: dict[str, str]
    picture: picture.PictureWords
    source: str
    more: str
    settings: str
    lost: str


@st.fragment
def show() -> None:
    """Show the drawing; runs again when the hand rests, with what was set."""
    with st.container(key="lenet_first"):
        with st.container(key="lenet_choices"):  # on a phone it stands under the drawing
            network = selection.choose_network()
        offers.say_missing(selection.WEIGHTS)
        weights = selection.saved_weights(network)
        instrument = replace(INSTRUMENT, settings=lenet_settings.of_network(network, list(weights)))
        now = step_settings.values_of(instrument, network)
        if now["input"] == "drawing":
            canvas.keep(selection.CANVAS)
        source = selection.source(network)
        words = selection.words(network, weights)
        instruments.show("lenet/step", instrument, step_settings.PREFIX, now, words, _labels(source))
    walk = _compute_walk(source, lenet_settings.choice_of(network, now))
    if walk is not None:
        step_settings.stand(instrument, walk, int(now["at"]))
        show_the_code(step_settings.program(walk, str(now["changes"])), "one_step.py", key="lenet_code")
    _tabs(walk)


def _labels(source: Source) -> StepLabels:
    return {
        "stage": labels.of_step(),
        "picture": picture.words(),
        "source": source.name,
        "more": _("Input, weights, target and more"),
        "settings": _("Settings of the step"),
        "lost": _("The server does not answer. The page keeps trying; your settings stay."),
    }


def _compute_walk(source: Source, choice: Choice) -> Walk | None:
    """Return the step on the screen; None where the drawing says why there is none."""
    st.session_state.pop(KEPT, None)
    try:
        if source.waits_for_page(choice):
            with st.spinner(_("Taking the step …")):
                helper_process.call(trial_run.run, source.own, choice, source.drawing, limits=trial_run.LIMITS)
                st.session_state[KEPT] = source.take(choice)
        else:
            st.session_state[KEPT] = source.take(choice)
    except InvalidSetting as error:
        if source.own is not None:
            source.refuse(choice, error)
        return None
    walk: Walk = st.session_state[KEPT].walk
    return walk


def _tabs(walk: Walk | None) -> None:
    frame.part(_("More about this step"))
    tabs = address.tabs(
        {
            "graph": _("The autograd graph"),
            "printed": _("What print shows"),
            "experiments": _("Experiments"),
        },
        "lenet_tab",
    )
    open_tab = next(code for code, tab in tabs.items() if tab.open)
    with tabs[open_tab]:
        if open_tab == "experiments":
            claims.show("lenet", "lenet_exp")
        elif walk is not None:
            (graph if open_tab == "graph" else print_statements).show(walk)
