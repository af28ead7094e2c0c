"""Which data the page trains on, said in one line that is always there."""

from __future__ import annotations

import streamlit as st

from core import datasets
from pages.shared import lessons
from pages.shared.language import _


def show(dataset: str) -> None:
    """Say which data set is used and, where MNIST is not there, how to get it."""
    with st.container(horizontal=True, vertical_alignment="center", key="train_data_banner"):
        if dataset == "mnist":
            st.markdown(_("**Data: MNIST** — 60,000 images to learn from, 10,000 to be tested on."))
        else:
            st.markdown(
                _(
                    "**Data: scikit-learn's handwritten digits** — {train} images to learn from, {test} to be"
                    " tested on. Built in, so it works offline.",
                    train=f"{len(datasets.load('digits').train_images):,}",
                    test=len(datasets.load("digits").test_images),
                )
            )
        here = datasets.mnist_is_here()
        lessons.link("data", _("Look through the digits") if here else _("How to get MNIST"))
