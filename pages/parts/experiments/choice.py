"""Which experiment is shown; it is in the address."""

from __future__ import annotations

import streamlit as st

from core.experiments import group
from core.experiments.group import Experiment
from pages.parts.experiments import words
from pages.shared import address, workspace
from pages.shared.language import _

KEY, NEW = "experiments_shown", "new"


def current() -> Experiment | None:
    """Let the reader choose among the experiments; None for a new one. Without any there is no choice."""
    known = {experiment.id: experiment for experiment in group.list_experiments(workspace.root())}
    if not known:
        return None
    labels = {NEW: _("New experiment")} | {name: words.title(each) for name, each in known.items()}
    code = address.choose(
        st.selectbox, _("Experiment"), tuple(labels), KEY, default=NEW, format_func=lambda code: labels[code]
    )
    return known.get(code)


def show(experiment: str) -> None:
    """Show that experiment, or the form for a new one. For callbacks."""
    st.session_state[KEY] = experiment
