"""pages/shared/server.py: what happens when the server starts."""

from __future__ import annotations

import socket
import webbrowser

import pytest
import streamlit as st

from pages.shared import server


def test_the_browser_opens_at_the_address_that_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        values = {"server.address": "127.0.0.1", "server.port": port}
        monkeypatch.setattr(st, "get_option", values.get)
        server.open_browser()
    assert opened == [f"http://127.0.0.1:{port}"]
