"""What the networks answer: the digit, all ten probabilities, and doubt where there is reason to."""

from __future__ import annotations

import streamlit as st

from core import recognise
from core.figures import digits
from core.recognise import Answer, Reader
from core.recognise.doubt import LEAST_SURE
from pages.parts.draw.source import Source
from pages.shared.language import _


def ask(source: Source, readers: list[tuple[str, Reader]]) -> list[Answer]:
    """Return each network's answer."""
    of_page = source.picture is not None and not source.picture.of_mnist
    image = source.sketch.image[None]
    return [recognise.answer(reader, image, [source.doubt], [of_page])[0] for _name, reader in readers]


def show(source: Source, readers: list[tuple[str, Reader]]) -> None:
    """Show each network's answer, beside each other."""
    answered = ask(source, readers)
    for place, (name, _reader), answer in zip(st.columns(len(readers)), readers, answered, strict=True):
        with place:
            _one(name if len(readers) > 1 else "", answer, source.strokes)


def _one(name: str, answer: Answer, strokes: bool) -> None:
    if name:
        st.text(name)
    if answer.digit is None and not strokes:
        st.info(
            _("No ink was found on this picture, so nothing is answered. Crop it to the digit, or try more light.")
        )
        return
    if answer.digit is None:
        st.info(_("Draw a digit. An empty canvas is not a digit, so nothing is answered."))
        return
    share = max(answer.probabilities)
    if answer.doubt is None:
        st.html(_headline(str(answer.digit), _("{share} sure", share=f"{share:.1%}")))
    else:
        st.html(_headline(f"{answer.digit}?", _("{share}, in doubt", share=f"{share:.0%}")))
        st.warning(_reason(answer.doubt))
    st.html(digits.bars(answer.probabilities, answer.digit, _("Probability of each digit")))


def _headline(digit: str, words: str) -> str:
    return (
        f'<div style="display:flex;align-items:baseline;gap:1rem" aria-live="polite" data-answer="{digit}">'
        f'<span style="font-size:4rem;line-height:1;font-weight:700">{digit}</span><span>{words}</span></div>'
    )


def _reason(doubt: str) -> str:
    """Return why this is perhaps not one digit."""
    return {
        "several": _(
            "This looks like several digits side by side. The network knows single digits only, so the "
            "probabilities are spread almost evenly over the ten digits."
        ),
        "scribble": _(
            "This looks like a scribble: the line is longer, or turns more often, than in any digit. So the "
            "probabilities are spread almost evenly over the ten digits."
        ),
        "photograph": _(
            "This looks like a photograph of something else: it has many tones where a pen on paper has two. So"
            " the probabilities are spread almost evenly over the ten digits."
        ),
        "filled": _(
            "This looks like a filled shape: it is thicker than any digit's line. So the probabilities"
            " are spread almost evenly over the ten digits."
        ),
        "cut": _(
            "What looks like the digit touches the edge of the page and may be cut off there. So the"
            " probabilities are spread almost evenly over the ten digits."
        ),
        "unsure": _(
            "The network itself is not sure: no digit reaches a probability of {least}.", least=f"{LEAST_SURE:.0%}"
        ),
        "spot": _("This is only a spot, so the probabilities are spread almost evenly over the ten digits."),
    }[doubt]
