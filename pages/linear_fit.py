"""Linear fit: the tutorial's first program, played back iteration by iteration."""

from __future__ import annotations

import streamlit as st

from core.export.linear_fit_script import script
from pages.parts.linear_fit import controls, experiments, player, reasons, surface
from pages.shared import frame
from pages.shared.code_panel import show_the_code
from pages.shared.language import _

frame.heading(_("Linear fit"), _("Watch nn.Linear learn a known matrix, one mini-batch at a time."))
with frame.error_boundary():
    settings = controls.settings()
    with st.spinner(_("Training for real…")):
        result = controls.trained(settings)
    player.show(result)
    surface.show(result)
    reasons.show(result)
    show_the_code(script(settings), "linear_fit.py", "linear_fit_code")
    experiments.show(settings)
