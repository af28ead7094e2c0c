"""Which runs are compared; the choice is in the address."""

from __future__ import annotations

import streamlit as st

from core.training.run_folder import RunSummary
from pages.shared import address, keys, workspace
from pages.shared.language import _

KEY = "runs_compare"
MOST = 8  # curves that can still be told apart


def pick(shown: list[RunSummary]) -> list[RunSummary]:
    """Let the reader choose runs; at first the newest two are chosen, so that there is something to see."""
    by_id = {run.id: run for run in shown}
    _from_address(by_id)
    picked = st.multiselect(
        _("Runs to compare"),
        list(by_id),
        key=KEY,
        max_selections=MOST,
        persist_state="session",
        format_func=lambda run_id: label(by_id[run_id]),
        placeholder=_("Choose one or more runs"),
        filter_mode="contains",
    )
    address.remember(KEY, ",".join(picked), "")
    return [by_id[run_id] for run_id in picked]


def _from_address(by_id: dict[str, RunSummary]) -> None:
    asked = st.query_params.get(KEY)
    written = st.session_state.setdefault(keys.ADDRESS, {})
    if asked is not None and asked != written.get(KEY):
        written[KEY] = asked
        st.session_state[KEY] = asked.split(",")
    if KEY not in st.session_state:
        st.session_state[KEY] = list(by_id)[:2]
    st.session_state[KEY] = [run_id for run_id in st.session_state[KEY] if run_id in by_id][:MOST]


def short_names(runs: list[RunSummary]) -> dict[str, str]:
    """Return, by id, the name of each run; with the moment it began where two have the same."""
    names = [run.name for run in runs]
    return {
        run.id: run.name
        if names.count(run.name) == 1
        else f"{run.name} ({workspace.local(run.created):%Y-%m-%d %H:%M:%S})"
        for run in runs
    }


def label(run: RunSummary) -> str:
    """Return a run's name and start, since names need not differ."""
    return f"{run.name} ({workspace.when(run.created)})"
