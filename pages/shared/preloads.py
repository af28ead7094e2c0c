"""Tells the browser with the page itself how it looks and which modules it will need: it asks for all at once.

Without it a browser learns of them one after the other: Streamlit's scripts, then the script's first answer, then
the parts that draw it, then our module, then what that imports.
"""

from __future__ import annotations

import posixpath
import re
from functools import cache
from html import escape

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.shared import scripts, streamlit_compat
from pages.shared.frame import STYLE
from pages.shared.lessons import LESSONS

IMPORT = re.compile(r"""^(?:import|export)\b[^'"]*?['"](\.[^'"]+)['"]""", re.MULTILINE)
ENCODING = "accept-encoding"  # a body that is compressed cannot be added to
CONDITIONS = ("if-none-match", "if-modified-since", "range")  # the page changes with our modules too
VALIDATORS = ("etag", "last-modified")


def imported(name: str, text: str) -> set[str]:
    """Return the paths of the modules that module ``name`` imports by a relative path."""
    folder = posixpath.dirname(name)
    return {posixpath.normpath(posixpath.join(folder, path)) for path in IMPORT.findall(text)}


@cache
def modules(lesson: str) -> tuple[str, ...]:
    """Return the addresses of what a lesson's page loads: the frame, its own folder, and what these import."""
    ours = scripts.scripts()
    waiting = {name for name in ours.files if name == "frame/frame.js" or name.startswith(f"{lesson}/")}
    names: set[str] = set()
    while waiting:
        name = waiting.pop()
        names.add(name)
        waiting |= (imported(name, ours.files[name].decode()) & ours.files.keys()) - names
    return tuple(f"./{scripts.path_of(name.removesuffix('.js'))}" for name in sorted(names))


@cache
def links(lesson: str) -> bytes:
    """Return the elements that stand in the head of a lesson's page."""
    paths = [*(f"./{path}" for path in streamlit_compat.component_scripts()), *modules(lesson)]
    return "".join(f'<link rel="modulepreload" href="{escape(path)}">' for path in paths).encode()


@cache
def style() -> bytes:
    """Return our style as an element: what Streamlit draws first has its place, and its own style comes before."""
    return b"<style>" + STYLE.read_bytes() + b"</style>"


class Preloads:
    """Adds the links, and the style, to the HTML of a lesson's page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.lessons = {lesson.url_path: lesson.name for lesson in LESSONS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        lesson = self._lesson(scope)
        if lesson is None:
            await self.app(scope, receive, send)
            return
        left_out = {name.encode() for name in (ENCODING, *CONDITIONS)}
        headers = [(name, value) for name, value in scope["headers"] if name not in left_out]
        await self.app({**scope, "headers": headers}, receive, Insertion(send, links(lesson)))

    def _lesson(self, scope: Scope) -> str | None:
        """Return the name of the lesson whose page is asked for; None for anything else."""
        if scope["type"] != "http" or scope["method"] != "GET":
            return None
        path: str = scope["path"].removeprefix(scripts.base_path()).removeprefix("/")
        return self.lessons.get(path)


class Insertion:
    """Sends an answer on; where it is a page, with ``links`` before the end of its head."""

    def __init__(self, send: Send, links: bytes) -> None:
        self.send = send
        self.links = links
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(Headers(raw=message["headers"])):
            self.start = message
            return
        if message["type"] != "http.response.body" or self.start is None:
            await self.send(message)
            return
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = self.body.replace(b"</head>", self.links + b"</head>", 1).replace(
            b"</body>", style() + b"</body>", 1
        )
        headers = MutableHeaders(raw=list(self.start["headers"]))
        headers["content-length"] = str(len(body))
        for name in VALIDATORS:
            del headers[name]
        await self.send({**self.start, "headers": headers.raw})
        await self.send({"type": "http.response.body", "body": body})


def _is_page(headers: Headers) -> bool:
    return headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers


def middleware() -> list[Middleware]:
    """Return what ``st.App`` takes."""
    return [Middleware(Preloads)]
