"""What the address asked for and the page does not offer is said, never replaced without a word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.shared import address, keys, markdown
from pages.shared.language import _

SAY_SO_THEMSELVES = (keys.RUN, keys.ORIGIN)  # Train has its own sentence for a run that is gone
MOST_SAID, LONGEST = 4, 40


@contextmanager
def unheard(news: dict[str, str]) -> Iterator[None]:
    """Say above the page, which runs inside, which settings of ``news`` it does not take over."""
    place = st.empty()
    yield
    address.mark_as_read()
    others = [key for key, text in news.items() if _differs(key, text)]
    if others:
        place.warning("  \n".join(_sentence(key, news[key]) for key in others[:MOST_SAID]))


def _differs(key: str, text: str) -> bool:
    value = st.session_state.get(key)
    if key in SAY_SO_THEMSELVES or not text or not isinstance(value, (str, int, float)):
        return False  # no setting of this page, or a list that its page reads itself
    if isinstance(value, bool):
        return text.lower() != str(value).lower()
    if isinstance(value, str):
        from pages.shared import offers  # imports torch: the server starts without it

        return value not in (text, offers.as_written_now(text))
    try:
        return float(text) != value
    except ValueError:
        return True


def _sentence(key: str, text: str) -> str:
    value_here = st.session_state[key]
    value = f"{value_here:g}" if isinstance(value_here, float) else str(value_here)
    return _(
        "The address asks for {key}={asked}, which is not possible here; {key}={shown} is used instead.",
        key=markdown.plain(key),
        asked=markdown.plain(text[:LONGEST] + ("…" if len(text) > LONGEST else "")),
        shown=markdown.plain(value[:LONGEST]) or "–",
    )
