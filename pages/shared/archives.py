"""Whole runs as files: exported on one machine, imported on another."""

from __future__ import annotations

import streamlit as st

from core.errors import InvalidSetting
from core.file_kind import NamedFile
from core.training import archive
from core.training.run_folder import RunFolder
from pages.shared import keys, lessons, press, workspace
from pages.shared.jobs import check_room
from pages.shared.language import _

IMPORT_PRESSED = "runs_wanted"  # Import was pressed and is not done yet
BROUGHT = "runs_brought"  # the id of the run that came in last


def download(run: RunFolder, prefix: str) -> None:
    """Show a button that downloads the whole run; ``prefix`` is the page's."""
    st.download_button(
        _("The whole run"),
        lambda: archive.export_run(run),
        file_name=f"{run.id}.zip",
        mime="application/zip",
        key=f"{prefix}_archive",
        on_click="ignore",
        icon=":material/download:",
        help=_("Settings, curves and checkpoints in one file, to import on another machine."),
    )


def import_run() -> None:
    """Let the user import a run that was exported elsewhere; it gets an id of its own."""
    upload = st.file_uploader(_("The file of a whole run"), key="runs_upload", on_change=_forget)
    if upload is None:
        press.forget(IMPORT_PRESSED)
        return
    st.button(_("Import"), key="runs_import", type="primary", on_click=press.keep, args=(IMPORT_PRESSED,))
    pending_press = press.pending(IMPORT_PRESSED)
    if pending_press is not None:
        try:
            st.session_state[BROUGHT] = pending_press.once(
                lambda: _bring(NamedFile(upload.name, upload.getvalue()))
            )
        except InvalidSetting as error:
            press.forget(IMPORT_PRESSED)
            workspace.say(error)
            return
        press.forget(IMPORT_PRESSED)
        st.rerun()  # the table above is already drawn, without the new run
    run = workspace.find(st.session_state.get(BROUGHT, ""))
    if run is not None:
        st.success(_("It is in the table now."))
        lessons.link("train", _("Open on the page Train"), {keys.RUN: run.id})


def _bring(file: NamedFile) -> str:
    root = workspace.root()
    check_room()
    return archive.import_run(root, file)


def _forget() -> None:
    """Another file is chosen: what was said of the last one is no longer of interest."""
    st.session_state.pop(BROUGHT, None)
