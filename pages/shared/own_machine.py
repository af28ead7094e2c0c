"""Guards a server on your own machine against pages of other sites: the name it is asked by, and frames.

A site can let its own name lead to 127.0.0.1 and is then of one origin with this server (DNS rebinding). A server
that listens on this machine alone therefore answers only to this machine's names. Streamlit's settings open it:
``server.enableCORS=false`` for every name, ``browser.serverAddress`` for one.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "::1")
REFUSED = "This server answers to the names of its own machine only: open http://localhost and its port.\n"
HEADERS = {
    "content-security-policy": "frame-ancestors 'self'",  # no other page shows this one inside of itself
    "referrer-policy": "same-origin",  # an address with a secret in it goes to no other site
}


def is_own_name(host: str | None) -> bool:
    """Return whether ``host`` names this machine; any name will do where the server listens to others."""
    if host is None or not _is_guarded():
        return True
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    own = {*LOOPBACK, _name("browser.serverAddress").lower()}
    return name in own or name.endswith(".localhost")


def is_own_page(origin: str | None, host: str | None) -> bool:
    """Return whether a socket is opened by a page of this server, and not of another port of the machine."""
    if origin is None or not _is_guarded():
        return True
    return urlsplit(origin).netloc == host or origin in (st.get_option("server.corsAllowedOrigins") or [])


def _is_guarded() -> bool:
    """Return whether the server listens on this machine alone, and is not opened by its settings."""
    return _name("server.address") in LOOPBACK and bool(st.get_option("server.enableCORS"))


def _name(option: str) -> str:
    """Return the host that a setting of Streamlit names, IPv6 without its brackets; "" where it is unset."""
    return (st.get_option(option) or "").strip("[]")


class OwnMachine:
    """Refuses other names, and adds the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the app do so."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        request_headers = Headers(scope=scope)
        host, origin = request_headers.get("host"), request_headers.get("origin")
        if is_own_name(host) and (scope["type"] == "http" or is_own_page(origin, host)):
            await self.app(scope, receive, with_headers)
        elif scope["type"] == "http":
            await PlainTextResponse(REFUSED, status_code=403)(scope, receive, with_headers)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008})


def middleware() -> list[Middleware]:
    """Return the guard of ``streamlit run app.py``; a classroom's is its gateway."""
    return [Middleware(OwnMachine)]
