"""The dialog that asks for another name."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.errors import InvalidSetting
from pages.shared import text_fields, workspace
from pages.shared.language import _


def show(title: str, label: str, name: str, most: int, key: str, rename: Callable[[str], None]) -> None:
    """Ask for a name of at most ``most`` characters, and give it to ``rename``; why it is refused is said there.

    ``key`` begins the keys of the field and the button.
    """

    @st.dialog(title)
    def ask() -> None:
        text = text_fields.show(st.text_input, label, most, f"{key}_name", start=name)
        if st.button(_("Rename"), key=f"{key}_do", type="primary"):
            try:
                rename(text)
            except InvalidSetting as error:
                workspace.say(error)
                return
            st.rerun()

    ask()
