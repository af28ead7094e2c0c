"""Which network answers: the one that ships, or any checkpoint of any run; a second one beside it if wanted."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core import recognise
from core.errors import N_, InvalidSetting
from core.recognise.readers import Reader
from pages.shared import address, offers
from pages.shared.language import _
from pages.shared.offers import Offer

SHIPPED, NONE = "shipped", "none"


def choose() -> list[tuple[str, Reader]]:
    """Show the choice and return (what it is called, network), one or two of them."""
    offered = offers.checkpoints("draw_net", "draw_other")
    names = {SHIPPED: _("the built-in network"), **{code: offer.label for code, offer in offered.items()}}
    with_none = {NONE: _("none"), **names}
    offers.say_missing("draw_net")
    first = address.choose(st.selectbox, _("Network"), list(names), "draw_net", format_func=names.__getitem__)
    offers.say_missing("draw_other")
    second = address.choose(
        st.selectbox, _("Compare with"), list(with_none), "draw_other", format_func=with_none.__getitem__
    )
    chosen = [first] + ([second] if second != NONE else [])
    return [(names[code], _reader(code, offered)) for code in chosen]


def _reader(code: str, offered: dict[str, Offer]) -> Reader:
    if code == SHIPPED:
        return recognise.shipped()
    path = offered[code].path
    try:
        return _loaded(str(path), path.stat().st_mtime_ns)
    except OSError as error:
        raise InvalidSetting(N_("the checkpoint {name} is gone"), name=code) from error


@st.cache_resource(max_entries=8, show_spinner=False)
def _loaded(path: str, changed: int) -> Reader:  # noqa: ARG001 (a cache key)
    return recognise.load(Path(path))
