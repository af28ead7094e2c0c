"""Renaming and deleting an experiment; what is deleted is named before it goes."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.errors import InvalidSetting
from core.experiments import group
from core.experiments.group import Experiment
from core.training.run_folder import NAME_MAX
from pages.parts.experiments import display_names, selection
from pages.shared import rename, workspace
from pages.shared.jobs import jobs
from pages.shared.language import _


def show(experiment: Experiment) -> None:
    """Show both buttons."""
    if st.button(_("Rename…"), key="experiments_rename", icon=":material/edit:"):
        _rename(experiment)
    if st.button(_("Delete…"), key="experiments_delete", icon=":material/delete:"):
        _delete(experiment)


def _rename(experiment: Experiment) -> None:
    key, do = f"experiments_rename_{experiment.id}", partial(group.rename, experiment)
    name = display_names.name(experiment)
    rename.show(_("Rename the experiment"), _("Name of the experiment"), name, NAME_MAX, key, do)


def _delete(experiment: Experiment) -> None:
    @st.dialog(_("Delete the experiment?"))
    def ask() -> None:
        states = [run.status.state for _member, run in experiment.runs() if run is not None]
        st.text(display_names.title(experiment))
        st.markdown(
            _(
                "With its {count} {count:run go its history|runs go their histories} and checkpoints "
                "for good: {size} MB of the disk.",
                count=len(states),
                size=max(1, round(group.size(experiment) / 1e6)) if states else 0,
            )
        )
        if active := sum(state in ("running", "waiting") for state in states):
            st.warning(
                _(
                    "{count} of its runs {count:trains or waits|train or wait} now; deleting ends {count:it|them}.",
                    count=active,
                )
            )
        if st.button(_("Keep it"), key="experiments_delete_keep", type="primary"):
            st.rerun()
        if st.button(_("Delete it and its runs"), key="experiments_delete_do", icon=":material/delete:"):
            _really_delete(experiment, with_runs=True)
        if st.button(_("Delete only the experiment; its runs stay"), key="experiments_delete_record"):
            _really_delete(experiment, with_runs=False)

    ask()


def _really_delete(experiment: Experiment, with_runs: bool) -> None:
    try:
        group.delete(experiment, jobs() if with_runs else None)
    except InvalidSetting as error:
        workspace.say(error)
        return
    selection.forget()
    st.rerun()
