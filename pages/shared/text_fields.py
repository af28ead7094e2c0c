"""Fields for text that say so when they are given too much of it.

Streamlit's ``max_chars`` drops a longer text that is pasted, without a word.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import streamlit as st

from pages.shared.language import _

End = Literal["first", "last"]
LENGTH = "_given_length"  # ends the key of how long the text was


def show(
    widget: Callable[..., Any],
    label: str,
    most: int,
    key: str,
    *,
    start: str = "",
    keeps: End = "first",
    **settings: Any,
) -> str:
    """Show ``st.text_input`` or ``st.text_area`` and return what stands in it: at most ``most`` characters.

    Of a longer text the ``keeps`` ones stay, and it is said.
    """
    text: str = widget(label, start, key=key, on_change=_shorten, args=(key, most, keeps), **settings) or ""
    length = st.session_state.pop(f"{key}{LENGTH}", None)
    if length is not None:
        facts = {"label": label, "length": f"{length:,}", "most": f"{most:,}"}
        if keeps == "first":
            st.warning(_("{label}: of {length} characters the first {most} are kept.", **facts))
        else:
            st.warning(_("{label}: of {length} characters the last {most} are kept.", **facts))
    return text


def _shorten(key: str, most: int, keeps: End) -> None:
    """Keep one end of a text that is too long; for callbacks."""
    text = st.session_state[key] or ""
    if len(text) > most:
        st.session_state[f"{key}{LENGTH}"] = len(text)
        st.session_state[key] = text[:most] if keeps == "first" else text[-most:]
