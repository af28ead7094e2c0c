"""Which network answers: the one that ships, or any checkpoint of any run; a second one beside it if wanted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from core import recognise
from core.errors import N_, InvalidSetting
from core.live.network import source
from core.live.network.settings import SHIPPED
from core.recognise.readers import Reader
from pages.parts.draw import settings
from pages.shared import offers, widgets
from pages.shared.language import _
from pages.shared.offers import Offer

NONE = "none"


@dataclass(frozen=True)
class ChosenNetwork:
    """A network: what it is called, itself, and under which name drawings ask it (``core.live.network``)."""

    name: str
    reader: Reader
    live: str


def choose() -> list[ChosenNetwork]:
    """Show the choice and return one network, or two to compare."""
    offered = offers.checkpoints(settings.NETWORK.name, settings.OTHER.name)
    names = {SHIPPED: _("the built-in network"), **{code: offer.label for code, offer in offered.items()}}
    with_none = {NONE: _("none"), **names}
    offers.say_missing(settings.NETWORK.name)
    first = widgets.choose(settings.NETWORK, _("Network"), names, widget=st.selectbox)
    offers.say_missing(settings.OTHER.name)
    second = widgets.choose(settings.OTHER, _("Compare with"), with_none, widget=st.selectbox)
    codes = [first] + ([second] if second != NONE else [])
    return [ChosenNetwork(names[code], *_network(code, offered)) for code in codes]


def _network(code: str, offered: dict[str, Offer]) -> tuple[Reader, str]:
    if code == SHIPPED:
        return recognise.shipped(), SHIPPED
    path = offered[code].path
    try:
        changed = path.stat().st_mtime_ns
        reader = _loaded(str(path), changed)
        return reader, _offered(code, changed, reader)
    except OSError as error:
        raise InvalidSetting(N_("the checkpoint {name} is gone"), name=code) from error


def _offered(code: str, changed: int, reader: Reader) -> str:
    """Return the name under which this session's drawings ask the network; each network has one."""
    names = st.session_state.setdefault("draw_offered", {})
    if (code, changed) not in names:
        names[code, changed] = source.offer_reader(reader)
    return str(names[code, changed])


@st.cache_resource(max_entries=8, show_spinner=False)
def _loaded(path: str, changed: int) -> Reader:  # noqa: ARG001 (a cache key)
    return recognise.load(Path(path))
