"""Which mistake is shown: found by an error message, a traceback or a few words, or chosen from a topic's list."""

from __future__ import annotations

import streamlit as st

from core.script.library import Entry, by_topic, entries
from core.script.library.topics import TOPICS
from core.script.search import find
from pages.parts.what_goes_wrong import settings
from pages.shared import address, lessons, markdown, streamlit_compat, text_fields, widgets
from pages.shared.language import _

QUERY, NAME, SEARCHED = "what_goes_wrong_search", settings.ENTRY.name, "what_goes_wrong_searched"
TOPIC = "what_goes_wrong_topic"
LONGEST = 20_000  # characters of a pasted text
BEST = 12  # entries that a search lists


def choose() -> Entry:
    """Show the search and the list, and return the entry that is chosen."""
    query = text_fields.show(
        st.text_area,
        _("Error message, traceback or words"),
        LONGEST,
        QUERY,
        keeps="last",  # a traceback says at its end what happened
        height=68,
        placeholder=_("For example: mat1 and mat2 shapes cannot be multiplied"),
        persist_state="session",
    )
    hits = find(query) if query.strip() else []
    _take_address()
    if query != st.session_state.get(SEARCHED, ""):
        st.session_state[SEARCHED] = query
        if hits:
            st.session_state[NAME] = hits[0].name
    if query.strip() and not hits:
        st.info(_("No entry shares a word with this. All of them are in the list."), icon=":material/search_off:")
    listed = _best(hits) if hits else _of_topic()
    with st.container(key="what_goes_wrong_list"):
        labels = {one.name: markdown.plain(_(one.title)) for one in listed}
        start = settings.ENTRY.default
        name = widgets.choose(settings.ENTRY, _("Mistake"), labels, start=start, widget=st.radio)
    entry = entries()[name]
    _elsewhere(entry)
    return entry


def _take_address() -> None:
    """Let the address choose first: the list that is shown depends on the entry."""
    code = address.asked_for(NAME)
    if code in entries():
        st.session_state[NAME] = code
    elif streamlit_compat.is_history_navigation():
        st.session_state[NAME] = settings.ENTRY.default


def _current() -> Entry:
    return entries()[widgets.value(settings.ENTRY)]


def _best(hits: list[Entry]) -> list[Entry]:
    """Return what fits best, and the chosen entry where it is another one; say how many fit."""
    best = hits[:BEST]
    st.caption(_("The {count} of {all} {all:mistake|mistakes} that fit best:", count=len(best), all=len(entries())))
    return best if _current() in best else [*best, _current()]


def _of_topic() -> list[Entry]:
    """Show the topics with the number of their entries, and return the entries of the chosen one."""
    topics = by_topic(entries().values())
    st.session_state[TOPIC] = _current().topic
    topic = st.selectbox(
        _("Topic ({topics} topics, {count} mistakes)", topics=len(topics), count=len(entries())),
        list(topics),
        key=TOPIC,
        format_func=lambda number: f"{_(TOPICS[number].title)} ({len(topics[number])})",
        on_change=_first_of_topic,
    )
    return topics[topic]


def _first_of_topic() -> None:
    """Choose the first entry of the topic that was chosen."""
    st.session_state[NAME] = by_topic(entries().values())[st.session_state[TOPIC]][0].name


def _elsewhere(entry: Entry) -> None:
    """Link the lessons that have experiments or figures of the same topic."""
    if entry.about.lessons:
        with st.container(horizontal=True, vertical_alignment="center", key="what_goes_wrong_more"):
            st.caption(_("More of this in:"), width="content")
            for name in entry.about.lessons:
                lessons.link(name)
