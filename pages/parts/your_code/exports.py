"""What can be downloaded of a run: the program with comments, and the record as a file that opens from disk."""

from __future__ import annotations

import streamlit as st

from core.script import html
from core.script.annotated import annotate
from core.script.payload import RecordData
from pages.shared import scripts
from pages.shared.language import _, current


def show(record: RecordData) -> None:
    """Offer both files; each is made when its button is pressed."""
    language = current()
    with st.container(horizontal=True):
        st.download_button(
            _("Download the run (HTML)"),
            lambda: html.page(record, language, scripts.scripts().files.__getitem__),
            file_name="run.html",
            mime="text/html",
            key="your_code_html",
            on_click="ignore",
        )
        st.download_button(
            _("Download the program with comments"),
            lambda: annotate(record, language),
            file_name="program.py",
            mime="text/x-python",
            key="your_code_annotated",
            on_click="ignore",
        )
