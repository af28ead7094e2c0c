"""The language of this browser session: the switch, and ``_`` to translate with."""

from __future__ import annotations

import threading
from collections.abc import Callable

import streamlit as st

from core import i18n
from core.errors import InvalidSetting
from pages.shared import address, keys, streamlit_compat

# A page asks for its language hundreds of times, and the session state takes 40 µs to answer. A thread belongs to
# one session, and only ``choose``, with which every run of the script begins, changes the language of a session.
_thread = threading.local()
COOKIE = "stepwise_language"  # written by static/js/frame/frame.js


def current() -> str:
    """Return the session's language, a key of ``i18n.LANGUAGES``."""
    cached: str | None = getattr(_thread, "language", None)
    if cached:
        return cached
    choice = st.session_state.get(keys.LANGUAGE)
    language: str = choice if choice in i18n.LANGUAGES else _preferred()
    if streamlit_compat.in_session():
        _thread.language = language
    return language


def _preferred() -> str:
    """Return what the reader picked by hand on any page, which the browser keeps; else the browser's language."""
    cookie = st.context.cookies.get(COOKIE)
    if cookie in i18n.LANGUAGES:
        return cookie
    locale = st.context.locale or ""
    return "zh" if locale.lower().startswith("zh") else "en"


def spoken(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return ``make`` in the page's language, for a thread that belongs to no session: downloads are made there."""
    language = current()

    def make_in_language() -> bytes:
        before, _thread.language = getattr(_thread, "language", None), language
        try:
            return make()
        finally:
            _thread.language = before

    return make_in_language


def choose() -> None:
    """Show the switch, which stands at the top of the sidebar (frame.css).

    ``?lang=`` in the address holds it, and a cookie what was picked by hand.
    """

    def picked() -> None:
        st.session_state[keys.PICKED] = True

    _thread.language = address.choose(
        st.sidebar.segmented_control,
        "Language / 语言",
        list(i18n.LANGUAGES),
        keys.LANGUAGE,
        default=_preferred(),
        label_visibility="collapsed",
        required=True,
        on_change=picked,
        format_func=lambda code: i18n.LANGUAGES[code],
    )


def _(message: str, **values: object) -> str:
    """Translate an English template into the session's language and put ``values`` into it."""
    return i18n.translate(current(), message, **values)


def prose(name: str, key: str) -> str:
    """Return a section of teaching prose in the session's language."""
    return i18n.prose(current(), name, key)


def sentence(error: InvalidSetting) -> str:
    """Return what was refused and why, in the session's language."""
    return i18n.translate_error(current(), error)
