"""Which runs are compared, and which one is looked at; both are in the address."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.training.run_folder import RunSummary
from pages.parts.runs import settings
from pages.shared import address, offers, widgets
from pages.shared.language import _

KEY, ONE = settings.COMPARE.name, settings.ONE.name
DELETED = "runs_deleted"  # ids of the runs that were deleted on this page
MOST = 8  # curves that can still be told apart


def say_missing(runs: list[RunSummary]) -> None:
    """Say so when a run that was compared or looked at is gone, unless it was deleted here."""
    ids = {run.id for run in runs} | st.session_state.get(DELETED, set())
    in_session = (*st.session_state.get(KEY, ()), st.session_state.get(ONE))
    if any(run_id and run_id not in ids for run_id in in_session):
        st.warning(_("A run that was shown here is not there any more: it was deleted elsewhere."))


def note_deleted(run_id: str) -> None:
    """Note that the reader deleted that run on this page."""
    st.session_state[DELETED] = st.session_state.get(DELETED, set()) | {run_id}


def pick(runs: list[RunSummary]) -> list[RunSummary]:
    """Let the reader choose runs to compare; at first two that differ, so that there is something to see."""
    by_id = {run.id: run for run in runs}
    labels = offers.run_labels(runs)
    _from_address(runs)
    picked = st.multiselect(
        _("Runs to compare"),
        list(by_id),
        key=KEY,
        max_selections=MOST,
        persist_state="session",
        format_func=labels.__getitem__,
        placeholder=_("Choose one or more runs"),
        filter_mode="contains",
    )
    address.remember(KEY, ",".join(picked), "")
    return [by_id[run_id] for run_id in picked]


def one(runs: list[RunSummary], picked: list[RunSummary]) -> RunSummary:
    """Let the reader choose one of all ``runs``, at first the first one that is compared."""
    labels = offers.run_labels(runs)
    first = (picked or runs)[0].id
    run_id = widgets.choose(settings.ONE, _("Run"), labels, start=first, widget=st.selectbox)
    return next(run for run in runs if run.id == run_id)


def add(run_id: str) -> None:
    """Look at that run, and compare it with the others. For callbacks."""
    compared = [other for other in st.session_state.get(KEY, []) if other != run_id]
    st.session_state[KEY] = [*compared[: MOST - 1], run_id]
    st.session_state[ONE] = run_id


def _from_address(runs: list[RunSummary]) -> None:
    ids = address.asked_for(KEY)
    if ids is not None:
        st.session_state[KEY] = ids.split(",")
    if KEY not in st.session_state:
        st.session_state[KEY] = two_different(runs)
    run_ids = {run.id for run in runs}
    st.session_state[KEY] = [run_id for run_id in st.session_state[KEY] if run_id in run_ids][:MOST]


def two_different(runs: list[RunSummary]) -> list[str]:
    """Return the newest run with a curve and the newest other that differs from it in a setting."""
    trained = [run for run in runs if run.status.step > 0 and run.status.state != "diverged"] or runs
    others = [run for run in trained[1:] if _compared(run) != _compared(trained[0])] or trained[1:]
    return [run.id for run in trained[:1] + others[:1]]


def _compared(run: RunSummary) -> object:
    """Return the settings that make two runs different ones; what they continue is no setting."""
    return run.config and replace(run.config, parent=None)
