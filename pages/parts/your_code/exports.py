"""What can be downloaded of a run: the program with comments, and the record as a file that opens from disk."""

from __future__ import annotations

import streamlit as st

from core.isolation import Limits
from core.script import exported_cells, html
from core.script.annotation import annotate
from core.script.payload import RecordData
from core.script.process.job import Job
from pages.shared import helper_process, scripts
from pages.shared.language import _, current

LIMITS = Limits(seconds=60.0, memory_mb=3_000)  # a program may have sent any shapes


def _cells(job: Job, language: str) -> str:
    """Return the cells that open in the file; none where what the program sent is no call."""
    try:
        packed: str = helper_process.call(
            exported_cells.pack_cells, job.calls, job.gradients, language, limits=LIMITS
        )
    except Exception:  # the file is as good without them
        return ""
    return packed


def show(job: Job, record: RecordData) -> None:
    """Offer both files; each is made when its button is pressed."""
    language = current()
    with st.container(horizontal=True):
        st.download_button(
            _("Download the run (HTML)"),
            lambda: html.page(record, language, scripts.scripts().files.__getitem__, cells=_cells(job, language)),
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
