"""The loss surface over two weights of the reader's choice, with the path that training took."""

from __future__ import annotations

import streamlit as st

from core.figures.foundations import loss_surface
from core.foundations.fit_surface import surface
from core.foundations.linear_fit import Fit
from pages.parts.linear_fit.controls import WEIGHTS
from pages.shared import address
from pages.shared.language import _


def show(result: Fit) -> None:
    """Let two weights be chosen and draw the loss over them."""
    st.header(_("The loss surface, and the path over it"), anchor=False)
    st.markdown(
        _(
            "The loss of all samples over two of the six weights, the other four as they ended. Two weights of one"
            " column of W belong to the same output: the valley is slanted, and the path first drops into it, then"
            " creeps along it. Two of different columns do not influence each other: the valley stands upright."
        )
    )
    left, right = st.columns(2)
    with left:
        first = address.choose(st.selectbox, _("Across"), WEIGHTS, "linear_fit_across", default=WEIGHTS[0])
    with right:
        second = address.choose(st.selectbox, _("Upward"), WEIGHTS, "linear_fit_upward", default=WEIGHTS[2])
    shape = surface(result, WEIGHTS.index(first), WEIGHTS.index(second))
    words = {
        "loss": _("loss"),
        "path": _("path"),
        "start": _("start"),
        "end": _("end"),
        "target": _("true W"),
        "iteration": _("iteration"),
    }
    st.plotly_chart(loss_surface(shape, (first, second), words), key="linear_fit_surface")
