"""Who may run programs: on your own machine who has the server's secret, in a classroom all users or none."""

from __future__ import annotations

import streamlit as st

from core.classroom import settings
from core.script import token
from pages.shared import keys


def take() -> None:
    """Keep the secret that the address brings, in the session, and take it out of the address."""
    secret = st.query_params.get(token.KEY)
    if secret is None:
        return
    del st.query_params[token.KEY]
    offer(secret)


def offer(secret: str) -> bool:
    """Keep ``secret`` where it is the secret, or a ticket for it; say whether it is."""
    secret = token.exchange(secret)
    right = token.is_right(secret)
    if right:
        st.session_state[keys.TOKEN] = secret
    return right


def may_run() -> bool:
    """Return whether this session may run programs."""
    if settings.is_classroom():
        return settings.read().programs > 0
    return token.is_right(st.session_state.get(keys.TOKEN))
