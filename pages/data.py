"""The digits: what the network learns from; six of them as the tutorial shows them, and all to look through."""

from __future__ import annotations

import streamlit as st

from core import datasets, mnist_files
from core.figures import digits
from pages.parts.data import browser, getting, six
from pages.shared import address, frame
from pages.shared.language import _
from pages.shared.workspace import DATASETS

frame.heading(_("The digits"), _("What the network learns from: look through the data set."))
st.html(digits.STYLE)
whole = not mnist_files.missing() and not mnist_files.damaged()
if not whole:
    getting.show()
with frame.refusals():
    name = address.choose(
        st.segmented_control,
        _("Data set"),
        list(datasets.available()),
        "data_set",
        default=datasets.preferred().name,
        format_func=DATASETS.__getitem__,
        required=True,
    )
    getting.describe(name)
    data = datasets.load(name)
    six.show(data)
    browser.show(data)
if whole:
    getting.show()
