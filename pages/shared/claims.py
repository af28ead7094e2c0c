"""Experiments of a page: what one would expect, the code, and what really happened when it ran just now."""

from __future__ import annotations

import streamlit as st

from core.claims import running
from core.claims.collections import OF_PAGE, run_of_page
from core.claims.experiment import Outcome
from pages.shared import address, frame, helper_process, markdown
from pages.shared.language import _

LIMITS = helper_process.Limits(seconds=60.0)


@st.fragment
def show(page: str, key: str) -> None:
    """Show the choice among the experiments of ``page``, expectation and code, and run it on request.

    ``key`` holds the choice in the address and begins the keys of the widgets.
    """
    with frame.error_boundary():
        _show(page, key)


def _show(page: str, key: str) -> None:
    experiments = OF_PAGE[page]
    titles = {name: _(experiment.title) for name, experiment in experiments.items()}
    name = address.choose(st.selectbox, _("Experiment"), list(titles), key, format_func=titles.__getitem__)
    experiment = experiments[name]
    expected = _("One would expect:")
    st.markdown(f"**{expected}** {markdown.plain(_(experiment.expectation))}")
    st.code(experiment.code, language="python")
    left, right = st.columns([1, 3], vertical_alignment="center")
    if left.button(_("Run it"), key=f"{key}_run", type="primary", icon=":material/play_arrow:"):
        with st.spinner(_("Running…")):
            st.session_state[f"{key}_done"] = (name, _ran(page, name))
    right.download_button(
        _("Download it as a script"),
        running.script(experiment),
        f"{name}.py",
        "text/x-python",
        key=f"{key}_get",
        on_click="ignore",
    )
    last = st.session_state.get(f"{key}_done")
    if last and last[0] == name:
        _outcome(last[1])


def _ran(page: str, name: str) -> Outcome:
    """Run an experiment in a process of its own; one that is a program of its own anyway starts that itself."""
    if OF_PAGE[page][name].apart:
        return run_of_page(page, name)
    return helper_process.call(run_of_page, page, name, limits=LIMITS)


def _outcome(outcome: Outcome) -> None:
    happened = _("What happened:")
    st.markdown(f"**{happened}**")
    st.code(outcome.printed.rstrip(), language=None, wrap_lines=True)
    st.info(markdown.plain(_(outcome.verdict.message, **outcome.verdict.values)), icon=":material/lightbulb:")
    if outcome.curves:
        longest = max(map(len, outcome.curves.values()))
        padded = {name: values + [None] * (longest - len(values)) for name, values in outcome.curves.items()}
        st.line_chart(padded, x_label=_("step"), y_label=_("loss"), height=260)
