"""What the hand has set in the drawing: told to it over the page, and by it when the hand rests."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.live.lenet import INSTRUMENT
from core.live.lenet.declared import HIDDEN
from core.live.lenet.source import Source
from core.live.settings import Value
from pages.shared import instruments
from pages.shared.component import component
from pages.shared.language import _

PREFIX = "lenet"
KEY = f"{PREFIX}_instrument"


def values() -> dict[str, Value]:
    """Return the settings of the drawing, from the address where that is news."""
    return instruments.values(INSTRUMENT, PREFIX, HIDDEN)


@st.fragment
def show(source: Source) -> None:
    """Mount the invisible half of the drawing, which reports; only this runs again when the hand rests."""
    data = {
        **instruments.told(PREFIX, values()),
        "source": source.name,
        "lost": _("The server does not answer. The page keeps trying; your settings stay."),
    }
    component("lenet/hand")(
        data=data, key=KEY, on_settings_change=partial(instruments.keep_report, INSTRUMENT, PREFIX, KEY)
    )
