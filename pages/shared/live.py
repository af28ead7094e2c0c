"""The route over which drawings ask (``core.live``): one socket a tab, opened only by our own pages."""

from __future__ import annotations

import contextlib
import itertools
from functools import cache, partial

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.classroom.gateway import ALLOWANCE, LIVE, USER
from core.live import commands
from core.live.allowance import Allowance
from core.live.commands import Commands
from core.live.connection import Connection
from core.live.request import MOST_BYTES, NOT_A_MESSAGE, NOT_ALLOWED, TOO_BIG, Command, MalformedMessage
from core.live.work import Work
from pages.shared import scripts, streamlit_compat

PROTOCOL = "stepwise"  # the browser offers it, and after it the token that shows that the page is ours
_numbers = itertools.count()


def routes() -> list[WebSocketRoute]:
    """Return the route, behind the base path where there is one."""
    return [WebSocketRoute(f"{scripts.base_path()}/{LIVE}", talk)]


@cache
def work() -> Work:
    """Return the threads that compute answers."""
    return Work()


@cache
def command_work() -> Work:
    """Return the threads that obey commands."""
    return Work(commands.THREADS)


def _obey(command: Command, user: str) -> None:
    from core.live.run.command import obey  # with the first command: a server starts without what trains

    obey(command, user)


async def talk(socket: WebSocket) -> None:
    """Answer one tab until it leaves."""
    if not _is_ours(socket):
        await socket.close(NOT_ALLOWED)
        return
    await socket.accept(PROTOCOL if PROTOCOL in socket.scope["subprotocols"] else None)
    allowance: Allowance = socket.scope.get(ALLOWANCE) or Allowance()
    owner = f"{id(allowance)}" if ALLOWANCE in socket.scope else f"tab {next(_numbers)}"
    obeyed = Commands(command_work(), socket.scope.get(USER, ""), allowance, _obey)
    connection = Connection(partial(_send, socket), work(), owner, allowance, obeyed)
    try:
        while True:
            await connection.take(await _message(socket))
    except MalformedMessage as error:
        await socket.close(error.code, error.reason)
    except WebSocketDisconnect:
        pass
    finally:
        connection.close()


async def _send(socket: WebSocket, content: bytes) -> None:
    """Send, unless the tab has left meanwhile: ``talk`` hears of that with the next message."""
    with contextlib.suppress(WebSocketDisconnect):
        await socket.send_bytes(content)


async def _message(socket: WebSocket) -> bytes:
    """Return the next message; raises ``MalformedMessage`` for a text."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1000))
    content = message.get("bytes")
    if content is None:
        raise MalformedMessage(NOT_A_MESSAGE, "not a binary message")
    if len(content) > MOST_BYTES:
        raise MalformedMessage(TOO_BIG, "message too large")
    return bytes(content)


def _is_ours(socket: WebSocket) -> bool:
    offered = socket.scope["subprotocols"]
    token = offered[1] if len(offered) == 2 else None
    headers = socket.headers
    return streamlit_compat.is_connection_allowed(headers.get("origin"), headers.get("host"), socket.cookies, token)
