"""Renders collapsed sections when they are opened: most readers never open them."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st


@st.fragment
def lazy_expander(title: str, key: str, inside: Callable[[], object], icon: str | None = None) -> None:
    """Show an expander whose content ``inside`` writes once it is open; ``key`` is unique on the page.

    Opening runs nothing but this; ``<key>_fold`` in the session says whether it is open.
    """
    fold = st.expander(title, icon=icon, key=f"{key}_fold", on_change="rerun")
    if fold.open:
        with fold:
            inside()
