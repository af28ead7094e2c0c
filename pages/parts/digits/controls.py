"""The choices on the page of the digits: data set, part, one image, and the loader's arguments."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core import datasets
from core.dataloading import LoaderSettings, part_of
from core.datasets import Dataset
from pages.shared import address
from pages.shared.language import _
from pages.shared.workspace import DATASETS


@dataclass(frozen=True)
class Choice:
    """The data set, the number of the image to follow, and how batches are made."""

    data: Dataset
    index: int
    settings: LoaderSettings


def show() -> Choice:
    """Show the controls and return what they say; ``InvalidSetting`` when the data set cannot be read."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = address.choose(
            st.segmented_control,
            _("Data set"),
            list(datasets.available()),
            "digits_set",
            default=datasets.preferred().name,
            format_func=DATASETS.__getitem__,
            required=True,
        )
        parts = {"train": _("train"), "test": _("test")}
        part = address.choose(
            st.segmented_control,
            _("Part"),
            list(parts),
            "digits_part",
            format_func=parts.__getitem__,
            required=True,
        )
        data = datasets.load(name)
        count = len(part_of(data, part)[1])
        index = _number(_("Image"), 0, count - 1, 0, "digits_index")
        batch_size = _number("batch_size", 1, 1000, 64, "digits_batch")
        seed = _number(_("Seed"), 0, 9999, 1, "digits_seed")
        with st.container(width="content", gap=None):
            shuffle = st.toggle("shuffle", True, key="digits_shuffle", bind="query-params", persist_state="session")
            drop_last = st.toggle(
                "drop_last", False, key="digits_drop", bind="query-params", persist_state="session"
            )
    return Choice(data, index, LoaderSettings(part, batch_size, shuffle, drop_last, seed))


def _number(label: str, low: int, high: int, start: int, key: str) -> int:
    if isinstance(st.session_state.get(key), int):
        st.session_state[key] = min(max(st.session_state[key], low), high)
    return int(
        st.number_input(label, low, high, start, 1, key=key, bind="query-params", persist_state="session", width=92)
    )
