"""An unexpected exception, as the reader sees it: a sentence, two ways on, and a line in the log.

``app.py`` and ``serve.py`` give ``show`` to Streamlit as ``on_script_error``: it then gets whatever a page, a
fragment or a callback raised, and Streamlit shows nothing itself.
"""

from __future__ import annotations

import html
import sys
import traceback
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.classroom import log
from core.classroom.settings import is_classroom
from core.errors import InvalidSetting
from pages.shared import keys, language, markdown
from pages.shared.language import _, sentence

AGAIN = "unforeseen_again"  # begins the key of the button that runs the page again


class ScriptExit(Exception):
    """A script was ended by ``sys.exit()``, which would end the thread of the session without a word."""


@contextmanager
def exits() -> Iterator[None]:
    """Turn ``SystemExit``, which no server may obey, into an exception like any other."""
    try:
        yield
    except SystemExit as error:
        raise ScriptExit(f"SystemExit: {error.code}") from error


def show(error: Exception) -> bool:
    """Show what happened and how to go on; True: it is shown."""
    number = uuid.uuid4().hex[:8]
    if isinstance(error, InvalidSetting):  # outside the places where pages show them
        st.error(markdown.plain(sentence(error)))
        _ways_on(number)
        return True
    _note(error, number)
    kind = markdown.plain(type(error).__name__)
    st.error(_("An unexpected error on this page: {kind}. Nothing else is affected.", kind=kind))
    _ways_on(number)
    if is_classroom():
        st.caption(
            _("If it happens again, give this number to the administrator of this server: {number}.", number=number)
        )
    else:
        st.caption(_("If it happens again, report it with these lines:"))
        st.exception(error)
    return True


def _ways_on(number: str) -> None:
    """Offer to run the page again as it is, and to load it with nothing set."""
    st.button(_("Try again"), key=f"{AGAIN}_{number}", icon=":material/refresh:")
    words = html.escape(_("Open this page with its first settings"))
    st.html(f'<a href="?{keys.LANGUAGE}={language.current()}" target="_self">{words}</a>')


def _note(error: Exception, number: str) -> None:
    """Write one line of JSON to the server's log."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    facts = {"number": number, "kind": type(error).__name__, "message": str(error), "where": where}
    log.write("page failed", None if is_classroom() else sys.stderr, **facts)
