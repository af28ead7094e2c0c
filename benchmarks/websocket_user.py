"""A user without a browser: speaks the server's own websocket protocol, so one process can be forty people.

Asks for the page over HTTP first, as a browser does, and keeps the cookies; then sends ``BackMsg.rerun_script``
with the state of every widget and reads ``ForwardMsg`` until the script has finished.
"""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any, TypeVar
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from core import message
from pages.shared import unexpected_error

EARLY = ForwardMsg.FINISHED_EARLY_FOR_RERUN
PATIENCE = 60.0  # seconds for one answer
Result = TypeVar("Result")


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run ``work`` to its end in a thread of its own: the caller's may have a running loop, as Playwright's has."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()


@dataclass
class ShownPage:
    """What one run of the script showed."""

    seconds: float = 0.0
    size: int = 0  # bytes received
    texts: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)  # tracebacks, which nobody should ever see
    unforeseen: int = 0  # exceptions that a page did not foresee, with a traceback or without
    not_found: bool = False
    head: dict[str, Any] = field(default_factory=dict)  # of the first part of an answer over the live channel
    main: int = 0  # words in the main part of the page, one for each element

    @property
    def text(self) -> str:
        """All words on the page, one element a line."""
        return "\n".join(self.texts)


@dataclass
class User:
    """One browser: its cookies, its page, and the widgets it knows by their keys."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    page: str = ""
    query: str = ""
    ids: dict[str, tuple[str, str]] = field(default_factory=dict)  # key -> (widget id, fragment id)
    kinds: dict[str, str] = field(default_factory=dict)  # key -> what kind of widget it is
    state: dict[str, dict[str, Any]] = field(default_factory=dict)  # widget id -> fields of its WidgetState
    session: str = ""
    data: dict[str, bytes] = field(default_factory=dict)  # key -> what a drawing was given
    socket: ClientConnection | None = None
    live: ClientConnection | None = None  # over which drawings ask
    questions: int = 0

    async def open(self, path: str = "") -> ShownPage:
        """Load ``path`` ("train?run=x") as a browser does: the page, its cookies, its script's first run."""
        await asyncio.to_thread(self._get, path)
        await asyncio.to_thread(self._get, "_stcore/host-config")  # brings the cookie against forged requests
        return await self.connect(path)

    async def connect(self, path: str = "") -> ShownPage:
        """Open the connection with the cookies as they are, and show ``path``."""
        await self.close()
        self.socket = await self._connect("_stcore/stream", "streamlit")
        return await self.go(path)

    async def reconnect(self) -> ShownPage:
        """Open the connection again after it was lost, with the session that the tab had; show its page again."""
        self.socket = await self._connect("_stcore/stream", "streamlit", self.session)
        return await self.run()

    async def _connect(self, path: str, protocol: str, session: str = "") -> ClientConnection:
        """Open a websocket as the browser does, with cookies, origin and the token against forged requests."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**self.headers, **({"Cookie": cookies} if cookies else {})}
        return await connect(
            self.address.replace("http", "ws", 1) + f"/{path}",
            subprotocols=[
                Subprotocol(each)
                for each in (protocol, self.cookies.get("_streamlit_xsrf", "none"), session)
                if each
            ],
            additional_headers=headers,
            origin=Origin(self.address),
            max_size=2**28,
        )

    def _get(self, path: str) -> None:
        request = urllib.request.Request(f"{self.address}/{path}", headers={"Accept": "text/html", **self.headers})
        if self.cookies:
            request.add_header("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            answer.read()
            for header in answer.headers.get_all("Set-Cookie") or []:
                jar: SimpleCookie = SimpleCookie(header)
                self.cookies |= {name: morsel.value for name, morsel in jar.items()}

    async def go(self, path: str) -> ShownPage:
        """Go to another page: widgets of the old one are forgotten, as the browser forgets them."""
        parts = urlsplit(path)
        self.page, self.query = parts.path, parts.query
        self.ids.clear()
        self.state.clear()
        self.data.clear()
        return await self.run()

    async def run(self, fragment: str = "") -> ShownPage:
        """Run the script, or one fragment of it, with the widgets as they stand; return what it showed."""
        back_message = BackMsg()
        client = back_message.rerun_script
        client.query_string, client.page_name, client.fragment_id = self.query, self.page, fragment
        client.context_info.url = f"{self.address}/{self.page}"
        client.context_info.locale, client.context_info.timezone = "en-US", "UTC"
        for widget, fields in self.state.items():
            state = client.widget_states.widgets.add(id=widget)
            for name, value in fields.items():
                if isinstance(value, list):
                    getattr(state, name).data.extend(value)
                else:
                    setattr(state, name, value)
        assert self.socket is not None
        start = time.perf_counter()
        await self.socket.send(back_message.SerializeToString())
        view = await asyncio.wait_for(self._read_until_finished(), PATIENCE)
        view.seconds = time.perf_counter() - start
        self.state = {widget: fields for widget, fields in self.state.items() if "trigger_value" not in fields}
        return view

    async def set(self, key: str, **value: Any) -> ShownPage:
        """Give the widget with this key a value (``int_value=3``, ``string_value="a"``) and run the script."""
        widget, fragment = self.ids[key]
        self.state[widget] = value
        return await self.run(fragment)

    async def move(self, key: str, value: float) -> ShownPage:
        """Give the slider or the number field with this key a number."""
        if self.kinds[key] == "slider":
            return await self.set(key, double_array_value=[value])
        return await self.set(key, double_value=value)

    async def press(self, key: str) -> ShownPage:
        """Press the button with this key."""
        return await self.set(key, trigger_value=True)

    async def component(self, key: str, value: object) -> ShownPage:
        """Let the component with this key report ``value``."""
        return await self.set(key, json_value=json.dumps(value))

    async def empty_the_caches(self) -> None:
        """Send the message behind "Clear cache", which the server accepts from any browser, and wait."""
        assert self.socket is not None
        await self.socket.send(BackMsg(clear_cache=True).SerializeToString())
        await self.run()

    async def connect_live(self) -> ClientConnection:
        """Open the live channel again."""
        if self.live is not None:
            await self.live.close()
        self.live = await self._connect("live", "stepwise")
        return self.live

    async def keep(self, name: str, array: NDArray[np.float32]) -> None:
        """Leave a tensor on the live channel, as a drawing does."""
        live = self.live or await self.connect_live()
        await live.send(message.pack({"line": 0, "keep": name, "shape": list(array.shape)}, [array]))

    async def ask(self, instrument: str, settings: dict[str, Any]) -> ShownPage:
        """Ask as a drawing does, over the live channel, and return when the whole answer is here."""
        live = self.live or await self.connect_live()
        self.questions += 1
        header = {"line": 0, "ask": instrument, "number": self.questions, "language": "en", "settings": settings}
        view, start = ShownPage(), time.perf_counter()
        await live.send(message.pack(header, ()))
        head: dict[str, Any] = {}
        while head.get("number") != self.questions or not head["last"]:
            content = await asyncio.wait_for(live.recv(decode=False), PATIENCE)
            view.size += len(content)
            head, _numbers = message.unpack(content, 10**8)
            view.head = view.head or head
        view.seconds = time.perf_counter() - start
        view.errors += [head["refusal"]] if "refusal" in head else []
        return view

    def shown_run(self) -> str:
        """Return the name by which the page Train asks about its run, and commands it."""
        return str(message.unpack(self.data["train_instrument"], 10**6)[0]["labels"]["run"])

    async def command(self, do: str, run: str, value: Any = None) -> str:
        """Command a run as a page does, over the live channel; return the refusal, "" where it is obeyed."""
        live = self.live or await self.connect_live()
        self.questions += 1
        header = {"line": 2, "command": do, "number": self.questions, "run": run, "value": value}
        await live.send(message.pack(header | {"language": "en"}, ()))
        head: dict[str, Any] = {}
        while head.get("obeyed") != self.questions:
            content = await asyncio.wait_for(live.recv(decode=False), PATIENCE)
            head, _numbers = message.unpack(content, 10**8)
        return str(head["refusal"])

    async def watch(self, seconds: float) -> ShownPage:
        """Watch the run on the page Train so long; return the time to the first thing that is pushed."""
        live = self.live or await self.connect_live()
        self.questions += 1
        header = {"line": 1, "ask": "run.watch", "number": self.questions, "language": "en"}
        view, start = ShownPage(), time.perf_counter()
        await live.send(message.pack(header | {"settings": {"run": self.shown_run()}}, ()))
        head: dict[str, Any] = {}
        while not head.get("last"):
            left = max(0.0, start + seconds - time.perf_counter()) if view.seconds else PATIENCE
            try:
                content = await asyncio.wait_for(live.recv(decode=False), left)
            except TimeoutError:
                if not view.seconds:
                    raise
                break
            view.size += len(content)
            head, _numbers = message.unpack(content, 10**8)
            if head["line"] == 1 and head.get("number") == self.questions:
                view.seconds = view.seconds or time.perf_counter() - start
        view.errors += [head["refusal"]] if "refusal" in head else []
        await live.send(message.pack({"line": 1, "leave": True}, ()))
        return view

    async def close(self) -> None:
        """Close the tab."""
        if self.live is not None:
            await self.live.close()
            self.live = None
        if self.socket is not None:
            await self.socket.close()
            self.socket = None

    async def _read_until_finished(self) -> ShownPage:
        view = ShownPage()
        assert self.socket is not None
        async for data in self.socket:
            forward_message = ForwardMsg()
            forward_message.ParseFromString(bytes(data) if not isinstance(data, str) else data.encode())
            view.size += len(data)
            kind = forward_message.WhichOneof("type")
            if kind == "delta":
                self._note(forward_message, view)
            elif kind == "new_session":
                self.session = forward_message.new_session.initialize.session_id or self.session
            elif kind == "page_info_changed":
                self.query = forward_message.page_info_changed.query_string
            elif kind == "page_not_found":
                view.not_found = True
            elif kind == "script_finished" and forward_message.script_finished != EARLY:
                return view
        raise ConnectionError("the server closed the connection")

    def _note(self, message: ForwardMsg, view: ShownPage) -> None:
        """Remember the widget that a delta brings, or the words."""
        delta = message.delta
        if delta.WhichOneof("type") != "new_element":
            return
        element = delta.new_element
        kind = element.WhichOneof("type")
        body = getattr(element, kind or "", None)
        widget = getattr(body, "id", "")
        if isinstance(widget, str) and widget.startswith("$$ID-"):
            key = widget.split("-", 2)[2]
            self.ids[key], self.kinds[key] = (widget, delta.fragment_id), kind or ""
            if kind == "bidi_component" and element.bidi_component.WhichOneof("data") == "bytes":
                self.data[key] = element.bidi_component.bytes
            if key.startswith(unexpected_error.AGAIN):
                view.unforeseen += 1
        if kind == "exception":
            view.errors.append(f"{element.exception.type}: {element.exception.message}")
        for name in ("body", "label", "value"):
            text = getattr(body, name, "")
            if isinstance(text, str) and text:
                view.texts.append(text)
                view.main += message.metadata.delta_path[:1] == [0] and kind != "html"
