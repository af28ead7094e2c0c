"""What the address asked for and the page does not offer is said, never replaced without a word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.shared import address, keys, markdown, offers
from pages.shared.language import _

SAY_SO_THEMSELVES = (keys.RUN, keys.ORIGIN)  # Train has its own sentence for a run that is gone
MOST_SAID, LONGEST = 4, 40


@contextmanager
def unheard(asked: dict[str, str]) -> Iterator[None]:
    """Say above the page, which runs inside, what of ``asked`` it shows otherwise; ``asked`` is what is news."""
    place = st.empty()
    yield
    address.seen()
    others = [key for key, text in asked.items() if _differs(key, text)]
    if others:
        place.warning("  \n".join(_sentence(key, asked[key]) for key in others[:MOST_SAID]))


def _differs(key: str, text: str) -> bool:
    shown = st.session_state.get(key)
    if key in SAY_SO_THEMSELVES or not text or not isinstance(shown, (str, int, float)):
        return False  # no setting of this page, or a list that its page reads itself
    if isinstance(shown, bool):
        return text.lower() != str(shown).lower()
    if isinstance(shown, str):
        return shown not in (text, offers.as_written_now(text))
    try:
        return float(text) != shown
    except ValueError:
        return True


def _sentence(key: str, text: str) -> str:
    shown = st.session_state[key]
    value = f"{shown:g}" if isinstance(shown, float) else str(shown)
    return _(
        "The address asks for {key}={asked}, which is not possible here; {key}={shown} is used instead.",
        key=markdown.plain(key),
        asked=markdown.plain(text[:LONGEST] + ("…" if len(text) > LONGEST else "")),
        shown=markdown.plain(value[:LONGEST]) or "–",
    )
