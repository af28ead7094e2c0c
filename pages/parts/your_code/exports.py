"""What one takes away from a run: the annotated program, and the record as a file that opens from disk."""

from __future__ import annotations

import streamlit as st

from core.script import html
from core.script.annotated import annotate
from core.script.payload import RecordData
from pages.parts.your_code import labels
from pages.shared import scripts
from pages.shared.language import _, current

KEPT = "your_code_exports"


def show(record: RecordData, number: int) -> None:
    """Offer both downloads; they are made once for each run and language."""
    key = (number, current())
    kept: tuple[object, str, str] | None = st.session_state.get(KEPT)
    if kept is None or kept[0] != key:
        page = html.page(record, labels.of_page(), current(), _("A program's run"), scripts.scripts().files)
        kept = st.session_state[KEPT] = (key, page, annotate(record, current()))
    with st.container(horizontal=True):
        st.download_button(
            _("Download the run (HTML)"),
            kept[1],
            file_name="run.html",
            mime="text/html",
            key="your_code_html",
            on_click="ignore",
        )
        st.download_button(
            _("Download the program with comments"),
            kept[2],
            file_name="program.py",
            mime="text/x-python",
            key="your_code_annotated",
            on_click="ignore",
        )
