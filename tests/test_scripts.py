"""Our JavaScript has one address for each content: an upgrade never mixes old modules with new ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from starlette.applications import Starlette

from benchmarks import websocket_user
from pages.shared import scripts


@dataclass(frozen=True)
class Answer:
    """What a server sent."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(app: Starlette, path: str) -> Answer:
    """Ask ``app`` for ``path``, without a network."""
    messages: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        messages.append(dict(message))

    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b"", "root_path": ""}
    websocket_user.run(app(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
    return Answer(messages[0]["status"], headers, b"".join(message.get("body", b"") for message in messages[1:]))


@pytest.fixture(params=["", "lessons/one"])
def get(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Answer]:
    """Ask a server of the scripts alone, at the root or behind a base path."""
    base: str = request.param
    options = {"server.baseUrlPath": base}
    monkeypatch.setattr(st, "get_option", lambda name: options[name])
    app = Starlette(routes=scripts.routes())
    return lambda path: ask(app, f"/{base}/{path}" if base else f"/{path}")


def test_every_module_is_served_as_javascript_that_may_be_kept(get: Callable[[str], Answer]) -> None:
    for name, content in scripts.scripts().files.items():
        answer = get(scripts.path_of(name.removesuffix(".js")))
        assert answer.status == 200
        assert answer.body == content
        assert answer.headers["content-type"].startswith("text/javascript")
        assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["../css/frame.css", "lib/../../css/frame.css", "lib", "", "lib/none.js"])
def test_nothing_else_is_served(get: Callable[[str], Answer], path: str) -> None:
    assert get(f"js-{scripts.scripts().version}/{path}").status == 404


def test_another_version_is_not_there(get: Callable[[str], Answer]) -> None:
    assert get("js-000000000000/lib/dom.js").status == 404


def test_a_change_of_content_or_of_name_changes_every_address(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "a.js").write_text("1")
    before = scripts.read(tmp_path)
    assert before == scripts.read(tmp_path)
    (tmp_path / "lib" / "a.js").write_text("2")
    changed = scripts.read(tmp_path)
    (tmp_path / "lib" / "a.js").rename(tmp_path / "lib" / "b.js")
    renamed = scripts.read(tmp_path)
    assert len({before.version, changed.version, renamed.version}) == 3
