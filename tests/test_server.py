"""pages/shared/server.py: what happens when the server starts."""

from __future__ import annotations

import ast
import inspect
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from collections.abc import Sequence
from urllib.parse import urlsplit

import pytest
import streamlit as st

from core.live.instrument import Ask, instrument
from core.live.linear_fit import run
from core.live.settings import read
from core.script import token
from pages.parts import precompute
from pages.shared import server
from tests.conftest import ROOT

ADDRESSES: list[tuple[str, dict[str, str], str]] = [  # where it listens, options, what is opened
    ("127.0.0.1", {"server.address": "127.0.0.1"}, "http://127.0.0.1:PORT"),
    ("127.0.0.1", {}, "http://localhost:PORT"),
    ("0.0.0.0", {"server.address": "0.0.0.0"}, "http://localhost:PORT"),
    ("::1", {"server.address": "::1"}, "http://[::1]:PORT"),
    ("::", {"server.address": "::"}, "http://localhost:PORT"),
    ("127.0.0.1", {"server.address": "127.0.0.1", "server.baseUrlPath": "/foo/"}, "http://127.0.0.1:PORT/foo"),
    (
        "127.0.0.1",
        {"server.address": "127.0.0.1", "server.sslCertFile": "cert.pem", "server.baseUrlPath": "foo"},
        "https://127.0.0.1:PORT/foo",
    ),
    (
        "127.0.0.1",
        {"server.address": "127.0.0.1", "browser.serverAddress": "lab.example.org", "browser.serverPort": "443"},
        "http://lab.example.org:443",
    ),
]


@pytest.mark.parametrize("listens, options, address", ADDRESSES)
def test_the_browser_opens_at_the_address_that_answers(
    listens: str, options: dict[str, str], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls: list[str] = []
    monkeypatch.setattr(webbrowser, "open", urls.append)
    family = socket.AF_INET6 if ":" in listens else socket.AF_INET
    if family == socket.AF_INET6 and not has_ipv6():
        pytest.skip("this machine has no IPv6")
    with socket.create_server((listens, 0), family=family) as listening:
        port = listening.getsockname()[1]
        values = {"browser.serverAddress": "localhost", "server.port": port, **options}
        monkeypatch.setattr(st, "get_option", values.get)
        server.open_browser()
    url, ticket = urls[0].split("?token=")
    assert (len(urls), url) == (1, f"{address.replace('PORT', str(port))}/")
    assert ticket != token.secret(), "all users of the machine see the browser's command line"
    assert token.exchange(ticket) == token.secret() and token.exchange(ticket) == ticket, "it is good once"
    assert urlsplit(urls[0]).port and urlsplit(urls[0]).hostname


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def test_every_option_that_the_address_is_made_of_is_streamlits() -> None:
    for name in ("address", "port", "baseUrlPath", "sslCertFile"):
        st.get_option(f"server.{name}")
    assert st.get_option("browser.serverAddress") == "localhost" and st.get_option("browser.serverPort")


def test_the_first_page_comes_before_what_the_next_ones_need(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    monkeypatch.setattr(server.jobs, "prepare", lambda: order.append("worker"))
    has_begun = threading.Event()

    def import_all(names: Sequence[str]) -> None:
        order.append(names[0])
        has_begun.set()

    monkeypatch.setattr(server, "import_all", import_all)
    monkeypatch.setattr(server, "first_page", threading.Event())
    thread = threading.Thread(target=server.warm_up, args=(lambda: order.append("lessons"),))
    thread.start()
    assert has_begun.wait(10)
    order.append("page")
    server.first_page.set()
    thread.join(10)
    assert order == ["torch", "page", "worker", server.LATER[0], "lessons"]


COUNT = """
import os, threading
os.environ.pop("OMP_NUM_THREADS", None)
from pages.shared import server
server.one_thread_a_script()
import torch
from threadpoolctl import threadpool_info
def count(): print(torch.get_num_threads(), {pool["num_threads"] for pool in threadpool_info()})
thread = threading.Thread(target=count); thread.start(); thread.join()
torch.set_num_threads(2); print(torch.get_num_threads())
"""


def test_a_script_computes_with_one_thread_and_a_run_with_as_many_as_it_wants() -> None:
    result = subprocess.run([sys.executable, "-c", COUNT], capture_output=True, text=True, cwd=ROOT, check=True)
    assert result.stdout.split("\n")[:2] == ["1 {1}", "2"]


def test_threads_take_short_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "warm_up", lambda _lessons: None)
    monkeypatch.setattr(server, "one_thread_a_script", lambda: None)
    before = sys.getswitchinterval()
    try:
        server.prepare(lambda: None)
        assert sys.getswitchinterval() < before
    finally:
        sys.setswitchinterval(before)


@pytest.mark.long
def test_what_lessons_show_first_is_computed_before_a_user_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    precompute.prepare()
    monkeypatch.setattr(run, "stretches", None)  # may not be needed any more
    fit = instrument("linear_fit")
    *_others, last = fit.answer(Ask(read(fit.settings, {})))  # type: ignore[misc]
    assert "5000" in last.header["end"]


def test_one_thread_at_a_time_parses(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most, parse = [0], [0], ast.parse

    def slow(*args: object, **settings: object) -> ast.AST:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        time.sleep(0.02)
        inside[0] -= 1
        return parse(*args, **settings)

    monkeypatch.setattr(ast, "parse", slow)
    server.one_parse_at_a_time()
    server.one_parse_at_a_time()  # as often as a server is prepared
    calls = (lambda: inspect.getsource(threading.Thread), lambda: ast.literal_eval("[1]"), lambda: ast.parse("1"))
    threads = [threading.Thread(target=ask) for ask in calls * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
