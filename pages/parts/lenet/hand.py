"""What the hand has set in the drawing, told to it and by it, and the program of what is on the screen."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.errors import InvalidSetting
from core.export import walk_script, what_if_script
from core.live.lenet import INSTRUMENT
from core.live.lenet.declared import HIDDEN
from core.live.lenet.source import Source
from core.live.settings import Value
from core.walk import what_if
from core.walk.walk import Walk
from pages.shared import instruments
from pages.shared.code_panel import show_the_code
from pages.shared.component import component
from pages.shared.language import _

PREFIX = "lenet"
KEY = f"{PREFIX}_instrument"
NETWORK = f"{PREFIX}_changed_network"


def values() -> dict[str, Value]:
    """Return the settings of the drawing, from the address where that is news."""
    return instruments.values(INSTRUMENT, PREFIX, HIDDEN)


def values_of(network: str) -> dict[str, Value]:
    """Return the settings; the changes of another network's numbers are forgotten, unless the address has them."""
    before = st.session_state.get(f"{PREFIX}_changes")
    now = values()
    if now["changes"] and now["changes"] == before and st.session_state.get(NETWORK, network) != network:
        instruments.put(INSTRUMENT, PREFIX, "changes", "")
        now = values()
    st.session_state[NETWORK] = network
    return now


def step(walk: Walk) -> int:
    """Return the step at which the drawing stands, the last one where the address asks for one beyond it."""
    at, last = int(values_of(walk.setup.choice.network)["at"]), len(walk.steps) - 1
    if at > last:
        instruments.put(INSTRUMENT, PREFIX, "at", last)
        values()
    return min(at, last)


@st.fragment
def show(source: Source) -> None:
    """Mount the invisible half of the drawing, and the program; only this runs again when the hand rests."""
    now = values()
    data = {
        **instruments.told(PREFIX, now),
        "lost": _("The server does not answer. The page keeps trying; your settings stay."),
    }
    component("lenet/hand")(
        data=data, key=KEY, on_settings_change=partial(instruments.keep_report, INSTRUMENT, PREFIX, KEY)
    )
    show_the_code(program(source.walk, str(now["changes"])), "one_step.py", key="lenet_code")


def program(walk: Walk, changes: str) -> str:
    """Return the program of the step, and of the what-if where its changes are possible."""
    text = walk_script.script(walk.setup)
    try:
        made = what_if.read(changes)
        what_if.check(walk.record, made)
    except InvalidSetting:
        return text
    return text + what_if_script.lines(walk, made)
