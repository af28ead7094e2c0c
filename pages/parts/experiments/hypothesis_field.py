"""The field of what the reader expects, which is kept with the results."""

from __future__ import annotations

import streamlit as st

from core.experiments.plan import HYPOTHESIS_MAX
from pages.shared import text_fields
from pages.shared.language import _


def show(key: str, start: str = "") -> str:
    """Show the field under ``key``, as tall as its text, and return what stands in it as one line."""
    text = text_fields.show(
        st.text_area,
        _("Hypothesis"),
        HYPOTHESIS_MAX,
        key,
        start=start,
        height="content",
        persist_state="session",
        help=_("What you expect. It is kept with the results."),
    )
    return " ".join(text.split())
