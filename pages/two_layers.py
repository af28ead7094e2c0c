"""Two layers, four ways: one network in NumPy, tensors, Sequential and Module, in lockstep."""

from __future__ import annotations

import streamlit as st

from pages.parts.two_layers import (
    derivation,
    lockstep,
    mistakes,
    numpy_torch,
    programs,
    sgd,
    sizes,
    timing,
)
from pages.shared import claims, frame
from pages.shared.language import _

frame.heading(
    _("Two layers, four ways"),
    _(
        "The same network in NumPy, in torch tensors, with autograd, and as a Module: line by line, and"
        " in lockstep."
    ),
)
with frame.refusals():
    settings = sizes.settings()
    programs.show(settings)
    together = st.container()
    derivation.show(settings)
    timing.show(settings)
    numpy_torch.show()
    mistakes.show()
    sgd.show(settings)
    st.subheader(_("Two claims, run"), anchor=False)
    claims.show("two_layers", "ways_exp")
    with together:  # last, because it trains four times: the rest of the page can be read meanwhile
        lockstep.show(settings)
