"""What happens once, when the server starts, before the first visitor."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import importlib
import os
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial, wraps
from typing import Any

import streamlit as st
from threadpoolctl import threadpool_limits

from core import garbage, isolation
from core.script import token
from pages.shared import imports, jobs, streamlit_compat

PROGRAMS = "core.script.process.launcher"  # imports torch: it is imported when Your code is opened
FIRST = ("torch",)  # the first page shows a network
# What lessons import, in the order in which it is missed. The first optimizer of a process imports torch._dynamo,
# which takes as long as torch itself.
LATER = (
    "plotly.graph_objects",
    "pandas",
    "core.ops.registry",  # and SciPy
    "torch._dynamo",
    "core.datasets",
    "core.dataloading",
)
# How long one thread may compute before another that waits has its turn. With Python's own 5 ms a script that opens
# a few hundred files waits seconds where another script computes.
TURN_SECONDS = 0.0005
EVERYWHERE = {"": "localhost", "0.0.0.0": "127.0.0.1", "::": "::1"}  # where a server that listens everywhere is met
first_page = threading.Event()  # set when a script has run once


def lifespan(lessons: Callable[[], None]) -> Callable[[object], AbstractAsyncContextManager[None]]:
    """Return what runs beside the server; ``lessons`` prepares theirs once a visitor has the first page."""
    return partial(_lifespan, lessons)


@contextlib.asynccontextmanager
async def _lifespan(lessons: Callable[[], None], _app: object) -> AsyncIterator[None]:
    """Prepare the server; open the reader's browser unless the server is headless; end the helper process."""
    prepare(lessons)
    print(f"\n  Your code: {programs_address()}\n", flush=True)
    if not st.get_option("server.headless"):
        threading.Thread(target=open_browser, daemon=True).start()
    try:
        yield
    finally:
        await asyncio.to_thread(isolation.close)
        programs = sys.modules.get(PROGRAMS)
        if programs is not None:
            await asyncio.to_thread(programs.close)


def prepare(lessons: Callable[[], None]) -> None:
    """Apply this server's settings, and start a thread for slow imports, so that the first page is served first."""
    sys.setswitchinterval(TURN_SECONDS)
    one_thread_a_script()
    one_parse_at_a_time()
    imports.one_at_a_time()
    streamlit_compat.disable_legacy_pages()
    streamlit_compat.hear_every_change()
    streamlit_compat.finish_every_callback()
    streamlit_compat.keep_links()
    streamlit_compat.send_without_delay()
    streamlit_compat.watch_no_files_after_reconnecting()
    threading.Thread(target=warm_up, args=(lessons,), daemon=True).start()


def warm_up(lessons: Callable[[], None]) -> None:
    """Import slow modules and call ``lessons``, while the first visitor reads the first page.

    What that page needs is imported while the browser loads Streamlit's own scripts. The rest comes after the page:
    imports hold Python's lock, and made it a second later on two cores.
    """
    with garbage.uncollected():
        import_all(FIRST)
    first_page.wait(timeout=5)
    time.sleep(0.5)  # the browser draws it
    isolation.prepare()  # beside us, on another core
    jobs.prepare()
    with garbage.uncollected():
        import_all(LATER)
        lessons()
    garbage.collect_once()


def one_thread_a_script() -> None:
    """Let torch and NumPy compute a page with one thread, unless ``OMP_NUM_THREADS`` says otherwise.

    A lesson's tensors are small, and the threads of two users' scripts wait for each other at every operation:
    the four programs, 2 s alone, took 34 s in a classroom on two cores. A run's worker sets its own number.
    """
    if "OMP_NUM_THREADS" not in os.environ:
        os.environ["OMP_NUM_THREADS"] = "1"  # torch reads it when it is imported
        threadpool_limits(1, user_api="blas")  # NumPy is imported already


def one_parse_at_a_time() -> None:
    """Let only one thread at a time turn source code into a tree, as ``inspect.getsource`` of a class does.

    CPython's threads share the counter that watches over the depth of the tree. When a collection inside one parse
    lets another begin, the first ends with "SystemError: AST constructor recursion depth mismatch". In a classroom
    on a fresh server every second lesson saw it (Python 3.11).
    """
    if hasattr(ast.parse, "__wrapped__"):
        return
    parse, alone = ast.parse, threading.RLock()  # a finalizer inside a parse may parse too

    @wraps(parse)
    def parse_alone(*args: Any, **settings: Any) -> Any:
        with alone:
            return parse(*args, **settings)

    ast.parse = parse_alone


def import_all(names: Sequence[str]) -> None:
    """Import the modules ``names``, one after the other."""
    for name in names:
        importlib.import_module(name)


def browser_address() -> str:
    """Return the address at which a browser here finds the app, as Streamlit's own line "URL:" has it."""
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    host, port = st.get_option("browser.serverAddress") or "localhost", st.get_option("server.port")
    if host == "localhost":  # nobody set it: the server's own, unless that is every address of the machine
        host = st.get_option("server.address") or "localhost"
        host = "localhost" if host in EVERYWHERE else host
    else:
        port = st.get_option("browser.serverPort") or port
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"  # IPv6
    path = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{scheme}://{host}:{port}" + (f"/{path}" if path else "")


def programs_address() -> str:
    """Return the address of the page for your own programs, with the secret that lets you run them."""
    return f"{browser_address()}/your_code?{token.KEY}={token.secret()}"


def open_browser() -> None:
    """Open the app's address as soon as the server answers there."""
    host = (st.get_option("server.address") or "").strip("[]")
    if host.startswith("unix:"):  # a socket in the file system is a proxy's door, not a browser's
        return
    host, port = EVERYWHERE.get(host, host), st.get_option("server.port")
    for _attempt in range(600):
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            webbrowser.open(f"{browser_address()}/?{token.KEY}={token.ticket()}")
            return
        time.sleep(0.05)
