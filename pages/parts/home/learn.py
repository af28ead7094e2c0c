"""How it learned that: a run that is started on the first page, and the network of it that reads the drawing."""

from __future__ import annotations

import streamlit as st

from core import datasets
from core.errors import InvalidSetting
from core.live.network import source
from core.live.network.run import of_run
from core.training.config import TrainConfig
from pages.shared import workspace
from pages.shared.jobs import jobs, owner
from pages.shared.language import _, sentence

RUN, NETWORK, REFUSAL = "home_run", "home_network", "home_refusal"
EPOCHS = {"mnist": 3, "digits": 30}  # about as many batches of either


def config() -> TrainConfig:
    """Return the tutorial's settings, on MNIST where it is there."""
    dataset = datasets.available()[0]
    return TrainConfig(dataset=dataset, epochs=EPOCHS[dataset])


def start() -> None:
    """Start a run with new weights. For callbacks."""
    stop()
    st.session_state[REFUSAL] = ""
    try:
        run_id = jobs().submit(config(), name=_("first page"), owner=owner())
    except InvalidSetting as error:
        st.session_state[REFUSAL] = sentence(error)
        return
    run = workspace.find(run_id)
    assert run is not None
    st.session_state[RUN] = run_id
    st.session_state[NETWORK] = source.offer(of_run(run.path, run.config))


def stop() -> None:
    """Stop the run that learns here, if it does. For callbacks."""
    run = workspace.find(str(st.session_state.get(RUN, ""))) if st.session_state.get(RUN) else None
    if run is None or run.status().state not in ("running", "waiting", "paused"):
        return
    try:
        jobs().command(run.id, "stop", owner=owner())
    except InvalidSetting as error:
        st.session_state[REFUSAL] = sentence(error)


def current() -> tuple[str, str]:
    """Return the run that was started here in this session, and the name of its network; "" where there is none."""
    run = str(st.session_state.get(RUN, ""))
    if run and workspace.find(run) is None:  # deleted meanwhile
        run = st.session_state[RUN] = st.session_state[NETWORK] = ""
    return run, str(st.session_state.get(NETWORK, ""))


def refusal() -> str:
    """Return why the last press changed nothing, "" where it did."""
    return str(st.session_state.get(REFUSAL, ""))
