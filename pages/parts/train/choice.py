"""Which run the page shows, and what the next one continues from: both in the address, both survive a reload."""

from __future__ import annotations

import streamlit as st

from core.training.run_folder import RunFolder
from pages.parts.train import form
from pages.shared import address, keys, workspace
from pages.shared.language import _

NEW = "new"
ACTIVE = ("running", "waiting", "paused")


def current() -> RunFolder | None:
    """Return the run to show: the one in the address, else the one shown before, else one that is active.

    None means that a new one is being prepared; "new" in the address asks for that.
    """
    asked = _from_address(keys.RUN)
    asked = "" if asked == NEW else asked
    if asked is None:
        asked = st.session_state.get(keys.RUN)
    if asked is None:
        asked = _active()
    run = workspace.find(asked) if asked else None
    if asked and run is None:
        st.warning(_("There is no such run any more. You can start a new one."))
    st.session_state[keys.RUN] = run.id if run else ""
    address.remember(keys.RUN, run.id if run else "", "")
    if run:
        address.remember(keys.ORIGIN, "", "")  # it belongs to a run that is being prepared
    return run


def _from_address(key: str) -> str | None:
    """Return what a link or a reload asks for; None when the address holds only what this session wrote."""
    asked = st.query_params.get(key)
    written = st.session_state.setdefault(keys.ADDRESS, {})
    if asked is None or asked == written.get(key):
        return None
    written[key] = asked
    return asked


def _active() -> str:
    """Return the newest run that is not over, for somebody who comes back without an address."""
    return next((run.id for run in workspace.summaries() if run.status.state in ACTIVE), "")


def show(run_id: str) -> None:
    """Show that run from now on. For callbacks."""
    st.session_state[keys.RUN] = run_id
    st.session_state[keys.ORIGIN] = ""


def prepare(like: RunFolder | None = None, checkpoint: str = "", **changes: object) -> None:
    """Prepare a new run, with the settings of ``like`` except for ``changes``. For callbacks.

    With ``checkpoint`` it continues from that checkpoint of ``like``. The curve shown so far stays as a ghost.
    """
    st.session_state[keys.GHOST] = st.session_state.get(keys.RUN, "")
    st.session_state[keys.RUN] = ""
    st.session_state[keys.ORIGIN] = f"{like.id}:{checkpoint}" if like and checkpoint else ""
    if like:
        form.fill(like.config.with_(parent=None, **changes))


def origin() -> tuple[RunFolder, str] | None:
    """Return run and checkpoint that the next run continues from; None for new weights."""
    asked = _from_address(keys.ORIGIN)
    if asked is None:
        asked = st.session_state.get(keys.ORIGIN, "")
    run_id, _colon, checkpoint = asked.partition(":")
    run = workspace.find(run_id) if run_id else None
    known = {saved.name for saved in run.checkpoints()} if run else set()
    if checkpoint not in known:
        asked = ""
    st.session_state[keys.ORIGIN] = asked
    address.remember(keys.ORIGIN, asked, "")
    return (run, checkpoint) if run and asked else None
