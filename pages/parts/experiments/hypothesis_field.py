"""The field of what the reader expects, which is kept with the results."""

from __future__ import annotations

import streamlit as st

from core import i18n
from core.experiments.plan import HYPOTHESIS_MAX
from core.experiments.questions import QUESTIONS
from pages.shared import text_fields
from pages.shared.language import _


def show(key: str, start: str = "") -> str:
    """Show the field under ``key``, as tall as its text, and return what stands in it as one line.

    ``start`` is English; it stands there in the reader's language until it is edited.
    """
    if key in st.session_state:
        st.session_state[key] = translated(st.session_state[key])
    text = text_fields.show(
        st.text_area,
        _("Hypothesis"),
        HYPOTHESIS_MAX,
        key,
        start=_(start) if start else "",
        height="content",
        persist_state="session",
        help=_("What you expect. It is kept with the results."),
    )
    return " ".join(text.split())


def translated(text: str) -> str:
    """Return the hypothesis of a question in the reader's language; of any other ``text`` what it is."""
    english = (question.hypothesis for question in QUESTIONS)
    return next((_(each) for each in english if text in _translations(each)), text)


def _translations(english: str) -> set[str]:
    return {i18n.translate(language, english) for language in i18n.LANGUAGES}
