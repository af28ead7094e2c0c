"""What is shown to a user who may not run programs, and how to be allowed to."""

from __future__ import annotations

import streamlit as st

from core.classroom.settings import is_classroom
from pages.shared import access, component
from pages.shared.language import _

FIELD = "your_code_token"


def show() -> None:
    """Say why programs do not run here, and where the secret is."""
    if is_classroom():
        st.info(
            _(
                "Programs of your own are switched off on this server. Install Stepwise on your own machine to run "
                "them, or ask the administrator of this server: docs/classroom.md says how to switch them on."
            )
        )
        return
    component.component("your_code/access")(
        data={}, key="your_code_access", default={"token": None}, on_token_change=_take_secret
    )
    st.info(
        _(
            "This page runs programs on this computer, so only the person who started Stepwise can open it. In the "
            "terminal where Stepwise runs, open the address after “Your code:”, or copy the secret at its end into "
            "the field below."
        )
    )
    with st.form("your_code_door", border=False):
        secret = st.text_input(_("Secret"), type="password", key=FIELD)
        if st.form_submit_button(_("Open"), key="your_code_door_open"):
            if access.offer(secret.strip().rpartition("token=")[2]):
                st.rerun()
            st.error(_("That is not the secret of this server. It is a new one after each start."))


def _take_secret() -> None:
    secret = (st.session_state.get("your_code_access") or {}).get("token")
    if isinstance(secret, str):
        access.offer(secret)
