"""Which data the page trains on, said in one line that is always there."""

from __future__ import annotations

import streamlit as st

from core import mnist_files
from pages.shared import lessons, workspace
from pages.shared.language import _


def show(dataset: str) -> None:
    """Say which data set is used and, where MNIST is not there, how to get it."""
    with st.container(horizontal=True, vertical_alignment="center", key="train_data_banner"):
        train, test = (f"{count:,}" for count in workspace.IMAGES[dataset])
        if dataset == "mnist":
            words = _("**Data: MNIST**, {train} training images and {test} test images.", train=train, test=test)
        else:
            words = _(
                "**Data: scikit-learn digits** (built in), {train} training images and {test} test images.",
                train=train,
                test=test,
            )
        st.markdown(words)
        here = mnist_files.are_here()
        lessons.link("digits", _("Look through the digits") if here else _("How to get MNIST"))
