"""pages.shared.live: the socket opens for our own pages, answers, and ends what is no message."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
import streamlit as st
from starlette.routing import Router

from core.live import instrument
from core.message import pack, unpack
from pages.shared import live
from pages.shared.streamlit_compat import XSRF_COOKIE_NAME
from tests import own_loop
from tests.live.tabs import question

OURS = {"host": "testserver", "origin": "http://testserver"}
TOKEN = "2|00000000|30313233343536373839616263646566|1700000000"
SAME = "2|00000001|30313232343536363839616363646567|1700000000"  # masked otherwise, as each page is
OTHER = "2|00000000|ff313233343536373839616263646566|1700000000"
DOUBLE = question(1, ask="double", k=21, twice=True)


@pytest.fixture(autouse=True)
def instruments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(instrument.MODULES, "double", "tests.live.double")


def replies(
    headers: dict[str, str], protocols: list[str], *contents: bytes | str, leaves: bool = False
) -> list[dict[str, Any]]:
    """Open a socket, send ``contents``, and return what the server sends until it closes or has answered once.

    ``leaves``: the tab is gone by the time at which the answer is sent.
    """
    messages: list[dict[str, Any]] = []

    async def scene() -> None:
        live.work.cache_clear()
        incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        over = asyncio.Event()
        incoming.put_nowait({"type": "websocket.connect"})
        for content in contents:
            key = "text" if isinstance(content, str) else "bytes"
            incoming.put_nowait({"type": "websocket.receive", key: content})

        async def send(message: dict[str, Any]) -> None:
            messages.append(message)
            if message["type"] != "websocket.accept":
                over.set()
                if leaves:
                    raise OSError

        pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "websocket", "path": "/live", "root_path": "", "query_string": b"", "headers": pairs}
        talking = asyncio.create_task(
            Router(live.routes())({**scope, "subprotocols": protocols}, incoming.get, send)
        )
        await asyncio.wait_for(over.wait(), 60)
        incoming.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await talking
        live.work().close()
        live.work.cache_clear()

    own_loop.run(scene())
    return messages


def answer(headers: dict[str, str], protocols: list[str], content: bytes = DOUBLE) -> dict[str, Any]:
    """Return the header of the answer."""
    return unpack(replies(headers, protocols, content)[-1]["bytes"], 10**6)[0]


def code(messages: list[dict[str, Any]]) -> int:
    """Return the code with which the server closed the socket."""
    assert messages[-1]["type"] == "websocket.close", messages
    return int(messages[-1]["code"])


def test_a_page_of_ours_is_answered_and_so_is_a_program_without_an_origin() -> None:
    assert answer(OURS, ["stepwise"])["k"] == 42
    assert answer({"host": "testserver"}, [])["k"] == 42  # as Streamlit has it


@pytest.mark.parametrize("origin", ["http://evil.example", "http://testserver.evil.example", "null", "file://"])
def test_a_page_of_another_site_is_refused(origin: str) -> None:
    messages = replies(OURS | {"origin": origin}, ["stepwise"], DOUBLE)
    assert code(messages) == 1008 and len(messages) == 1


@pytest.mark.parametrize("protocols", [[], ["stepwise"], ["stepwise", OTHER], ["stepwise", "x"]])
def test_where_the_cookie_is_its_token_has_to_be_repeated(protocols: list[str]) -> None:
    assert st.get_option("server.enableXsrfProtection")
    ours = OURS | {"cookie": f"{XSRF_COOKIE_NAME}={TOKEN}"}
    assert code(replies(ours, protocols, DOUBLE)) == 1008
    for token in (TOKEN, SAME):
        assert answer(ours, ["stepwise", token])["k"] == 42


def test_the_route_stands_behind_the_base_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "get_option", lambda name: {"server.baseUrlPath": "/a/b/"}[name])
    assert [route.path for route in live.routes()] == ["/a/b/live"]


@pytest.mark.parametrize("content, ends", [(b"x", 1007), (b"x" * 300_000, 1009), ("text", 1007)])
def test_what_is_no_message_ends_the_socket(content: bytes | str, ends: int) -> None:
    assert code(replies(OURS, ["stepwise"], content)) == ends


def test_a_tab_that_leaves_while_it_is_answered_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    records: list[logging.LogRecord] = []
    monkeypatch.setattr(logging.Logger, "handle", lambda _logger, record: records.append(record))
    replies(OURS, ["stepwise"], DOUBLE, leaves=True)
    assert not records


def test_an_instrument_that_is_not_there_is_refused_with_a_sentence() -> None:
    content = pack({"line": 0, "ask": "os", "number": 1, "settings": {}}, ())
    assert "reload" in answer(OURS, ["stepwise"], content)["refusal"]
