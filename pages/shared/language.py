"""The language of this browser session: the switch, and ``_`` to translate with."""

from __future__ import annotations

import streamlit as st

from core import i18n
from core.errors import Refusal
from pages.shared import address, keys


def current() -> str:
    """Return the session's language, a key of ``i18n.LANGUAGES``."""
    chosen = st.session_state.get(keys.LANGUAGE)
    return chosen if chosen in i18n.LANGUAGES else _preferred()


def _preferred() -> str:
    locale = st.context.locale or ""
    return "zh" if locale.lower().startswith("zh") else "en"


def choose() -> None:
    """Show the switch in the sidebar; ``?lang=`` in the address holds it."""
    address.choose(
        st.sidebar.segmented_control,
        "Language / 语言",
        list(i18n.LANGUAGES),
        keys.LANGUAGE,
        default=_preferred(),
        required=True,
        format_func=lambda code: i18n.LANGUAGES[code],
    )


def _(message: str, **values: object) -> str:
    """Translate an English template into the session's language and put ``values`` into it."""
    return i18n.translate(current(), message, **values)


def prose(name: str, key: str) -> str:
    """Return a section of teaching prose in the session's language."""
    return i18n.prose(current(), name, key)


def sentence(refusal: Refusal) -> str:
    """Return what was refused and why, in the session's language."""
    return i18n.translate_refusal(current(), refusal)
