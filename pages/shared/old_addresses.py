"""Addresses from before each lesson had one name lead to today's, with their settings.

The server redirects the request for the page, so links, bookmarks and the browser's history hold today's address.
"""

from __future__ import annotations

from urllib.parse import unquote_plus

from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.shared import scripts
from pages.shared.lessons import LESSONS

PATHS = {
    "home": "",
    "fit": "linear_fit",
    "four-ways": "two_layers",
    "ops": "operators",
    "conv": "convolution",
    "steps": "lenet",
    "training": "train",
    "compare": "runs",
    "recognise": "draw",
}
PREFIXES = {  # of settings
    "fit_": "linear_fit_",
    "ways_": "two_layers_",
    "op_": "operators_",
    "conv_": "convolution_",
    "steps_": "lenet_",
    "data_": "digits_",
}


def current_path(path: str) -> str:
    """Return the path of the page that was once at ``path``."""
    return PATHS.get(path, path)


def current_query(query: str) -> str:
    """Return ``query`` with today's names of settings; values stay as they are written."""
    return "&".join(_current_setting(part) for part in query.split("&"))


def _current_setting(part: str) -> str:
    key, equals, value = part.partition("=")
    name = unquote_plus(key)
    for old, new in PREFIXES.items():
        if name.startswith(old):
            return new + name.removeprefix(old) + equals + value
    return part


class OldAddresses:
    """Wraps the ASGI app ``app``: redirects requests for a page under an old address, passes on all others."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.pages = {lesson.url_path for lesson in LESSONS} | set(PATHS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        target = self._redirection(scope) if scope["type"] == "http" else None
        answer = RedirectResponse(target, status_code=307) if target else self.app
        await answer(scope, receive, send)

    def _redirection(self, scope: Scope) -> str | None:
        """Return today's address, relative to the one asked for; None where that is today's, or no page's."""
        path = scope["path"].removeprefix(scripts.base_path()).removeprefix("/")
        name, query = path.removesuffix("/"), scope["query_string"].decode("latin-1")
        now = current_path(name), current_query(query)
        if scope["method"] not in ("GET", "HEAD") or name not in self.pages or now == (name, query):
            return None
        up = "../" if name and path.endswith("/") else "./"
        return up + now[0] + ("?" + now[1] if query else "")


def middleware() -> list[Middleware]:
    """Return what ``st.App`` takes."""
    return [Middleware(OldAddresses)]
