"""What runs again when a setting changes: not the page, only the parts that show something else then.

A part is a fragment with a key, and reads the settings from the session; the widgets beside it stay as they are.
Why is in docs/decisions.md, "Frame".
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import streamlit as st
from streamlit.errors import StreamlitAPIException


def only(*parts: str) -> Callable[[], None]:
    """Return a callback for ``on_change``: run the fragments with these keys again, and nothing else.

    Where one of them is not there, because the page refused to show it, the page runs again as a whole. The widget
    stands in a fragment too, or in a page whose downloads are all in ``parts``: Streamlit forgets every download
    when a run begins as the whole page, and only the parts would bring theirs again.
    """

    def again() -> None:
        with contextlib.suppress(StreamlitAPIException):
            st.rerun(parts)

    return again
