"""The choices on the page of the digits: data set, part, one image, and the loader's arguments."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core import datasets
from core.dataloading import LoaderSettings, part_of
from core.datasets import Dataset
from core.live.settings import Number
from pages.parts.digits import settings
from pages.shared import widgets
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
    with st.container(horizontal=True, vertical_alignment="bottom", key="digits_choices"):
        sets = {name: DATASETS[name] for name in datasets.available()}
        name = widgets.choose(settings.DATA, _("Data set"), sets, start=datasets.preferred().name)
        part = widgets.choose(settings.PART, _("Part"), {"train": _("train"), "test": _("test")})
        data = datasets.load(name)
        count = len(part_of(data, part)[1])
        index = _number(settings.INDEX, _("Image"), count - 1)
        batch_size = _number(settings.BATCH_SIZE, "batch_size")
        seed = _number(settings.SEED, _("Seed"))
        with st.container(width="content", gap=None):
            shuffle = widgets.flag(settings.SHUFFLE, "shuffle")
            drop_last = widgets.flag(settings.DROP_LAST, "drop_last")
    return Choice(data, index, LoaderSettings(part, batch_size, shuffle, drop_last, seed))


def _number(setting: Number, label: str, most: int | None = None) -> int:
    return int(widgets.number(setting, label, most=most, width=92))
