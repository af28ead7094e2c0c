"""What goes wrong: programs with one mistake each. Guess, run, see why, and compare the repaired program."""

from __future__ import annotations

import streamlit as st

from pages.parts.what_goes_wrong import entry, selection
from pages.shared import frame
from pages.shared.language import _

frame.opening("what_goes_wrong")
with frame.error_boundary():
    left, right = st.columns([2, 3], gap="large")
    with left:
        frame.part(_("Find a mistake"))
        program = selection.choose()
    with right:
        entry.show(program)
