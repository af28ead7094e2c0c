"""Every touch of a Streamlit internal in Python, each with its reason.

``tests/test_streamlit_compat.py`` fails when one of them goes, and when another file imports an internal.
"""

from __future__ import annotations

import re
import socket
import threading
from asyncio import base_events
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, wraps
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit import file_util, runtime
from streamlit.elements.lib.column_types import ColumnConfig
from streamlit.elements.lib.mutable_tab_container import TabContainer
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.runtime.state.common import unpack_widget_state_value
from streamlit.web.server.server_util import is_xsrf_enabled
from streamlit.web.server.starlette.starlette_app_utils import validate_xsrf_token
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import _is_origin_allowed

__all__ = [  # the first two are what `st.column_config` and `st.tabs` give, and have no public name
    "XSRF_COOKIE_NAME",
    "ColumnConfig",
    "TabContainer",
    "component_scripts",
    "disable_legacy_pages",
    "finish_every_callback",
    "hear_every_change",
    "in_session",
    "is_connection_allowed",
    "is_history_navigation",
    "keep_links",
    "make_way",
    "send_without_delay",
    "server_runs",
    "watch_no_files_after_reconnecting",
]


def server_runs() -> bool:
    """Return whether a server runs in this process: ``app.py`` is its script then; before, it is its start."""
    return runtime.exists()


def in_session() -> bool:
    """Return whether this thread runs a session's script: ``st.session_state`` and ``st.context`` are valid then.

    Outside of one, as while the server prepares itself, Streamlit answers with a state of nobody and a warning.
    """
    return get_script_run_ctx(suppress_warning=True) is not None


def make_way() -> None:
    """End this run of the page where a newer message waits; Streamlit looks at each touch of the session state."""
    st.session_state.get("make_way")


def is_history_navigation() -> bool:
    """Return whether the reader pressed back or forward: then the address decides, with what it leaves out too.

    Streamlit does so for the widgets that it binds itself and tells nobody else.
    """
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation


def is_connection_allowed(
    origin: str | None, host: str | None, cookies: Mapping[str, str], token: str | None
) -> bool:
    """Return whether a socket may open: what Streamlit asks of its own, and the token where there is a cookie.

    A page of another site can open a socket to this server, and the browser sends our cookies with it; that page
    cannot read the cookie that ``token`` must repeat.
    """
    if not _is_origin_allowed(origin, host):
        return False
    cookie = cookies.get(XSRF_COOKIE_NAME)
    if origin is None or cookie is None or not is_xsrf_enabled():
        return True
    return validate_xsrf_token(token, cookie)


# The parts of Streamlit's page that every page of ours needs, and that it loads only when an answer names them.
LAZY = ("BidiComponent", "Button", "ButtonGroup", "Checkbox", "Html", "PageLink")


@cache
def component_scripts() -> tuple[str, ...]:
    """Return the paths of those parts' modules, and of what these import, relative to the app; names hold a hash.

    What Streamlit's own page names already is left out. An installation of another shape gives an empty tuple.
    """
    folder = Path(file_util.get_static_dir())
    page = folder / "index.html"
    paths = {path.name: path for path in folder.glob("static/js/*.js")}
    waiting = {name for name in paths if name.split(".")[0] in LAZY}
    names: set[str] = set()
    while waiting:
        name = waiting.pop()
        names.add(name)
        text = paths[name].read_text(encoding="utf-8")
        waiting |= {other for other in re.findall(r"""from"\./([^"]+)\"""", text) if other in paths} - names
    index_text = page.read_text(encoding="utf-8") if page.is_file() else ""
    return tuple(f"static/js/{name}" for name in sorted(names) if name not in index_text)


def disable_legacy_pages() -> None:
    """Tell Streamlit before the first session what ``st.navigation`` would tell it only during that one.

    Until then a folder ``pages/`` makes it build a navigation of its own from the files there: a page whose address
    is its file's name runs alone, without ``app.py``, and the first click on what app.py shows is lost. ``AppTest``
    takes the answer back for each run, so it is given whenever a session's pages are made.
    """
    PagesManager.uses_pages_directory = False

    def begin_without_folder(begin: Callable[..., None], *args: Any, **settings: Any) -> None:
        begin(*args, **settings)
        PagesManager.uses_pages_directory = False

    _replace(PagesManager, "__init__", begin_without_folder)


def _replace(owner: type, name: str, around: Callable[..., Any]) -> None:
    """Let ``around(method, *arguments)`` run in place of a method; once, however often this is called."""
    method = getattr(owner, name)
    if hasattr(method, "__wrapped__"):
        return

    @wraps(method)
    def replacement(*arguments: Any, **named: Any) -> Any:
        return around(method, *arguments, **named)

    setattr(owner, name, replacement)


PRESSES = ("trigger_value", "string_trigger_value", "json_trigger_value", "chat_input_value")


def hear_every_change() -> None:
    """Let a message run the whole page where something was pressed or changed outside the fragment that it names.

    Streamlit's browser side sends what changes in one moment as one message, with the name of one fragment. The
    server then runs that fragment alone, or nothing at all where it has gone meanwhile: a button elsewhere on the
    page was pressed and did nothing, and a choice changed nothing.
    """

    def request_rerun(request: Callable[..., None], session: AppSession, client_state: ClientState | None) -> None:
        if client_state:
            _follow_link(session, client_state)
            if client_state.fragment_id and _has_news_elsewhere(session, client_state):
                client_state.fragment_id = ""
            _last_states[session] = {state.id: state for state in client_state.widget_states.widgets}
        request(session, client_state)

    _replace(AppSession, "request_rerun", request_rerun)


@dataclass(frozen=True)
class Link:
    """A link that was pressed: the page that it leaves, the one that it opens, and the query of its address."""

    start: str
    page: str
    query: str


_links: WeakKeyDictionary[AppSession, Link] = WeakKeyDictionary()


def _follow_link(session: AppSession, message: ClientState) -> None:
    """Let what the page that a link leaves still sends run the page that the link opens.

    Until that page has begun, the browser names the old one in each message, and Streamlit would run that again:
    the link was pressed and led nowhere.
    """
    link = _links.get(session)
    page = message.page_script_hash
    if link and page == link.start:
        has_begun = session.page_script_hash != link.start
        if not message.is_history_navigation and (message.fragment_id or not has_begun):
            message.page_script_hash, message.query_string, message.fragment_id = link.page, link.query, ""
            return
    _links.pop(session, None)
    if page and not message.fragment_id and session.page_script_hash not in ("", page):
        _links[session] = Link(session.page_script_hash, page, message.query_string)


def keep_links() -> None:
    """Let a script that asks for another run of its page not take the place of a link that waits.

    Streamlit merges the two into one request, for the page of the newer.
    """

    def ask_and_keep_link(ask: Callable[..., bool], requests: ScriptRequests, data: RerunData) -> bool:
        context = get_script_run_ctx(suppress_warning=True)  # None: the reader asks
        waiting = requests._rerun_data if requests._state == ScriptRequestType.RERUN else None
        is_accepted = ask(requests, data)
        if context and waiting and waiting.page_script_hash not in ("", context.page_script_hash):
            requests._rerun_data = replace(
                requests._rerun_data,
                page_script_hash=waiting.page_script_hash,
                page_name=waiting.page_name,
                query_string=waiting.query_string,
            )
        return is_accepted

    _replace(ScriptRequests, "_request_rerun_locked", ask_and_keep_link)


_last_states: WeakKeyDictionary[AppSession, dict[str, WidgetState]] = WeakKeyDictionary()  # of the last message


def _has_news_elsewhere(session: AppSession, message: ClientState) -> bool:
    """Return whether a widget outside the fragment that the message names is pressed, or has another value."""
    widgets = session.session_state._new_widget_state.widget_metadata
    for state in message.widget_states.widgets:
        widget = widgets.get(state.id)
        if (widget is None or widget.fragment_id != message.fragment_id) and _is_news(session, state):
            return True
    return False


def _is_news(session: AppSession, state: WidgetState) -> bool:
    """Return whether the reader did something to a widget; each message has the values of all of them."""
    kind = state.WhichOneof("value")
    if kind in PRESSES:
        return bool(getattr(state, kind))
    return state != _last_states.get(session, {}).get(state.id) and not _is_known(session.session_state, state)


def _is_known(session_state: SessionState, state: WidgetState) -> bool:
    """Return whether Python has the value of a widget already: where it starts, or what a script has set."""
    widget = session_state.get_widget_metadata(state.id)
    try:
        value = session_state.get_widget_value(state.id)
        return widget is not None and bool(widget.serializer(value) == unpack_widget_state_value(state))
    except Exception:  # there is none, or none that its widget can send
        return False


_this_thread = threading.local()  # ``calls_back``: whether it runs callbacks now


def finish_every_callback() -> None:
    """Let the callbacks of a message run to their end before a newer message is served.

    Streamlit looks for a newer message at each touch of the session state, the first before it calls the callbacks.
    What it finds there ends the run, and a press that the older message brought did nothing. After the callbacks
    Streamlit looks again by itself.
    """

    def look_between_callbacks(look: Callable[..., None], runner: ScriptRunner) -> None:
        if not getattr(_this_thread, "calls_back", False):
            look(runner)

    def call_back(run: Callable[..., None], *arguments: Any, **named: Any) -> None:
        _this_thread.calls_back = True
        try:
            run(*arguments, **named)
        finally:
            _this_thread.calls_back = False

    _replace(ScriptRunner, "_maybe_handle_execution_control_request", look_between_callbacks)
    _replace(SafeSessionState, "on_script_will_rerun", call_back)


def watch_no_files_after_reconnecting() -> None:
    """Let a session whose connection was lost and comes back watch files only where the server is set to do so.

    Streamlit asks its option ``server.fileWatcherType`` for a new session alone. One that came back went through
    the paths of every module after each run of its page, for more than a second, while the server served nobody.
    """

    def register(method: Callable[..., None], session: AppSession) -> None:
        if st.get_option("server.fileWatcherType") != "none":
            method(session)

    _replace(AppSession, "register_file_watchers", register)


def send_without_delay() -> None:
    """Let every connection of this process send small messages at once (``TCP_NODELAY``).

    asyncio does so where a socket names TCP as its protocol. Streamlit's listening socket leaves that to the system
    (0), and so do the connections that it accepts: a message that follows another one then waits until the browser
    has confirmed that one, which takes it up to 40 ms.
    """
    base_events._set_nodelay = _set_nodelay  # type: ignore[attr-defined]


def _set_nodelay(sock: socket.socket) -> None:
    if sock.family in (socket.AF_INET, socket.AF_INET6) and sock.type == socket.SOCK_STREAM:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
