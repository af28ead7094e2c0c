"""A page of another origin in a real browser: it opens no socket, frames nothing, and learns no address."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium as harness

pytestmark = pytest.mark.browser
SECRET = "open-sesame-0123456789"
REFERERS: list[str] = []
# Opens what the address names, and tells how each of them ended.
OPEN = """async ([address, protocols]) => new Promise((tell) => {
  const socket = new WebSocket(address, protocols);
  socket.onopen = () => tell('open');
  socket.onerror = () => tell('refused');
})"""
FRAME = """async (address) => new Promise((tell) => {
  const frame = document.createElement('iframe');
  frame.onload = () => tell(frame.contentDocument === null ? 'closed to us' : 'readable');
  frame.src = address;
  document.body.append(frame);
})"""


class Elsewhere(BaseHTTPRequestHandler):
    """A page of another origin, which notes from where it is visited."""

    def do_GET(self) -> None:
        REFERERS.append(self.headers.get("Referer", ""))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>elsewhere</title><p>elsewhere</p>")

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    runs = str(tmp_path_factory.mktemp("runs"))
    with harness.server({"STEPWISE_RUNS": runs, "STEPWISE_TOKEN": SECRET}) as address:
        yield address


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    site = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=site.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{site.server_port}/"
    site.shutdown()
    thread.join()
    site.server_close()


def test_a_page_of_another_origin_opens_no_socket_and_no_frame(browser: Browser, own: str, elsewhere: str) -> None:
    page = browser.new_page()
    page.goto(elsewhere)
    socket = own.replace("http:", "ws:")
    assert page.evaluate(OPEN, [f"{socket}/_stcore/stream", ["streamlit"]]) == "refused"
    assert page.evaluate(OPEN, [f"{socket}/live", ["stepwise"]]) == "refused"
    page.evaluate(FRAME, f"{own}/your_code")
    framed = page.frames[-1]
    assert framed.url.startswith("chrome-error:") or "Stepwise" not in framed.content()
    page.close()


def test_the_pages_own_socket_opens_and_a_link_away_tells_no_secret(
    browser: Browser, own: str, elsewhere: str
) -> None:
    page = browser.new_page()
    page.goto(f"{own}/your_code?token={SECRET}")
    page.wait_for_selector(".code-page[data-state]")
    assert page.evaluate(OPEN, [f"{own.replace('http:', 'ws:')}/_stcore/stream", ["streamlit"]]) == "open"
    assert SECRET not in page.url
    REFERERS.clear()
    page.evaluate("(address) => { location.href = address; }", elsewhere)
    page.wait_for_url(elsewhere)
    assert REFERERS and not any(SECRET in one for one in REFERERS)
    page.go_back()
    page.wait_for_selector(".code-page[data-state]")
    assert SECRET not in page.url
    page.close()
