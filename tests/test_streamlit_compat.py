"""Each touch of a Streamlit internal does what it is for, and streamlit_compat.py is the only one to touch."""

from __future__ import annotations

import ast
import asyncio
import socket
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.testing.v1 import AppTest

from pages.shared import streamlit_compat
from tests.source import nodes, nodes_of

ROOT = Path(__file__).resolve().parent.parent
COMPAT = ROOT / "pages/shared/streamlit_compat.py"
OURS = [ROOT / "app.py", ROOT / "serve.py", *sorted((ROOT / "pages").rglob("*.py"))]
PUBLIC = ("streamlit", "streamlit.delta_generator", "streamlit.errors")
PRIVATE = {"elements", "proto", "runtime", "web"}  # parts of ``streamlit`` that it does not document


def internals(nodes_there: Iterable[ast.AST]) -> list[str]:
    """Return the internals of Streamlit that a program imports, or reads from ``st``."""
    lines = []
    for node in nodes_there:
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "streamlit":
            lines += [node.module] if node.module not in PUBLIC else []
        elif isinstance(node, ast.Import):
            lines += [each.name for each in node.names if each.name.startswith("streamlit.")]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "st":
            lines += [node.attr] if node.attr in PRIVATE or node.attr.startswith("_") else []
    return [name for name in lines if name]


@pytest.mark.parametrize(
    "source", ["from streamlit.runtime import x", "import streamlit.web.cli", "st.runtime.exists()", "st._main"]
)
def test_an_internal_is_seen(source: str) -> None:
    assert internals(nodes_of(source))


def test_only_one_module_touches_internals() -> None:
    by_file = {path.name: internals(nodes(path)) for path in OURS if path != COMPAT}
    assert not {name: touched for name, touched in by_file.items() if touched}
    assert internals(nodes(COMPAT))


def test_what_streamlit_calls_its_elements_stands_in_the_style_of_the_frame() -> None:
    """``static/css`` and ``static/js/frame`` know Streamlit's elements; no page writes a style for them."""
    marks = ("data-testid", "data-stale", "[class*=st")
    assert [path.name for path in OURS if any(mark in path.read_text("utf-8") for mark in marks)] == []


def test_a_script_is_told_from_what_runs_beside_it() -> None:
    def script() -> None:
        import streamlit as st

        from pages.shared import streamlit_compat

        st.text([streamlit_compat.in_session(), streamlit_compat.server_runs()])

    assert not streamlit_compat.in_session()
    assert not streamlit_compat.server_runs()
    assert AppTest.from_function(script).run().text[0].value == "[True, True]"


def test_back_and_forward_are_told_from_other_runs() -> None:
    """``tests/browser/test_history.py`` presses the buttons; here the script is told what the browser would say."""

    def script() -> None:
        import streamlit as st
        from streamlit.runtime.scriptrunner import get_script_run_ctx

        from pages.shared.streamlit_compat import is_history_navigation

        context = get_script_run_ctx()
        answers = [is_history_navigation()]
        for answer in (True, False):
            context.reset(query_string="", page_script_hash="", is_history_navigation=answer)
            answers.append(is_history_navigation())
        st.text(answers)

    assert not streamlit_compat.is_history_navigation()
    app = AppTest.from_function(script).run()
    assert not app.exception
    assert app.text[0].value == "[False, True, False]"


def test_the_folder_of_pages_makes_no_navigation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    monkeypatch.setattr(PagesManager, "__init__", PagesManager.__init__.__wrapped__)  # conftest.py disabled them
    PagesManager(str(ROOT / "app.py"))
    assert PagesManager.uses_pages_directory, "without us the folder decides"
    streamlit_compat.disable_legacy_pages()
    assert not PagesManager.uses_pages_directory
    PagesManager.uses_pages_directory = None  # as AppTest does before each run
    PagesManager(str(ROOT / "app.py"))
    assert not PagesManager.uses_pages_directory


def test_a_page_runs_inside_its_frame_from_the_first_request() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page("pages/runs.py").run()
    assert not app.exception
    assert "lang" in app.session_state, "app.py ran, not the page alone"


def test_the_types_are_those_that_public_functions_return() -> None:
    assert isinstance(st.tabs(["a"])[0], streamlit_compat.TabContainer)
    assert set(st.column_config.NumberColumn("x")) <= set(streamlit_compat.ColumnConfig.__annotations__)


def widget(name: str, kind: Any, fragment: str | None) -> WidgetMetadata[Any]:
    return WidgetMetadata(name, lambda value: value or 0, lambda value: value, kind, fragment_id=fragment)


class Session:
    """Of an ``AppSession`` what is asked of it; ``page_script_hash`` is of the page that has begun last."""

    def __init__(self, state: SessionState | None = None, page: str = "") -> None:
        self.session_state = state or SessionState()
        self.page_script_hash = page


@pytest.fixture
def ask_together(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Return what tells which fragment runs where ``pressed`` and a value of ``fragment`` come as one message."""
    fragments: list[str] = []

    def request_rerun(_session: object, client_state: ClientState) -> None:
        fragments.append(client_state.fragment_id)

    monkeypatch.setattr(AppSession, "request_rerun", request_rerun)
    streamlit_compat.hear_every_change()
    state = SessionState()
    for name, fragment in (("outside", None), ("inside", "a")):
        state.register_widget(widget(name, "trigger_value", fragment), None)
        state.register_widget(widget(f"slider {name}", "int_value", fragment), None)
    session: Any = Session(state)

    def ask(pressed: str, fragment: str, **sliders: int) -> str:
        message = ClientState(fragment_id=fragment)
        for name, value in sliders.items():
            message.widget_states.widgets.add(id=f"slider {name}", int_value=value)
        message.widget_states.widgets.add(id="inside", trigger_value=False)
        if pressed:
            message.widget_states.widgets.add(id=pressed, trigger_value=True)
        AppSession.request_rerun(session, message)
        return fragments[-1]

    return ask


@pytest.mark.parametrize(
    ("pressed", "fragment", "runs"),
    [
        ("outside", "a", ""),
        ("outside", "gone", ""),
        ("inside", "a", "a"),
        ("inside", "b", ""),
        ("unknown", "a", ""),
        ("", "a", "a"),
        ("outside", "", ""),
    ],
)
def test_a_press_outside_the_fragment_that_a_message_names_runs_the_whole_page(
    ask_together: Callable[..., str], pressed: str, fragment: str, runs: str
) -> None:
    assert ask_together(pressed, fragment) == runs


def test_a_change_outside_the_fragment_that_a_message_names_runs_the_whole_page(
    ask_together: Callable[..., str],
) -> None:
    assert ask_together("", "a", inside=1, outside=0) == "a"  # what the server knows, from its start
    assert ask_together("", "a", inside=2, outside=3) == ""
    assert ask_together("", "a", inside=3, outside=3) == "a"  # the message before had it
    assert ask_together("", "b", inside=3, outside=3) == "b"
    assert ask_together("", "b", inside=4, outside=3) == ""
    assert ask_together("", "a", inside=4, outside=0) == "a"  # Python has set it back
    assert ask_together("", "a", inside=4, unknown=1) == ""


@pytest.fixture
def page_of(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Return what tells the page, the query and the fragment that a message of page ``page`` runs."""
    monkeypatch.setattr(AppSession, "request_rerun", lambda _session, _message: None)
    streamlit_compat.hear_every_change()

    def ask(session: Any, page: str, query: str = "", fragment: str = "", back: bool = False) -> str:
        message = ClientState(
            page_script_hash=page, query_string=query, fragment_id=fragment, is_history_navigation=back
        )
        AppSession.request_rerun(session, message)
        return f"{message.page_script_hash}?{message.query_string}#{message.fragment_id}"

    return ask


def test_what_a_page_still_sends_after_a_link_does_not_undo_the_link(page_of: Callable[..., str]) -> None:
    session = Session(page="old")
    assert page_of(session, "old", "x=1", "part") == "old?x=1#part"
    assert page_of(session, "new", "y=1") == "new?y=1#"
    assert page_of(session, "old", "x=2") == "new?y=1#"  # the new page has not begun
    assert page_of(session, "old", "x=2", "part") == "new?y=1#"
    session.page_script_hash = "new"
    assert page_of(session, "old", "x=2", "part") == "new?y=1#"  # the browser has not heard of it
    assert page_of(session, "old", "x=3") == "old?x=3#"  # a link back
    assert page_of(session, "new", "y=2", "part") == "old?x=3#"


def test_a_page_that_is_chosen_after_a_link_is_opened(page_of: Callable[..., str]) -> None:
    session = Session(page="old")
    page_of(session, "new")
    assert page_of(session, "other") == "other?#"
    assert page_of(session, "old", "x=2") == "other?#"
    assert page_of(session, "old", "x=2", back=True) == "old?x=2#"
    assert page_of(session, "old", "x=3", "part") == "old?x=3#part"


def test_what_a_part_of_an_earlier_page_sends_is_no_link(page_of: Callable[..., str]) -> None:
    session = Session(page="new")  # as after st.switch_page
    assert page_of(session, "old", "x=1", "part") == "old?x=1#part"
    assert page_of(session, "new", "y=1", "part") == "new?y=1#part"


def test_a_page_that_has_begun_by_itself_is_not_left(page_of: Callable[..., str]) -> None:
    session = Session(page="old")
    page_of(session, "new")
    session.page_script_hash = "new"
    page_of(session, "new")
    session.page_script_hash = "other"  # as after st.switch_page
    assert page_of(session, "other", "z=1", "part") == "other?z=1#part"


@pytest.mark.parametrize(("waits", "runs"), [("other", "other?y=1"), ("here", "here?x=1"), ("", "here?x=1")])
def test_a_script_that_asks_for_another_run_keeps_a_link_that_waits(
    monkeypatch: pytest.MonkeyPatch, waits: str, runs: str
) -> None:
    locked = "_request_rerun_locked"
    monkeypatch.setattr(ScriptRequests, locked, getattr(ScriptRequests, locked))  # as it was, after this test
    monkeypatch.setattr(streamlit_compat, "get_script_run_ctx", lambda **_words: None)
    streamlit_compat.keep_links()
    requests = ScriptRequests()
    if waits:
        requests.request_rerun(RerunData(query_string="y=1", page_script_hash=waits))
    here = SimpleNamespace(page_script_hash="here")
    monkeypatch.setattr(streamlit_compat, "get_script_run_ctx", lambda **_words: here)
    requests.request_rerun(RerunData(query_string="x=1", page_script_hash="here"))
    request = requests.on_scriptrunner_yield()
    assert request
    assert f"{request.rerun_data.page_script_hash}?{request.rerun_data.query_string}" == runs


async def nodelay_of_a_connection() -> list[int]:
    """Return TCP_NODELAY of the connection that a server accepts whose socket was made as Streamlit's."""
    values: list[int] = []
    is_over = asyncio.Event()

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = writer.get_extra_info("socket")
        values.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()
        is_over.set()

    listener = socket.socket(family=socket.AF_INET)
    listener.bind(("127.0.0.1", 0))
    async with await asyncio.start_server(answer, sock=listener):
        _reader, writer = await asyncio.open_connection(*listener.getsockname())
        await is_over.wait()
        writer.close()
    return values


def test_a_connection_of_streamlits_socket_sends_small_messages_at_once() -> None:
    streamlit_compat.send_without_delay()
    with ThreadPoolExecutor(1) as pool:  # in this thread the browser tests may have left a loop that runs
        assert pool.submit(asyncio.run, nodelay_of_a_connection()).result() == [1]


@pytest.mark.parametrize(("option", "watches"), [("none", False), ("auto", True)])
def test_a_session_that_comes_back_watches_files_only_where_the_server_does(
    monkeypatch: pytest.MonkeyPatch, option: str, watches: bool
) -> None:
    registered: list[object] = []
    monkeypatch.setattr(AppSession, "register_file_watchers", lambda session: registered.append(session))
    monkeypatch.setattr(st, "get_option", lambda _name: option)
    streamlit_compat.watch_no_files_after_reconnecting()
    AppSession.register_file_watchers(session := object())  # type: ignore[arg-type]
    assert registered == [session] * watches


def test_callbacks_run_to_their_end_before_a_newer_message_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = "_maybe_handle_execution_control_request"

    def look(_runner: object) -> None:
        raise NewerMessage

    monkeypatch.setattr(ScriptRunner, looks, look)
    monkeypatch.setattr(SafeSessionState, "on_script_will_rerun", SafeSessionState.on_script_will_rerun)
    streamlit_compat.finish_every_callback()

    class WithCallback(SessionState):
        def on_script_will_rerun(
            self, *_arguments: object, **_named: object
        ) -> None:  # where it calls the callbacks
            assert "heard" not in state
            state["heard"] = True

    state = SafeSessionState(WithCallback(), lambda: getattr(ScriptRunner, looks)(None))
    state.on_script_will_rerun(ClientState().widget_states)
    with pytest.raises(NewerMessage):
        bool("heard" in state)
    assert state.filtered_state["heard"]


class NewerMessage(BaseException):
    """What Streamlit raises where a newer message waits."""
