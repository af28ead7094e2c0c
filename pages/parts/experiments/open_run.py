"""From an experiment to one of its runs: a point in the figure, or a choice, opens it on Train."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.experiments.group import Experiment
from core.experiments.results import Outcome, outcomes
from core.figures.graph_objects import go
from pages.parts.experiments import display_names
from pages.shared import keys, lessons
from pages.shared.language import _

RUN = "experiments_run"
PRESSED = "experiments_pressed"  # in the session: a point was pressed, and the page is to show its run


def figure_of_runs(figure: go.Figure, key: str) -> None:
    """Show a figure whose points have the id of a run; a point that is pressed becomes the run to open."""
    st.plotly_chart(
        figure,
        key=key,
        on_select=partial(_point, key),
        selection_mode="points",
        config={"displayModeBar": False},
        alt=_("Each point is a run; below, a list has every run with its accuracy."),
    )
    if st.session_state.pop(PRESSED, False):
        st.rerun()  # what shows the run is no part of the fragment that is drawn again


def _point(key: str) -> None:
    points = st.session_state[key].selection.points
    if points and points[0].get("customdata"):
        data = points[0]["customdata"]
        st.session_state[RUN] = data if isinstance(data, str) else data[0]
        st.session_state[PRESSED] = True


def show(experiment: Experiment) -> None:
    """Let the reader choose a run and go to it."""
    st.subheader(_("Every run"), anchor=False)
    labels = {
        result.run: _run_label(experiment, outcome, result.seed, result.accuracy)
        for outcome in outcomes(experiment)
        for result in outcome.results
        if result.state
    }
    if not labels:
        st.caption(_("No run has begun yet."))
        return
    choice = st.session_state.get(RUN)
    # Assigned each time: the browser keeps the words of a choice, and a run that ends gets its accuracy in them.
    st.session_state[RUN] = choice if choice in labels else next(iter(labels))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        run = st.selectbox(_("Run"), list(labels), key=RUN, format_func=labels.__getitem__)
        lessons.link("train", _("Open on the page Train"), {keys.RUN: run})


def _run_label(experiment: Experiment, outcome: Outcome, seed: int, accuracy: float | None) -> str:
    percent = "–" if accuracy is None else f"{accuracy:.2%}"
    return f"{display_names.label(experiment.plan, outcome.values)} · {_('seed')} {seed} · {percent}"
