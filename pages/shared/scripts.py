"""Our JavaScript, as it was when the server started, under an address that names its content.

Modules import each other by relative paths, so all of a page are of one version: ``js-<hash>/lenet/walk.js``. An
upgrade has another hash; what a browser keeps of the old one is never asked for again.
"""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.settings import PROJECT

FOLDER = PROJECT / "static" / "js"
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Scripts:
    """Every module by its path in the folder, and the hash of them all."""

    version: str
    files: dict[str, bytes]


def read(folder: Path) -> Scripts:
    """Read the modules in ``folder``; names and contents make the version."""
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.js"))}
    text = b"".join(hashlib.sha256(name.encode()).digest() + hashlib.sha256(files[name]).digest() for name in files)
    return Scripts(hashlib.sha256(text).hexdigest()[:12], files)


@cache
def scripts() -> Scripts:
    """Return the modules of this server: read once, so that files changed under it are not mixed with them."""
    return read(FOLDER)


def path_of(name: str) -> str:
    """Return the address of module ``name``, relative to that of the app."""
    return f"js-{scripts().version}/{name}.js"


def routes() -> list[Route]:
    """Return the routes of our modules and of plotly's, behind the base path where there is one."""
    start = base_path()
    return [
        Route(f"{start}/plotly.min.js", _plotly),
        Route(f"{start}/js-{{version}}/{{name:path}}", _module),
    ]


def base_path() -> str:
    """Return the path behind which the app stands, "/stepwise"; "" where it stands behind none."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


def _module(request: Request) -> Response:
    """Send one module; a browser may keep it, because another content has another address."""
    ours = scripts()
    content = ours.files.get(request.path_params["name"])
    if content is None or request.path_params["version"] != ours.version:
        return PlainTextResponse("Not Found", status_code=404)
    headers = {"Cache-Control": f"public, max-age={YEAR}, immutable", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type="text/javascript", headers=headers)


def _plotly(_request: Request) -> FileResponse:
    """Send plotly's own JavaScript out of the installed package: nothing is copied, nothing need be writable."""
    package = importlib.util.find_spec("plotly")
    assert package is not None and package.origin is not None
    script = Path(package.origin).parent / "package_data" / "plotly.min.js"
    return FileResponse(script, media_type="text/javascript", headers={"Cache-Control": "no-cache"})
