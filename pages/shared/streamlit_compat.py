"""Every touch of a Streamlit internal in Python, each with its reason and a test that fails when it goes."""

from __future__ import annotations

from streamlit.runtime.scriptrunner import get_script_run_ctx


def is_history_navigation() -> bool:
    """Say whether the reader pressed back or forward: then the address decides, with what it leaves out too.

    Streamlit does so for the widgets that it binds itself and tells nobody else.
    Tested by ``tests/browser/test_history.py``.
    """
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation
