"""Which mistake is shown: found by an error message, a traceback or a few words, or chosen from the list."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from core.script.library import Entry, entries
from core.script.search import find
from pages.parts.what_goes_wrong import settings
from pages.shared import lessons, widgets
from pages.shared.language import _

QUERY, NAME, SEARCHED = "what_goes_wrong_search", settings.ENTRY.name, "what_goes_wrong_searched"
LONGEST = 20_000  # characters of a pasted text


def choose() -> Entry:
    """Show the search and the list, and return the entry that is chosen."""
    query = st.text_area(
        _("Error message, traceback or words"),
        key=QUERY,
        height=68,
        max_chars=LONGEST,
        placeholder=_("For example: mat1 and mat2 shapes cannot be multiplied"),
        persist_state="session",
    )
    ranked = find(query)
    if query != st.session_state.get(SEARCHED, ""):
        st.session_state[SEARCHED] = query
        if query.strip():
            st.session_state[NAME] = ranked[0].name
    labels = _labels(ranked)
    sorted_labels = {one.name: labels[one.name] for one in ranked}
    name = widgets.choose(settings.ENTRY, _("Mistake"), sorted_labels, widget=st.selectbox)
    if query.strip():
        st.caption(_("Sorted by how well they fit what you wrote."))
    entry = entries()[name]
    _elsewhere(entry)
    return entry


def _labels(ranked: list[Entry]) -> dict[str, str]:
    """Return the title of each entry with its key, numbered where a topic has the key more than once."""
    times = Counter((one.topic, one.key) for one in ranked)
    numbers: Counter[tuple[int, str]] = Counter()
    labels = {}
    for one in sorted(ranked, key=lambda entry: entry.name):
        place = (one.topic, one.key)
        numbers[place] += 1
        number = f" {numbers[place]}" if times[place] > 1 else ""
        labels[one.name] = f"{_(one.about.title)} · {one.key}{number}"
    return labels


def _elsewhere(entry: Entry) -> None:
    """Link the lessons that have experiments or figures of the same topic."""
    if entry.about.lessons:
        with st.container(horizontal=True, vertical_alignment="center", key="what_goes_wrong_more"):
            st.caption(_("More of this in:"), width="content")
            for name in entry.about.lessons:
                lessons.link(name)
