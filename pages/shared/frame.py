"""What every page has around its lesson: the title, and a place where refusals become sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from core.errors import Refusal
from pages.shared.language import sentence

STYLE = Path(__file__).parents[2] / "static" / "css" / "frame.css"


def heading(title: str, promise: str = "") -> None:
    """Show the title of a page and, under it, what a person can do there. Both are translated already."""
    st.html(STYLE)
    st.title(title, anchor=False)
    if promise:
        st.markdown(promise)


@contextmanager
def refusals() -> Iterator[None]:
    """Show a ``Refusal`` that rises inside as a sentence, in place of a traceback."""
    try:
        yield
    except Refusal as refusal:
        st.error(plain(sentence(refusal)))


def plain(text: str) -> str:
    """Escape what Markdown would interpret, so that what a person typed is shown as it was typed."""
    return "".join("\\" + char if char in "\\`*_{}[]()<>#+-.!|~$:&" else char for char in text)
