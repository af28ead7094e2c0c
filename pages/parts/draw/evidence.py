"""Which pixels speak for the answer and which against it, compared with another digit."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import streamlit as st

from core.figures import digits
from core.numerals import fixed
from core.recognise import Answer, Reader
from core.recognise.evidence import PATCH, STEPS, Evidence, erased, integrated_gradients
from pages.parts.draw import settings
from pages.parts.draw.settings import LIKELIEST
from pages.parts.draw.source import Source
from pages.shared import figures, widgets
from pages.shared.language import _


def show(source: Source, readers: list[tuple[str, Reader]], answered: list[Answer]) -> None:
    """Show the map of each network, with the rival and the method to choose."""
    st.header(_("Which pixels support the answer, and which oppose it?"), anchor=False)
    rival, method = _choice()
    for place, (name, reader), answer in zip(st.columns(len(readers)), readers, answered, strict=True):
        with place:
            if len(readers) > 1:
                st.text(name)
            _one(source, reader, answer, rival, method)


def _choice() -> tuple[str, str]:
    rivals = {code: code for code in settings.RIVAL.options} | {LIKELIEST: _("the next likeliest")}
    methods = {"shares": _("each pixel's share"), "erased": _("erase it and ask again")}
    with st.container(horizontal=True):
        rival = widgets.choose(settings.RIVAL, _("Rather than"), rivals, widget=st.selectbox, width=220)
        method = widgets.choose(settings.METHOD, _("Method"), methods)
    return rival, method


def _one(source: Source, reader: Reader, answer: Answer, rival: str, method: str) -> None:
    assert answer.digit is not None
    order = np.argsort(answer.probabilities)[::-1]
    other = int(order[1]) if rival in (LIKELIEST, str(answer.digit)) else int(rival)
    image = source.sketch.image
    evidence = _evidence(reader, image.tobytes(), answer.digit, other, method)
    st.html(figures.row([_map(source, evidence), _legend(evidence)]))
    st.caption(_sum(evidence) if method == "shares" else _experiment(evidence))


@lru_cache(maxsize=64)  # also for another setting of the page: nothing has changed then
def _evidence(reader: Reader, image: bytes, digit: int, other: int, method: str) -> Evidence:
    ask = erased if method == "erased" else integrated_gradients
    return ask(reader, np.frombuffer(image, np.uint8).reshape(28, 28).copy(), digit, other)


def _map(source: Source, evidence: Evidence) -> str:
    """Return the map, large, with the drawing's outline faint under it."""
    shaded = digits.with_shade(digits.signed(evidence.shares), source.sketch.image <= 100)
    caption = _("Why {digit} rather than {rival}", digit=evidence.digit, rival=evidence.rival)
    return figures.figure(shaded, "280px", caption)


def _legend(evidence: Evidence) -> str:
    bound = float(np.abs(evidence.shares).max(initial=0))
    scale = digits.signed(np.linspace(1, -1, 81)[:, None] * np.ones((1, 8)), 1.0)
    for_it = _("+{bound} for {digit}", bound=fixed(bound, 2), digit=evidence.digit)
    against = _("−{bound} for {rival}", bound=fixed(bound, 2), rival=evidence.rival)
    return f"<div><small>{for_it}</small><br>{figures.figure(scale, '16px', '')}<small>{against}</small></div>"


def _sum(evidence: Evidence) -> str:
    return _(
        "Blue pixels speak for {digit}, orange ones for {rival}. The score of {digit} is ahead by {lead}; for blank"
        " paper it would be ahead by {blank}. The shares of all pixels add up to the difference: {total}"
        " (integrated gradients over {steps} steps from blank paper to your drawing; off by {error}).",
        digit=evidence.digit,
        rival=evidence.rival,
        lead=fixed(evidence.lead, 3),
        blank=fixed(evidence.blank, 3),
        total=fixed(float(evidence.shares.sum()), 3),
        steps=STEPS,
        error=fixed(evidence.error, 3),
    )


def _experiment(evidence: Evidence) -> str:
    return _(
        "At each place a patch of {patch}×{patch} pixels was made paper and the network asked again. Blue: without"
        " it the lead of {digit} over {rival}, now {lead}, becomes smaller by so much; orange: larger.",
        patch=PATCH,
        digit=evidence.digit,
        rival=evidence.rival,
        lead=fixed(evidence.lead, 3),
    )
