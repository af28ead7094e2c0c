"""Beside the curve, as they change while the run learns: the network, ten answers, and the first filters."""

from __future__ import annotations

from typing import TypedDict

import streamlit as st

from core.live.network import source
from core.live.network.run import RunNetwork
from core.training.run_folder import RunFolder
from core.training.status import Status
from pages.shared import language, picture
from pages.shared.component import component
from pages.shared.language import _
from pages.shared.picture import PictureWords

OFFERED = "train_offered"  # in the session: run -> the name under which drawings ask its network


class ExamplesWords(TypedDict):
    """What stands beside the curve."""

    digits: str
    filters: str
    first: str
    right: str
    one: str
    picture: PictureWords


class ExamplesData(TypedDict):
    """What the drawing is given; with another ``state`` of the run it asks again."""

    language: str
    network: str
    state: str
    words: ExamplesWords


def show(run: RunFolder, status: Status) -> None:
    """Show the drawing (``static/js/train/examples.js``)."""
    names = st.session_state.setdefault(OFFERED, {})
    if run.id not in names:
        names[run.id] = source.offer(RunNetwork(run.path, run.config))
    data: ExamplesData = {
        "language": language.current(),
        "network": names[run.id],
        "state": status.state,
        "words": words(),
    }
    component("train/examples")(data=data, key="train_examples")


def words() -> ExamplesWords:
    """Return the words of the drawing."""
    return {
        "digits": _("Ten test digits: press one to see it go through the network"),
        "filters": _("Filters of the first layer"),
        "first": _("New weights: {right} of {count} read right"),
        "right": _("After batch {step}: {right} of {count} read right"),
        "one": _("{label}, read as {digit}, {share}"),
        "picture": picture.words(),
    }
