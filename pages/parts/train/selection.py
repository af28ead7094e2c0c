"""Which run the page shows, and what the next one continues from: both in the address, both survive a reload."""

from __future__ import annotations

import uuid

import streamlit as st

from core.errors import InvalidSetting
from core.training.checkpoint_id import CheckpointId
from core.training.run_folder import RunFolder
from core.training.status import UNDER_WAY
from pages.parts.train import form
from pages.shared import address, keys, press, workspace
from pages.shared.language import _


def current() -> RunFolder | None:
    """Return the run to show: the one in the address, else the one shown before, else one that is active.

    None means that a new one is being prepared; "new" in the address asks for that, and settings alone do.
    """
    if st.query_params.get(keys.RUN) == keys.NEW and keys.ORIGIN not in st.query_params:
        st.session_state[keys.ORIGIN] = ""  # new weights: the link names no checkpoint
    run_id = address.asked_for(keys.RUN)
    if run_id is None:
        run_id = st.session_state.get(keys.RUN)
    if run_id is None:
        run_id = keys.NEW if form.in_address() or keys.ORIGIN in st.query_params else _active()
    run_id = "" if run_id == keys.NEW else run_id
    run = workspace.find(run_id) if run_id else None
    if run_id and run is None:
        st.warning(_("There is no such run any more. You can start a new one."))
    st.session_state[keys.RUN] = run.id if run else ""
    address.remember(keys.RUN, run.id if run else keys.NEW, "")
    if run:
        address.remember(keys.ORIGIN, "", "")  # it belongs to a run that is being prepared
    return run


def _active() -> str:
    """Return the newest run that is not over, for a user who comes back without an address."""
    return next((run.id for run in workspace.summaries() if run.status.state in UNDER_WAY), "")


def show(run_id: str) -> None:
    """Show that run from now on. For callbacks."""
    st.session_state[keys.ORIGIN] = ""
    st.session_state.pop(keys.READY, None)
    st.session_state[keys.RUN] = run_id  # last: a run of the page that ends before has shown nothing


def prepare(like: RunFolder, origin: CheckpointId | None = None, **changes: object) -> None:
    """Prepare a new run, with the settings of ``like`` except for ``changes``. For callbacks.

    With ``origin`` it continues from that checkpoint of ``like``, at the learning rate that ``like`` had there.
    The curve shown so far stays as a ghost.
    """
    if origin:
        step = like.checkpoint(origin.checkpoint).step
        changes = {"learning_rate": like.learning_rate_at(step), **changes}
    form.fill(like.config.with_(parent=None, **changes))
    st.session_state[keys.GHOST] = st.session_state.get(keys.RUN, "")
    st.session_state[keys.RUN] = ""
    st.session_state[keys.ORIGIN] = str(origin) if origin else ""
    st.session_state[keys.READY] = uuid.uuid4().hex


def origin() -> tuple[RunFolder, CheckpointId] | None:
    """Return run and checkpoint that the next run continues from; None for new weights."""
    text = address.asked_for(keys.ORIGIN)
    if text is None:
        text = st.session_state.get(keys.ORIGIN, "")
    source = _existing(text) if text else None
    if text and not source:
        press.forget(keys.START_PRESSED)  # who pressed Start did not mean new weights
        st.warning(_("The checkpoint to continue from is not there any more: this run starts from new weights."))
    st.session_state[keys.ORIGIN] = str(source[1]) if source else ""
    address.remember(keys.ORIGIN, st.session_state[keys.ORIGIN], "")
    return source


def _existing(text: str) -> tuple[RunFolder, CheckpointId] | None:
    try:
        checkpoint_id = CheckpointId.parse(text)
        run = RunFolder(workspace.root(), checkpoint_id.run)
        run.checkpoint(checkpoint_id.checkpoint)
    except InvalidSetting:
        return None
    return run, checkpoint_id
