"""What can be done with one run: open, draw with it, rename, delete, export; and importing one."""

from __future__ import annotations

import streamlit as st

from core.errors import InvalidSetting
from core.training.checkpoint_id import CheckpointId
from core.training.run_folder import NAME_MAX, RunFolder, RunSummary, lineage
from core.training.status import Status
from pages.parts.runs import selection
from pages.shared import archives, keys, lessons, machine_sentences, metrics, offers, rename, workspace
from pages.shared.jobs import jobs
from pages.shared.language import _


def show(picked: list[RunSummary], runs: list[RunSummary]) -> None:
    """Show the actions for one of all ``runs``, at first the first of those compared."""
    st.header(_("One run"), anchor=False)
    run = workspace.find(selection.one(runs, picked).id)
    if run is None:
        return
    _lineage(run, offers.short_names(runs))
    machine_sentences.show(run)
    with st.container(horizontal=True, vertical_alignment="center", key="runs_actions"):
        lessons.link("train", _("Open on the page Train"), {keys.RUN: run.id})
        checkpoints = run.checkpoints()
        if checkpoints:
            latest = CheckpointId(run.id, checkpoints[-1].name)
            lessons.link("draw", _("Draw with this network"), {keys.DRAW_NETWORK: str(latest)})
        if st.button(_("Rename…"), key="runs_rename", icon=":material/edit:"):
            _rename(run)
        if st.button(_("Delete…"), key="runs_delete", icon=":material/delete:"):
            _delete(run)
        archives.download(run, "runs")


def _lineage(run: RunFolder, names: dict[str, str]) -> None:
    """Show from which run which run was continued, the first ancestor first."""
    line = lineage(workspace.root(), run.id)
    if len(line) > 1:
        st.caption(_("Lineage, the first ancestor first:"))
        st.text(" → ".join(names.get(ancestor, _("{run} (deleted)", run=ancestor)) for ancestor in line))


def _rename(run: RunFolder) -> None:
    key = f"runs_rename_{run.id}"
    rename.show(_("Rename the run"), _("Name of the run"), workspace.run_name(run), NAME_MAX, key, run.rename)


def _delete(run: RunFolder) -> None:
    @st.dialog(_("Delete the run?"))
    def ask() -> None:
        status = run.status()
        st.text(workspace.run_name(run))
        metrics.show(_what_goes(run, status))
        st.markdown(
            _(
                "This deletes its history and its {count} {count:checkpoint|checkpoints} for good. Runs that "
                "were continued from it"
                " stay as they are.",
                count=len(run.checkpoints()),
            )
        )
        if status.state == "running":
            st.warning(_("It is running now; deleting ends it."))
        with st.container(horizontal=True):
            if st.button(_("Keep it"), key="runs_delete_keep", type="primary"):
                st.rerun()
            if st.button(_("Delete it"), key="runs_delete_do", icon=":material/delete:"):
                _really_delete(run.id)

    ask()


def _what_goes(run: RunFolder, status: Status) -> dict[str, tuple[str, str]]:
    """Return what tells a run from its twins."""
    accuracy = "–" if status.accuracy is None else f"{status.accuracy:.2%}"
    return {
        _("Started"): (f"{workspace.local(run.created):%H:%M:%S}", f"{workspace.local(run.created):%Y-%m-%d}"),
        _("State"): (workspace.state_word(status.state), f"{status.step:,} / {status.steps:,}"),
        _("Test accuracy"): (accuracy, ""),
        _("Folder"): (run.id[-8:], run.id),
    }


def _really_delete(run_id: str) -> None:
    try:
        jobs().delete(run_id)
    except InvalidSetting as error:
        workspace.say(error)
        return
    selection.note_deleted(run_id)
    st.rerun()


def bring() -> None:
    """Let the user import a run."""
    with st.expander(_("Import a run")):
        archives.import_run()
