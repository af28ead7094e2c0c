"""The checkpoints of a run: continue from one, take its files away, draw with it."""

from __future__ import annotations

import streamlit as st

from core.training.checkpoint_id import CheckpointId
from core.training.run_folder import Checkpoint, RunFolder
from pages.parts.train import news, notice, selection
from pages.shared import keys, lessons, workspace
from pages.shared.language import _

LATEST = "latest"


def show(run: RunFolder) -> None:
    """Show the table and what can be done with one checkpoint; again when there is another one."""
    news.follow(_table, run, "checkpoints")


def _table(run: RunFolder) -> None:
    checkpoints = run.checkpoints()
    if not checkpoints:
        if workspace.find(run.id) is None:
            st.rerun()  # deleted in another tab: the page says so
        st.caption(_("The first checkpoint is kept before the first batch; it appears here."))
        return
    accuracy = {test.step: test.accuracy for test in run.tests()}
    rows = [
        {
            _("Checkpoint"): saved.name,
            _("Epoch"): saved.epoch,
            _("Batches"): saved.step,
            _("Examples seen"): saved.seen,
            _("Test accuracy"): f"{accuracy[saved.step]:.2%}" if saved.step in accuracy else "–",
        }
        for saved in reversed(checkpoints)
    ]
    height = min(35 * len(rows) + 38, 260)
    st.dataframe(rows, hide_index=True, key="train_checkpoints", height=height, alt=_("Checkpoints"))
    by_name = {LATEST: checkpoints[-1], **{saved.name: saved for saved in reversed(checkpoints)}}
    words = {LATEST: _("the latest: {name}", name=checkpoints[-1].name)}
    name = st.selectbox(
        _("Checkpoint"),
        list(by_name),
        key=f"train_checkpoint_{run.id}",
        format_func=lambda code: words.get(code, code),
        width=260,
    )
    _actions(run, by_name.get(name, checkpoints[-1]))


def _actions(run: RunFolder, saved: Checkpoint) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="train_checkpoint_actions"):
        if st.button(
            _("Continue from here"),
            key="train_continue",
            type="primary",
            icon=":material/fork_right:",
            help=_("Prepares a new run that begins with these weights. Change its settings, or just press Start."),
        ):
            with notice.keep_error():
                selection.prepare(run, CheckpointId(run.id, saved.name))
            st.rerun()
        _download(saved, "model.pth")
        _download(saved, "optimizer.pth")
        lessons.link(
            "draw", _("Draw with this network"), {keys.DRAW_NETWORK: str(CheckpointId(run.id, saved.name))}
        )


def _download(saved: Checkpoint, file: str) -> None:
    st.download_button(
        file,
        lambda: (saved.path / file).read_bytes(),
        file_name=file,
        mime="application/octet-stream",
        key=f"train_download_{file.partition('.')[0]}",
        icon=":material/download:",
        on_click="ignore",
    )
