"""Which data set this is, in a sentence."""

from __future__ import annotations

import streamlit as st

from pages.shared.language import _


def show(name: str) -> None:
    """Say what the chosen data set is."""
    if name == "mnist":
        words = _(
            "**MNIST**: 70,000 digits of some 500 people, half of them clerks and half pupils; 60,000 to learn "
            "from, 10,000 to evaluate on. Each fits a box of 20×20 pixels, its centre of mass in the middle of "
            "28×28."
        )
    else:
        words = _(
            "**scikit-learn's digits**: 1,797 real digits of 13 people, the test part of a larger collection; 8×8"
            " pixels each, scaled here to 28×28 the way MNIST is framed. They come with scikit-learn: nothing to"
            " download."
        )
    st.caption(words)
