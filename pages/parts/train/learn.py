"""What a learner may not know yet, each word explained where it is met."""

from __future__ import annotations

import streamlit as st

from pages.shared.language import _, prose


def show() -> None:
    """Show the words of this page, each behind its own heading."""
    st.header(_("Terms on this page"), anchor=False)
    for key, title in {
        "epoch": _("Batch, epoch, iteration"),
        "curve": _("How to read the curve"),
        "momentum": _("Momentum: what many tutorials say, and what PyTorch does"),
        "dropout": _("Dropout, and why the test loss can be lower than the training loss"),
        "checkpoint": _("What a checkpoint holds"),
    }.items():
        with st.expander(title, key=f"train_word_{key}"):
            st.markdown(prose("train", key))
