"""pages/shared/server.py: what happens when the server starts."""

from __future__ import annotations

import socket
import sys
import threading
import webbrowser

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.parts import first_views
from pages.parts.linear_fit import controls as linear_fit_controls
from pages.shared import server
from tests.conftest import ROOT


def test_the_browser_opens_at_the_address_that_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        values = {"server.address": "127.0.0.1", "server.port": port}
        monkeypatch.setattr(st, "get_option", values.get)
        server.open_browser()
    assert opened == [f"http://127.0.0.1:{port}"]


def test_the_first_page_comes_before_what_the_next_ones_need(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    monkeypatch.setattr(server.jobs, "prepare", lambda: order.append("worker"))
    monkeypatch.setattr(server, "import_all", lambda _names: order.append("imports"))
    monkeypatch.setattr(server, "first_page", threading.Event())
    thread = threading.Thread(target=server.warm_up, args=(lambda: order.append("lessons"),))
    thread.start()
    order.append("page")
    server.first_page.set()
    thread.join(10)
    assert order == ["page", "worker", "imports", "lessons"]


def test_threads_take_short_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "warm_up", lambda _lessons: None)
    before = sys.getswitchinterval()
    try:
        server.prepare(lambda: None)
        assert sys.getswitchinterval() < before
    finally:
        sys.setswitchinterval(before)


def test_what_lessons_show_first_is_done_before_somebody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    first_views.prepare()
    monkeypatch.setattr(linear_fit_controls, "fit", None)  # may not be needed any more
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    page.switch_page("pages/linear_fit.py").run()
    assert not page.exception
