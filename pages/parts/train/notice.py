"""What a press of a button came to, said once on the page that follows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import InvalidSetting
from pages.shared import keys, workspace


@contextmanager
def keep_error() -> Iterator[None]:
    """Keep a ``InvalidSetting`` that rises inside for ``show``. For callbacks."""
    try:
        yield
    except InvalidSetting as error:
        st.session_state[keys.NOTICE] = error


def show() -> None:
    """Say why the last press came to nothing, if it did."""
    error = st.session_state.pop(keys.NOTICE, None)
    if error is not None:
        workspace.say(error)
