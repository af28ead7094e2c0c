"""pages/shared/old_addresses.py: what people have kept of older addresses leads to today's pages and settings."""

from __future__ import annotations

import pytest
import streamlit as st
from starlette.types import Message, Receive, Scope, Send

from benchmarks.websocket_user import run
from pages.shared.old_addresses import OldAddresses

OLD: list[tuple[str, str]] = [  # as they stand in bookmarks; with each path, and each prefix of its settings
    ("/fit?fit_lr=0.05&fit_across=W%5B1%2C0%5D", "./linear_fit?linear_fit_lr=0.05&linear_fit_across=W%5B1%2C0%5D"),
    ("/four-ways?ways_N=8&ways_exp=ways_bias", "./two_layers?two_layers_N=8&two_layers_exp=ways_bias"),
    ("/ops?op_name=bmm&op_cell=output.3", "./operators?operators_name=bmm&operators_cell=output.3"),
    ("/ops?op_Linear_shape=2,3", "./operators?operators_Linear_shape=2,3"),
    ("/conv?conv_size=9&conv_kind=max", "./convolution?convolution_size=9&convolution_kind=max"),
    ("/conv?conv_stack=1x28x28~conv-o6-k5", "./convolution?convolution_stack=1x28x28~conv-o6-k5"),
    ("/steps?steps_network=mnist&steps_at=4", "./lenet?lenet_network=mnist&lenet_at=4"),
    ("/digits?data_digit=3&lang=zh", "./digits?digits_digit=3&lang=zh"),
    ("/training?run=new&train_epochs=3", "./train?run=new&train_epochs=3"),
    ("/compare?runs_words=fit_", "./runs?runs_words=fit_"),
    ("/recognise?draw_way=file", "./draw?draw_way=file"),
    ("/home?lang=zh", "./?lang=zh"),
    ("/conv", "./convolution"),
    ("/conv/?conv_size=9", "../convolution?convolution_size=9"),
    ("/convolution?conv_size=9", "./convolution?convolution_size=9"),
    ("/fit?%66it_lr=1&fit_noise=&x", "./linear_fit?linear_fit_lr=1&linear_fit_noise=&x"),
]
TODAYS = [
    "/",
    "/?lang=zh",
    "/convolution?convolution_size=9",
    "/digits",
    "/js-1/lenet/walk.js",
    "/a/conv",
    "/nothing",
]


async def passed(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def get(address: str, method: str = "GET") -> tuple[int, str]:
    """Status and Location of the answer."""
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        messages.append(message)

    path, _, query = address.partition("?")
    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": []}
    run(OldAddresses(passed)(scope, receive, send))
    return messages[0]["status"], dict(messages[0]["headers"]).get(b"location", b"").decode()


@pytest.mark.parametrize(("old", "new"), OLD)
def test_an_old_address_leads_to_todays_with_its_settings(old: str, new: str) -> None:
    assert get(old) == (307, new)
    assert get(new.removeprefix(".").removeprefix(".")) == (200, ""), "today's address leads nowhere else"


@pytest.mark.parametrize("address", TODAYS)
def test_any_other_address_is_passed_on(address: str) -> None:
    assert get(address) == (200, "")


def test_only_what_a_browser_opens_is_redirected() -> None:
    assert get("/conv", "HEAD")[0] == 307
    assert get("/conv", "POST") == (200, "")


def test_the_base_path_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": "/lab/"}.get)
    assert get("/lab/conv?conv_size=9") == (307, "./convolution?convolution_size=9")
    assert get("/lab/convolution") == (200, "")
