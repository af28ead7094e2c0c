"""What goes wrong: programs with one mistake each. Guess, run, see why, and compare the repaired program."""

from __future__ import annotations

import streamlit as st

from pages.parts.what_goes_wrong import chooser, entry
from pages.shared import frame
from pages.shared.language import _

frame.heading(
    _("What goes wrong"),
    _("Common mistakes as small programs. Guess what happens, run one, and see why and what to change."),
)
with frame.error_boundary():
    left, right = st.columns([2, 3], gap="large")
    with left:
        chosen = chooser.choose()
    with right:
        entry.show(chosen)
