"""The settings of the step, which drawing and address share, and the program of what is on the screen."""

from __future__ import annotations

import streamlit as st

from core.errors import InvalidSetting
from core.export import what_if_script
from core.live.instrument import Instrument
from core.live.lenet.settings import HIDDEN
from core.live.settings import Value
from core.walk import what_if
from core.walk.walk import Walk
from pages.shared import instruments

PREFIX = "lenet"
NETWORK = f"{PREFIX}_changed_network"


def values_of(instrument: Instrument, network: str) -> dict[str, Value]:
    """Return the settings; the changes of another network's numbers are forgotten, unless the address has them."""
    before = st.session_state.get(f"{PREFIX}_changes")
    now = instruments.values(instrument, PREFIX, HIDDEN)
    if st.session_state.get(NETWORK, network) != network:
        stale = now["changes"] and now["changes"] == before
        instruments.put(instrument, PREFIX, "changes", "" if stale else now["changes"])  # the drawing hears of all
        now = instruments.values(instrument, PREFIX, HIDDEN)
    st.session_state[NETWORK] = network
    return now


def stand(instrument: Instrument, walk: Walk, at: int) -> None:
    """Let the drawing stand at the last step where the address asks for one beyond it."""
    if at >= len(walk.steps):
        instruments.put(instrument, PREFIX, "at", len(walk.steps) - 1)
        instruments.values(instrument, PREFIX, HIDDEN)


def program(walk: Walk, changes: str) -> str:
    """Return the program of the step, and of the what-if where its changes are possible."""
    try:
        parsed_changes = what_if.read(changes)
        what_if.check(walk.record, parsed_changes)
    except InvalidSetting:
        parsed_changes = ()
    return what_if_script.script(walk, parsed_changes)
