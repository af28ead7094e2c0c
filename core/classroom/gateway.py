"""The door of a classroom's server: gives every browser its cookie, and counts connections, uploads and questions.

Plain ASGI (asgi.readthedocs.io), in front of Streamlit. A page's script cannot set a cookie that JavaScript cannot
read; the answer to the request for the page can.
"""

from __future__ import annotations

import json
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from core.classroom import identity
from core.classroom.health import Health
from core.classroom.settings import MB, Settings
from core.live.allowance import Allowance

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HOUR = 3600.0
HEALTH = "/health"
LIVE = "live"  # where drawings ask (``core.live``), behind the base path where there is one
ALLOWANCE = "stepwise.allowance"  # in the scope of such a connection: what its user may ask,
USER = "stepwise.user"  # and the token of the browser's cookie, which identifies the user
CORE = "_stcore"  # the folder of Streamlit's own routes, behind the base path where there is one
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
WEBSOCKET, UPLOAD = "websocket", "upload_file"
KNOWN = {  # what Streamlit's pages ask for below CORE, and how; what is not here is refused
    "stream": frozenset({WEBSOCKET}),
    UPLOAD: frozenset({"PUT", "DELETE", "OPTIONS"}),
    "health": SAFE,
    "host-config": SAFE,
    "bidi-components": SAFE,
}
UNKNOWN = "not known here"
NO_COOKIE = ""  # in place of a token; the page asks such a browser to load again


class Gateway:
    """Wraps ``app``. ``health`` returns what ``/health`` tells; it must be quick."""

    def __init__(self, app: App, secret: bytes, settings: Settings, health: Callable[[], Health]) -> None:
        self.app, self.secret, self.settings, self.health = app, secret, settings, health
        self.tabs: Counter[str] = Counter()
        self.live: Counter[str] = Counter()
        self.allowances: dict[str, Allowance] = {}
        self.uploads = Budget(settings.uploads_per_hour_mb * MB)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif not is_known(scope):
            await _refuse(scope, receive, send)
        elif is_live(scope):
            await self._connect_live(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._connect(scope, receive, send, self.tabs)
        elif scope["path"] == HEALTH:
            await _answer(send, *self._health())
        elif scope["method"] == "PUT":
            await self._upload(scope, receive, send)
        elif scope["method"] == "GET" and "text/html" in _header(scope, b"accept"):
            await self.app(scope, receive, self._with_cookie(scope, send))
        else:
            await self.app(scope, receive, send)

    def _user(self, scope: Scope) -> str:
        return identity.token_of(self.secret, cookie_in(scope)) or NO_COOKIE

    def _health(self) -> tuple[int, Mapping[str, object]]:
        health = self.health()
        return (200 if health["status"] == "ok" else 503), {**health, "connections": self.tabs.total()}

    async def _connect(self, scope: Scope, receive: Receive, send: Send, tabs: Counter[str]) -> None:
        """Let a tab in unless its user, or all together, have too many."""
        user = self._user(scope)
        if tabs[user] >= self.settings.tabs or tabs.total() >= self.settings.all_tabs:
            await _close(receive, send, 1013, "too many open pages")
            return
        tabs[user] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            tabs[user] -= 1
            if not tabs[user]:
                del tabs[user]

    async def _connect_live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the drawings of a tab ask; all tabs of one user share one allowance."""
        user = self._user(scope)
        if user == NO_COOKIE:
            await _close(receive, send, 1008, UNKNOWN)
            return
        allowances = {name: each for name, each in self.allowances.items() if self.live[name] or not each.is_full()}
        self.allowances = allowances
        allowance = allowances.setdefault(user, Allowance(self.settings.live_rates()))
        await self._connect({**scope, ALLOWANCE: allowance, USER: user}, receive, send, self.live)

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a file in unless its user has sent too much in the last hour; the request has to state its size."""
        length = _header(scope, b"content-length")
        if not length.isdecimal():
            await _answer(send, 411, {"error": "say the length of the file"})
        elif not self.uploads.take(self._user(scope), int(length)):
            await _answer(send, 429, {"error": "too many uploads in one hour"})
        else:
            await self.app(scope, receive, send)

    def _with_cookie(self, scope: Scope, send: Send) -> Send:
        """Return a ``send`` that adds the cookie to the answer: a new one, or the same with a new date."""
        cookie = cookie_in(scope)
        if identity.token_of(self.secret, cookie) is None:
            cookie = identity.new_cookie(self.secret)
        parts = [f"{identity.COOKIE}={cookie}", "Path=/", f"Max-Age={identity.COOKIE_DAYS * 86_400}"]
        parts += ["HttpOnly", "SameSite=Lax"]
        if "https" in (scope.get("scheme"), _header(scope, b"x-forwarded-proto")):
            parts.append("Secure")
        header = (b"set-cookie", "; ".join(parts).encode("ascii"))

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [pair for pair in message.get("headers", []) if pair[0].lower() != b"cache-control"]
                message = {**message, "headers": [*headers, (b"cache-control", b"no-store"), header]}
            await send(message)

        return send_with_cookie


def is_known(scope: Scope) -> bool:
    """Return whether a request is one that the app's own pages make.

    A route of Streamlit that is new or renamed would pass by the limits on connections and uploads, so only what is
    known comes through: its routes in ``KNOWN``, and elsewhere only reading.
    """
    how = WEBSOCKET if scope["type"] == WEBSOCKET else scope["method"] if scope["type"] == "http" else ""
    parts = [part for part in scope["path"].split("/") if part]
    if CORE not in parts:
        return how in SAFE or is_live(scope)
    behind = parts[parts.index(CORE) + 1 :]
    return bool(behind) and CORE not in behind and how in KNOWN.get(behind[0], ())


def is_live(scope: Scope) -> bool:
    """Return whether a drawing of a page opens its socket; ``Gateway`` counts what it asks."""
    path: str = scope.get("path", "")
    return scope["type"] == WEBSOCKET and CORE not in path.split("/") and path.rsplit("/", 1)[-1] == LIVE


async def _close(receive: Receive, send: Send, code: int, reason: str) -> None:
    """Refuse a websocket."""
    await receive()  # the request to connect has to be read before it is refused
    await send({"type": "websocket.close", "code": code, "reason": reason})


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse what is not known."""
    if scope["type"] == "websocket":
        await _close(receive, send, 1008, UNKNOWN)
    elif scope["type"] == "http":
        await _answer(send, 404, {"error": UNKNOWN})


class Budget:
    """At most ``most`` bytes a user within the last hour."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self.clock = most, clock
        self._entries: dict[str, deque[tuple[float, int]]] = {}

    def take(self, user: str, size: int) -> bool:
        """Count ``size`` bytes for ``user``; False, and nothing counted, when that would be too many."""
        now = self.clock()
        self._forget(now)
        entries = self._entries.setdefault(user, deque())
        if sum(old for _, old in entries) + size > self.most:
            return False
        entries.append((now, size))
        return True

    def __contains__(self, user: object) -> bool:
        """Return whether anything is counted for ``user``."""
        return user in self._entries

    def _forget(self, now: float) -> None:
        for user in list(self._entries):
            entries = self._entries[user]
            while entries and entries[0][0] <= now - HOUR:
                entries.popleft()
            if not entries:
                del self._entries[user]


def cookie_in(scope: Scope) -> str | None:
    """Return our cookie among the request's cookies, None when there is none that can be read."""
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(_header(scope, b"cookie"))
    except CookieError:
        return None
    return jar[identity.COOKIE].value if identity.COOKIE in jar else None


def _header(scope: Scope, name: bytes) -> str:
    values = [value for key, value in scope["headers"] if key == name]
    return str(b"; ".join(values).decode("latin-1")) if values else ""


async def _answer(send: Send, status: int, content: Mapping[str, object]) -> None:
    body = json.dumps(content).encode()
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
