"""Runs: every run that was ever started, side by side."""

from __future__ import annotations

import streamlit as st

from pages.parts.runs import actions, overlay, selection, table
from pages.shared import frame, workspace
from pages.shared.language import _


def page() -> None:
    """Show the table, and for the runs chosen in it their curves and what they differ in."""
    frame.opening("runs")
    runs = workspace.summaries()
    selection.say_missing(runs)
    frame.part(_("All runs"))
    if runs:
        with st.container(key="runs_first"):
            with st.container(key="runs_all"):  # on a phone it stands under the curves
                listed = table.show(runs)
            frame.part(_("Curves of several runs"))
            picked = selection.pick(listed)
            overlay.show(picked)
        actions.show(picked, runs)
    else:
        table.empty()
    actions.bring()


with frame.error_boundary():
    page()
