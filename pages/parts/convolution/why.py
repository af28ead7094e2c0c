"""Why things are as they are: longer prose, folded away."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.shared.expander import lazy_expander
from pages.shared.language import _, prose


def show() -> None:
    """Show the explanations that a learner asks for sooner or later."""
    titles = {
        "odd": _("Why kernels are odd"),
        "stride": _("Stride does not simply divide the size"),
        "filter": _("Kernel and filter are two things"),
        "special": _("1×1, depthwise and grouped convolution"),
        "pooling": _("What pooling keeps"),
    }
    st.header(_("Why?"), anchor=False)
    for key, title in titles.items():
        lazy_expander(title, f"convolution_why_{key}", partial(_explain, key))


def _explain(key: str) -> None:
    st.markdown(prose("convolution", key))
