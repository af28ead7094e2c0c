"""The server's one door to training: every session starts and steers runs through it."""

from __future__ import annotations

import uuid

import streamlit as st

from core.settings import runs_folder
from core.training.jobs import Jobs
from pages.shared import keys


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """Return the jobs of the folder of runs, one for all sessions of this server."""
    return Jobs(runs_folder())


def owner() -> str:
    """Return who asks, so that the queue can take turns between people: one name a browser session."""
    name: str = st.session_state.setdefault(keys.OWNER, uuid.uuid4().hex)
    return name
