"""Fields that stand in the address with a default of their own: several codes at once, texts, and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.shared import address, text_fields

LONGEST = 1000  # characters of a text in the address


def several(label: str, options: Sequence[str], key: str, default: Sequence[str], **settings: Any) -> list[str]:
    """Let several codes be chosen and keep them in the address under ``key``, with commas between them."""
    if address.is_news(key):
        codes = st.query_params.get(key)
        st.session_state[key] = list(default if codes is None else filter(options.__contains__, codes.split(",")))
    elif key not in st.session_state:
        st.session_state[key] = list(default)
    choice: list[str] = st.multiselect(label, options, key=key, persist_state="session", **settings)
    address.remember(key, ",".join(choice), ",".join(default))
    return choice


def text(label: str, key: str, default: str, **settings: Any) -> str:
    """Let a text be typed and keep it in the address under ``key``."""
    st.session_state[key] = address.stored_text(key, default)
    typed = text_fields.show(st.text_input, label, LONGEST, key, persist_state="session", **settings)
    address.remember(key, typed, default)
    return typed


def number(label: str, key: str, start: float, step: float = 1, **settings: Any) -> Any:
    """Let a number be typed that stands in the address under ``key``; whole where ``start`` and ``step`` are."""
    return st.number_input(
        label, value=start, step=step, key=key, bind="query-params", persist_state="session", **settings
    )
