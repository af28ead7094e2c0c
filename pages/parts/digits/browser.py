"""Looking through the data set: one digit or all, page by page, and one image down to its numbers."""

from __future__ import annotations

import streamlit as st
import torch

from core.dataloading import part_of
from core.datasets import MEAN, STD, Dataset, normalise
from pages.parts.digits import settings
from pages.parts.digits.settings import ALL
from pages.shared import figures, widgets
from pages.shared.language import _

EACH = 60


def show(data: Dataset, part: str) -> None:
    """Show the filter, a page of the digits of ``part``, and one digit enlarged."""
    images, labels = part_of(data, part)
    words = {code: _("all") if code == ALL else code for code in settings.DIGIT.options}
    digit = widgets.choose(settings.DIGIT, _("Digit"), words, widget=st.pills)
    matches = torch.arange(len(labels)) if digit == ALL else (labels == int(digit)).nonzero().flatten()
    page = _page(len(matches))
    on_page = matches[(page - 1) * EACH : page * EACH]
    captions = [f"{int(labels[index])} · {index}" for index in on_page.tolist()]
    st.html(figures.gallery(images[on_page].numpy(), captions, side=56))
    st.caption(_("Under each: its label, and its number in this part of the data set."))
    _one(images, labels, int(on_page[0]))


def _page(count: int) -> int:
    pages = max(-(-count // EACH), 1)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        page = widgets.number(settings.PAGE, _("Page"), most=pages, width=160)
        st.caption(_("of {pages}; {count} {count:image|images}", pages=f"{pages:,}", count=f"{count:,}"))
    return int(page)


def _one(images: torch.Tensor, labels: torch.Tensor, first: int) -> None:
    """Show one image large, with every number in it."""
    st.header(_("One image, all its numbers"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.number_input(
            _("Number of the image"),
            0,
            len(labels) - 1,
            value=first,
            key=f"digits_image_{first}_{len(labels)}",
            width=160,
        )
        words = {"bytes": _("0 to 255, as stored"), "given": _("normalised, as the network gets them")}
        which = widgets.choose(settings.NUMBERS, _("Numbers"), words)
    image = images[int(number)]
    st.markdown(_("Label: **{label}**", label=int(labels[int(number)])))
    if which == "given":
        st.latex(rf"x = \frac{{p / 255 - {MEAN}}}{{{STD}}}")
    input_values = normalise(image[None])[0, 0].numpy() if which == "given" else None
    st.html(figures.number_grid(image.numpy(), figures.texts(image.numpy(), input_values), words[which]))
