"""What can be exported from a run: its script, its curves, TensorBoard's event file, the whole run."""

from __future__ import annotations

import streamlit as st

from core.export.training_script import training_script
from core.training import curves
from core.training.run_folder import RunFolder
from pages.shared import archives
from pages.shared.code_panel import show_the_code
from pages.shared.language import _


def show(run: RunFolder) -> None:
    """Show the run's script and its downloads."""
    show_the_code(training_script(run.config, changes=run.changes()), "train.py", "train_code")
    with st.container(horizontal=True, key="train_downloads"):
        st.download_button(
            _("Curves as CSV"),
            lambda: curves.csv(run),
            file_name=f"{run.id}.csv",
            mime="text/csv",
            key="train_csv",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            _("TensorBoard event file"),
            lambda: curves.tensorboard(run),
            key="train_tensorboard",
            file_name=f"events.out.tfevents.{int(run.created)}.{run.id}",
            mime="application/octet-stream",
            on_click="ignore",
            icon=":material/download:",
            help=_("Put it into a folder of its own and run: tensorboard --logdir FOLDER"),
        )
        archives.download(run, "train")
