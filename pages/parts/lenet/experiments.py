"""Experiments: what one would expect, the code, and what really happened when it ran just now."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.steps import experiments
from core.steps.experiment_code import CODE
from core.steps.experiments import Outcome
from pages.shared import address, frame
from pages.shared.language import _


@st.fragment
def show() -> None:
    """Show the choice of an experiment, its expectation and code, and run it on request."""
    titles = {key: _(experiment.title) for key, experiment in experiments.EXPERIMENTS.items()}
    key = address.choose(st.selectbox, _("Experiment"), list(titles), "steps_exp", format_func=titles.__getitem__)
    expected = _("One would expect:")
    st.markdown(f"**{expected}** {_(experiments.EXPERIMENTS[key].expectation)}")
    st.code(CODE[key], language="python")
    left, right = st.columns([1, 3], vertical_alignment="center")
    if left.button(_("Run it"), key="steps_exp_run", type="primary", icon=":material/play_arrow:"):
        st.session_state.steps_exp_done = (key, experiments.run(key))
    right.download_button(
        _("Download it as a script"),
        experiments.script(key),
        f"{key}.py",
        "text/x-python",
        key="steps_exp_get",
        on_click="ignore",
    )
    done = st.session_state.get("steps_exp_done")
    if done and done[0] == key:
        _outcome(done[1])


def _outcome(outcome: Outcome) -> None:
    happened = _("What happened:")
    st.markdown(f"**{happened}**")
    st.code(outcome.printed.rstrip(), language=None, wrap_lines=True)
    st.info(frame.plain(_(outcome.verdict.message, **outcome.verdict.values)), icon=":material/lightbulb:")
    if outcome.curves:
        longest = max(map(len, outcome.curves.values()))
        padded = {name: values + [None] * (longest - len(values)) for name, values in outcome.curves.items()}
        st.line_chart(pd.DataFrame(padded), x_label=_("step"), y_label=_("loss"), height=260)
