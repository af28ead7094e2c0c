"""One fit: the instrument with its settings, the program below it, and the experiments under the same settings."""

from __future__ import annotations

import streamlit as st

from core.errors import InvalidSetting
from core.export.linear_fit_script import script
from core.live.linear_fit import INSTRUMENT
from core.live.linear_fit.settings import WEIGHTS, fit_settings
from pages.parts.linear_fit import control_words, experiments, player
from pages.shared import frame, instruments
from pages.shared.code_panel import show_the_code

PREFIX = "linear_fit"


@st.fragment
def show() -> None:
    """Show the instrument; runs again when the hand rests, with what was set."""
    now = instruments.values(INSTRUMENT, PREFIX)
    instruments.show("linear_fit/player", INSTRUMENT, PREFIX, now, control_words.words(), player.words(WEIGHTS))
    try:
        settings = fit_settings(now)
    except InvalidSetting:
        return  # the instrument says why
    show_the_code(script(settings), "linear_fit.py", "linear_fit_code")
    with frame.error_boundary():
        experiments.show(settings)
