"""Every touch of a Streamlit internal in Python, each with its reason.

``tests/test_streamlit_compat.py`` fails when one of them goes, and when another file imports an internal.
"""

from __future__ import annotations

from streamlit import runtime
from streamlit.elements.lib.column_types import ColumnConfig
from streamlit.elements.lib.mutable_tab_container import TabContainer
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

__all__ = [  # the first two are what `st.column_config` and `st.tabs` give, and have no public name
    "ColumnConfig",
    "TabContainer",
    "disable_legacy_pages",
    "in_session",
    "is_history_navigation",
    "server_runs",
]


def server_runs() -> bool:
    """Say whether a server runs in this process: ``app.py`` is its script then, and before that it is its start."""
    return runtime.exists()


def in_session() -> bool:
    """Say whether this thread runs somebody's script: ``st.session_state`` and ``st.context`` mean something then.

    Outside of one, as while the server prepares itself, Streamlit answers with a state of nobody and a warning.
    """
    return get_script_run_ctx(suppress_warning=True) is not None


def is_history_navigation() -> bool:
    """Say whether the reader pressed back or forward: then the address decides, with what it leaves out too.

    Streamlit does so for the widgets that it binds itself and tells nobody else.
    """
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation


def disable_legacy_pages() -> None:
    """Tell Streamlit before the first session what ``st.navigation`` would tell it only during that one.

    Until then a folder ``pages/`` makes it build a navigation of its own from the files there: an address that is
    no file name is "not found", and the first click on what app.py shows is lost.
    """
    PagesManager.uses_pages_directory = False
