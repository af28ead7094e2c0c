"""How it learned that: a run that is started on the first page, and the network of it that reads the drawing."""

from __future__ import annotations

import streamlit as st
from torch import Tensor

from core import datasets
from core.errors import InvalidSetting
from core.live.network import source
from core.live.network.run import RunNetwork
from core.training.config import TrainConfig
from core.training.run_folder import RunFolder
from core.training.status import UNDER_WAY
from pages.shared import address, press, workspace
from pages.shared.jobs import jobs, owner
from pages.shared.language import sentence

START_PRESSED = "home_wanted"  # Start was pressed and is not done yet
RUN = "home_run"  # in the address too: a reload, or another start of the server, finds it again
NETWORK, OFFERED, REFUSAL = "home_network", "home_offered", "home_refusal"
RUN_NETWORK = "home_run_network"  # what is offered
EPOCHS = {"mnist": 3, "digits": 30}  # about as many batches of either


def config() -> TrainConfig:
    """Return the tutorial's settings, on MNIST where it is there."""
    dataset = datasets.available()[0]
    return TrainConfig(dataset=dataset, epochs=EPOCHS[dataset])


def ask() -> None:
    """Let the page start a run with new weights. For callbacks."""
    press.keep(START_PRESSED)


def begin() -> None:
    """Start what was asked for in place of the run that learns here, if one does."""
    pending_press = press.pending(START_PRESSED)
    if pending_press is None:
        return
    st.session_state[REFUSAL] = ""
    try:
        st.session_state[RUN] = pending_press.once(_start)
    except InvalidSetting as error:
        st.session_state[REFUSAL] = sentence(error)
    press.forget(START_PRESSED)


def _start() -> str:
    stop()
    return jobs().submit(config(), name=workspace.FIRST_PAGE, owner=owner())


def stop() -> None:
    """Stop the run that learns here, if it does. For callbacks."""
    run = _run()
    if run is None or run.status().state not in UNDER_WAY:
        return
    try:
        jobs().command(run.id, "stop", owner=owner())
    except InvalidSetting as error:
        st.session_state[REFUSAL] = sentence(error)


def is_under_way() -> bool:
    """Return whether the run that was started here has not ended: the button says Stop then."""
    run = _run()
    return run is not None and run.status().state in UNDER_WAY


def current() -> tuple[str, str]:
    """Return the run that was started here, and its network's name in this session; "" where there is none."""
    run = _run()
    run_id = st.session_state[RUN] = run.id if run else ""
    address.remember(RUN, run_id, "")
    if run is None:
        return "", ""
    if st.session_state.get(OFFERED) != run_id:
        network = st.session_state[RUN_NETWORK] = RunNetwork(run.path, run.config)
        st.session_state[NETWORK] = source.offer(network)
        st.session_state[OFFERED] = run_id
    return run_id, str(st.session_state[NETWORK])


def weights_at(step: int) -> dict[str, Tensor] | None:
    """Return the weights of the current run after ``step`` batches; None where they were not read here lately."""
    network: RunNetwork | None = st.session_state.get(RUN_NETWORK)
    return network.weights_at(step) if network else None


def _run() -> RunFolder | None:
    """Return the run of this session, or else of the address; None where it is gone or not this page's."""
    run_id = str(st.session_state.get(RUN) or st.query_params.get(RUN, ""))
    run = workspace.find(run_id) if run_id else None
    try:
        return run if run and run.config.network == config().network else None
    except InvalidSetting:  # a damaged folder
        return None


def refusal() -> str:
    """Return why the last press changed nothing, "" where it did."""
    return str(st.session_state.get(REFUSAL, ""))
