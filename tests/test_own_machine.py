"""pages/shared/own_machine.py with raw sockets: whom the server answers, and what another site gets of it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pages.shared import own_machine
from tests.browser import chromium as harness

SECRET = "open-sesame-0123456789"
SOCKETS = ("/_stcore/stream", "/live")
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "server.log"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, log: Path) -> Iterator[str]:
    runs = str(tmp_path_factory.mktemp("runs"))
    with harness.server({"STEPWISE_RUNS": runs, "STEPWISE_TOKEN": SECRET, "PYTHONUNBUFFERED": "1"}, log=log) as at:
        yield at


def ask(address: str, path: str, method: str = "GET", body: str = "", **headers: str) -> tuple[int, str]:
    """Send one request as it is written and return the status and all else that came back within the time."""
    port = urlsplit(address).port
    lines = {"Host": f"127.0.0.1:{port}", "Content-Length": str(len(body)), **headers}
    text = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(f"{text}\r\n{body}".encode())
        answer = b""
        while b"\r\n\r\n" not in answer and (part := connection.recv(1 << 16)):
            answer += part
    head = answer.decode(errors="replace")
    return int(head.split()[1]), head.lower()


def test_a_name_that_leads_here_and_is_not_this_machines_is_refused(address: str) -> None:
    port = urlsplit(address).port
    for name in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example", "localhost.evil.example", "["):
        for path in ("/", "/your_code", "/_stcore/health"):
            assert ask(address, path, Host=name)[0] == 403, (name, path)
    for name in ("localhost", f"localhost:{port}", f"127.0.0.1:{port}", "[::1]", "stepwise.localhost", "LOCALHOST"):
        assert ask(address, "/_stcore/health", Host=name)[0] == 200, name


@pytest.mark.parametrize("path", SOCKETS)
def test_a_page_of_another_origin_opens_no_socket(address: str, path: str) -> None:
    port = urlsplit(address).port
    for origin, host in [
        ("http://evil.example", f"127.0.0.1:{port}"),
        (f"http://evil.example:{port}", f"evil.example:{port}"),  # its name leads here: one origin for the browser
        ("null", f"127.0.0.1:{port}"),  # of a frame without an origin, or of a file
        ("http://127.0.0.1:9", f"127.0.0.1:{port}"),  # of another user of this machine
    ]:
        status, _head = ask(address, path, Origin=origin, Host=host, **UPGRADE)
        assert status == 403, (origin, host, status)
    own = {"Origin": address, "Sec-WebSocket-Protocol": "streamlit" if "stcore" in path else "stepwise"}
    assert ask(address, path, **own, **UPGRADE)[0] == 101


def test_a_form_of_another_site_changes_nothing(address: str) -> None:
    form = {"Origin": "http://evil.example", "Content-Type": "application/x-www-form-urlencoded"}
    for path in ("/", "/your_code", f"/your_code?token={SECRET}", "/_stcore/stream", "/live"):
        assert ask(address, path, "POST", "text=print(1)", **form)[0] in (403, 404, 405), path


def test_no_other_page_frames_this_one_and_no_other_site_learns_its_address(address: str) -> None:
    head = ask(address, "/your_code?token=wrong")[1]
    assert "frame-ancestors 'self'" in head
    assert "referrer-policy: same-origin" in head


def test_the_log_has_the_secret_where_it_is_printed_for_the_reader_and_nowhere_else(
    address: str, log: Path
) -> None:
    ask(address, f"/your_code?token={SECRET}")
    ask(address, f"/?token={SECRET}", Host="evil.example")
    lines = [line for line in log.read_text(encoding="utf-8").splitlines() if SECRET in line]
    assert len(lines) == 1 and f"/your_code?token={SECRET}" in lines[0]


def test_who_opens_the_server_to_others_opens_it_to_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"server.address": "127.0.0.1", "server.enableCORS": True, "browser.serverAddress": "lab.example"}
    monkeypatch.setattr(own_machine.st, "get_option", options.get)
    assert own_machine.is_own_name("lab.example:80")
    assert not own_machine.is_own_name("evil.example")
    assert own_machine.is_own_page("https://lab.example", "lab.example")
    assert not own_machine.is_own_page("http://localhost:9", "localhost:80")
    options["server.enableCORS"] = False
    assert own_machine.is_own_name("evil.example")
    assert own_machine.is_own_page("http://localhost:9", "localhost:80")
    options |= {"server.enableCORS": True, "server.address": "0.0.0.0"}
    assert own_machine.is_own_name("evil.example")
