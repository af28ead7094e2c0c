"""Predict, then reveal: the size is asked before it is shown, when a person wants that."""

from __future__ import annotations

import streamlit as st

from core.convolution import exercises
from core.convolution.layer import Layer
from core.windows import formula
from pages.shared.language import _


def revealed(layer: Layer) -> bool:
    """Offer to guess first; return whether formula and output may be shown."""
    height, width = layer.sizes()
    if not st.toggle(
        _("Let me guess the size first"), key="convolution_guess", bind="query-params", persist_state="session"
    ):
        return True
    # Each setting has a question of its own, so that a new setting asks anew.
    setting = "-".join(f"{part}" for part in (layer.kind, layer.size, *layer.options().values(), layer.kernel_size))
    side = _("What height comes out?") if height != width else _("What size comes out?")
    answer = st.number_input(side, 0, 500, None, key=f"convolution_guess_{setting}", placeholder="?")
    if answer is None:
        st.caption(_("Type a number; then formula, window and output are shown."))
        return False
    task = exercises.Exercise(0, (layer,), exercises.SIZE, height.output)
    if answer == task.answer:
        st.success(_("Right: {arithmetic}", arithmetic=formula.plain(height)), icon=":material/check:")
    else:
        why = exercises.mistake(task, int(answer))
        words = _("It is {answer}: {arithmetic}", answer=task.answer, arithmetic=formula.plain(height))
        st.info(f"{words}  \n{_(why)}" if why else words, icon=":material/lightbulb:")
    return True
