"""Train: start a network, watch it learn, steer it, and go on from any point."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator as Place

from core.training.config import TrainConfig
from core.training.run_folder import RunFolder
from pages.parts.train import (
    banner,
    checkpoints,
    examination,
    examples,
    export,
    learn,
    live,
    network,
    next_run,
    notice,
    results,
    run_panel,
    selection,
    toolbar,
)
from pages.shared import address, frame, keys, press, workspace
from pages.shared.jobs import jobs
from pages.shared.language import _


def page() -> None:
    """Show the run in the address, or prepare a new one."""
    frame.opening("train")
    jobs()  # where nothing was prepared, the first worker opens PyTorch while the reader looks round
    run = selection.current()
    # The same places in both cases, so that the chart stays mounted when Start is pressed.
    top = st.container(key="train_top")
    left, side = st.columns(2, gap="medium")
    view = left.container(key="train_view")
    for place in (top, view):
        place.empty()  # a container is on the page once it holds something: frame.css keeps its place meanwhile
    below = st.container()
    if run:
        with workspace.again_where_deleted(run):
            _one_run(run, top, view, side, below)
    else:
        _new_run(top, view, side, below)
    learn.show()


def _new_run(top: Place, view: Place, side: Place, below: Place) -> None:
    with side:
        config = next_run.panel()
    next_run.begin(config)
    dataset = st.session_state.get("train_dataset", "digits")
    with top:
        banner.show(dataset)
        toolbar.for_new(config)
        notice.show()
    with view:
        live.show(None, None, config or TrainConfig(dataset=dataset))
    if config:
        with below:
            st.header(_("The network"), anchor=False)
            network.show(config.network, config.dropout)


def _one_run(run: RunFolder, top: Place, view: Place, side: Place, below: Place) -> None:
    press.forget(keys.START_PRESSED)  # of a second press of Start: its run is there
    at = live.now(run)
    status = at.status
    with top:
        banner.show(run.config.dataset)
        toolbar.for_run(run, at)
        notice.show()
        run_panel.message(run, status)
    with view:
        live.show(run, at, run.config)
    with side:
        examples.show(run, status)
        run_panel.rate(run, at)
    with below:
        run_panel.panel(run)  # below both columns: beside the short one would be a hole
        _tabs(run)


def _tabs(run: RunFolder) -> None:
    """Show what lies beside the curve; what is behind a closed tab is not made."""
    parts = {
        "tests": (_("After each test"), partial(results.show, run)),
        "examination": (_("Examination"), partial(examination.show, run)),
        "checkpoints": (_("Checkpoints"), partial(checkpoints.show, run)),
        "network": (_("The network"), partial(network.show, run.config.network, run.config.dropout)),
        "home": (_("Export"), partial(export.show, run)),
    }
    tabs = address.tabs({code: label for code, (label, _show) in parts.items()}, "train_tab")
    for tab, (_label, show) in zip(tabs.values(), parts.values(), strict=True):
        if tab.open:
            with tab:
                show()


with frame.error_boundary():
    page()
