"""core.classroom.gateway: every browser gets a cookie that scripts cannot read, and nobody gets all connections."""

from __future__ import annotations

import asyncio
from http.cookies import SimpleCookie
from typing import Any

import pytest

from core.classroom import identity
from core.classroom.gateway import ALLOWANCE, Budget, Gateway
from core.classroom.settings import Settings
from tests import own_loop

SECRET = b"s" * 32


class Inner:
    """Stands for Streamlit: remembers what reached it, answers 200, and holds a websocket until told."""

    def __init__(self) -> None:
        self.reached: list[str] = []
        self.scopes: list[Any] = []
        self.end: asyncio.Event | None = None

    async def __call__(self, scope, _receive, send) -> None:
        self.reached.append(scope["path"])
        self.scopes.append(scope)
        if scope["type"] == "websocket":
            assert self.end
            await self.end.wait()
            return
        await send({"type": "http.response.start", "status": 200, "headers": [(b"cache-control", b"max-age=9")]})
        await send({"type": "http.response.body", "body": b"ok"})


def request(gateway: Gateway, path: str = "/", method: str = "GET", **headers: str) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []

    async def send(message) -> None:
        messages.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    own_loop.run(gateway(scope(path, method, **headers), receive, send))
    return messages


def scope(path: str, method: str = "GET", kind: str = "http", **headers: str) -> dict[str, Any]:
    pairs = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": kind, "path": path, "method": method, "headers": pairs, "scheme": "http"}


def cookie_set(messages: list[dict[str, Any]]) -> SimpleCookie:
    jar: SimpleCookie = SimpleCookie()
    for name, value in messages[0]["headers"]:
        if name == b"set-cookie":
            jar.load(value.decode())
    return jar


@pytest.fixture
def gateway() -> Gateway:
    return Gateway(Inner(), SECRET, Settings(tabs=2, all_tabs=3, uploads_per_hour_mb=1), lambda: {"status": "ok"})


def test_a_browser_that_asks_for_a_page_gets_a_cookie_that_scripts_and_other_sites_cannot_use(gateway) -> None:
    morsel = cookie_set(request(gateway, accept="text/html,*/*"))[identity.COOKIE]
    assert identity.token_of(SECRET, morsel.value)
    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"
    assert morsel["path"] == "/"
    assert not morsel["secure"]


def test_over_https_the_cookie_is_for_https_only(gateway) -> None:
    assert cookie_set(request(gateway, accept="text/html", x_forwarded_proto="https"))[identity.COOKIE]["secure"]


def test_a_page_with_a_cookie_in_it_is_never_kept_by_a_cache(gateway) -> None:
    headers = request(gateway, accept="text/html")[0]["headers"]
    assert [value for name, value in headers if name == b"cache-control"] == [b"no-store"]


def test_a_browser_that_has_a_cookie_keeps_it(gateway) -> None:
    cookie = identity.new_cookie(SECRET)
    answer = request(gateway, accept="text/html", cookie=f"other=1; {identity.COOKIE}={cookie}")
    assert cookie_set(answer)[identity.COOKIE].value == cookie


@pytest.mark.parametrize("value", ["", "x" * 5000, "../../etc/passwd", "a" * 32 + "." + "0" * 64, '"\x01'])
def test_a_cookie_made_by_hand_is_replaced(gateway, value: str) -> None:
    new = cookie_set(request(gateway, accept="text/html", cookie=f"{identity.COOKIE}={value}"))[identity.COOKIE]
    assert new.value != value
    assert identity.token_of(SECRET, new.value)


def test_what_is_no_page_sets_no_cookie(gateway) -> None:
    assert not cookie_set(request(gateway, "/static/app.js", accept="*/*"))


def test_one_person_cannot_take_all_connections(gateway) -> None:
    assert connect(gateway, [identity.new_cookie(SECRET)] * 4) == 2


def test_all_people_together_have_a_limit_and_a_closed_tab_makes_room(gateway) -> None:
    assert connect(gateway, [identity.new_cookie(SECRET) for _ in range(5)]) == 3
    assert not gateway.tabs
    assert connect(gateway, [identity.new_cookie(SECRET)]) == 1


def test_drawings_may_ask_where_a_cookie_is_and_all_tabs_of_a_user_share_one_allowance(gateway) -> None:
    mine, other = identity.new_cookie(SECRET), identity.new_cookie(SECRET)
    for path in ("/live", "/base/live"):
        assert connect(gateway, [mine, other, mine], path) == 3
    assert connect(gateway, ["made up"], "/live") == 0
    first, second, third = gateway.app.scopes[:3]
    assert first[ALLOWANCE] is third[ALLOWANCE]
    assert first[ALLOWANCE] is not second[ALLOWANCE]


def test_what_was_overdrawn_stays_so_in_the_next_connection_and_who_is_gone_is_forgotten(gateway) -> None:
    mine = identity.new_cookie(SECRET)
    connect(gateway, [mine], "/live")
    gateway.app.scopes[-1][ALLOWANCE].take(seconds=1000)
    connect(gateway, [identity.new_cookie(SECRET)], "/live")
    connect(gateway, [mine], "/live")
    assert gateway.app.scopes[-1][ALLOWANCE].take(seconds=1) > 100
    assert len(gateway.allowances) == 1


def test_drawings_have_limits_of_their_own_beside_those_of_pages(gateway) -> None:
    assert connect(gateway, [identity.new_cookie(SECRET)] * 4, "/live") == 2
    assert connect(gateway, [identity.new_cookie(SECRET) for _ in range(5)], "/live") == 3
    assert not gateway.live


def connect(gateway: Gateway, cookies: list[str], path: str = "/_stcore/stream") -> int:
    """Open a connection with each cookie at the same time and return how many got through to the server."""

    async def all_at_once() -> int:
        before = len(gateway.app.reached)
        gateway.app.end = asyncio.Event()

        async def receive() -> dict[str, Any]:
            return {"type": "websocket.connect"}

        async def send(message) -> None:
            assert message["type"] == "websocket.close"

        tabs = [
            asyncio.create_task(
                gateway(scope(path, kind="websocket", cookie=f"{identity.COOKIE}={cookie}"), receive, send)
            )
            for cookie in cookies
        ]
        await asyncio.sleep(0)
        through = len(gateway.app.reached) - before
        gateway.app.end.set()
        await asyncio.gather(*tabs)
        return through

    return own_loop.run(all_at_once())


def test_uploads_need_a_length_and_end_at_the_hours_budget(gateway) -> None:
    cookie = f"{identity.COOKIE}={identity.new_cookie(SECRET)}"
    path = "/_stcore/upload_file/session/file"
    assert request(gateway, path, "PUT", cookie=cookie)[0]["status"] == 411
    assert request(gateway, path, "PUT", cookie=cookie, content_length="-1")[0]["status"] == 411
    assert request(gateway, path, "PUT", cookie=cookie, content_length="600000")[0]["status"] == 200
    assert request(gateway, path, "PUT", cookie=cookie, content_length="600000")[0]["status"] == 429
    other = f"{identity.COOKIE}={identity.new_cookie(SECRET)}"
    assert request(gateway, path, "PUT", cookie=other, content_length="600000")[0]["status"] == 200
    assert gateway.app.reached == [path, path]


@pytest.mark.parametrize(
    "path, method",
    [
        ("/_stcore/metrics", "GET"),
        ("/_stcore/script-health-check", "GET"),
        ("/_stcore/agent/interact", "POST"),
        ("/_stcore/agent/mcp", "GET"),
        ("/_stcore/upload_file/session/file", "POST"),
        ("/_stcore/upload/session/file", "PUT"),
        ("/upload_file/session/file", "PUT"),
        ("//_stcore//metrics", "GET"),
        ("/base/_stcore/metrics", "GET"),
        ("/page/_stcore/agent/interact", "POST"),
        ("/_stcore/health/_stcore/upload_file/session/file", "PUT"),
        ("/_stcore", "GET"),
        ("/_stcore/stream", "GET"),
        ("/", "POST"),
    ],
)
def test_what_is_not_known_does_not_reach_streamlit(gateway, path: str, method: str) -> None:
    assert request(gateway, path, method, content_length="1", accept="text/html")[0]["status"] == 404
    assert not gateway.app.reached


def test_a_connection_elsewhere_is_refused(gateway) -> None:
    for path in ("/", "/_stcore/health", "/_stcore/stream2", "/_stcore", "/_stcore/live", "/live/x", "/alive"):
        messages: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "websocket.connect"}

        async def send(message, messages=messages) -> None:
            messages.append(message)

        own_loop.run(gateway(scope(path, kind="websocket"), receive, send))
        assert messages[0]["type"] == "websocket.close" and not gateway.app.reached


@pytest.mark.parametrize(
    "path", ["/_stcore/health", "/_stcore/host-config", "/base/_stcore/health", "/static/a.js"]
)
def test_what_pages_ask_for_passes(gateway, path: str) -> None:
    assert request(gateway, path)[0]["status"] == 200


def test_limits_hold_behind_a_base_path_too(gateway) -> None:
    path = "/base/_stcore/upload_file/session/file"
    assert request(gateway, path, "PUT")[0]["status"] == 411
    assert request(gateway, path, "PUT", content_length="2000000")[0]["status"] == 429
    assert not gateway.app.reached


def test_a_budget_comes_back_after_an_hour_and_keeps_nothing_of_users_who_left() -> None:
    now = [0.0]
    budget = Budget(10, clock=lambda: now[0])
    assert budget.take("a", 10)
    assert not budget.take("a", 1)
    now[0] = 3600.0
    assert budget.take("b", 1)
    assert "b" in budget and "a" not in budget
    assert budget.take("a", 10)


def test_health_is_json_and_its_status_is_the_answers(gateway) -> None:
    assert request(gateway, "/health")[0]["status"] == 200
    gateway.health = lambda: {"status": "full"}
    assert request(gateway, "/health")[0]["status"] == 503
