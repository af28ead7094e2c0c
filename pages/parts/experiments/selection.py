"""Which experiment is shown; it is in the address."""

from __future__ import annotations

import streamlit as st

from core.experiments import group
from core.experiments.group import Experiment
from pages.parts.experiments import display_names
from pages.shared import address, offers, workspace
from pages.shared.experiment_address import NEW, SHOWN
from pages.shared.language import _

NEXT = "experiments_next"  # what the next run of the page is to show


def current() -> Experiment | None:
    """Let the reader choose among the experiments; None for a new one. Without any there is no choice."""
    if NEXT in st.session_state:
        show(st.session_state[NEXT])
        del st.session_state[NEXT]  # last: a run of the page that ends before has shown nothing
    experiments = {experiment.id: experiment for experiment in group.list_experiments(workspace.root())}
    if st.query_params.get(SHOWN, NEW) not in (NEW, *experiments):
        st.warning(_("There is no such experiment any more. You can start a new one."))
    if not experiments:
        return None
    titles = {name: display_names.title(each) for name, each in experiments.items()}
    distinct_titles = offers.distinct({name: [title, f"{title} · {name}"] for name, title in titles.items()})
    labels = {NEW: _("New experiment")} | distinct_titles
    code = address.choose(
        st.selectbox,
        _("Experiment"),
        tuple(labels),
        SHOWN,
        default=NEW,
        format_func=labels.__getitem__,
        label_visibility="collapsed",
    )
    return experiments.get(code)


def forget() -> None:
    """Let the form for a new one be shown next; for an experiment that is deleted while it is shown."""
    st.session_state.pop(SHOWN, None)
    st.query_params.pop(SHOWN, None)


def show_next(experiment: str) -> None:
    """Show that experiment from the next run of the page on: the choice of this run is drawn already."""
    st.session_state[NEXT] = experiment


def show(experiment: str) -> None:
    """Show that experiment, or the form for a new one, whatever the address asked for. For callbacks."""
    forget()
    st.session_state[SHOWN] = experiment
