"""pages/shared/preloads.py: a lesson's page names the modules that it will load, and nothing else is touched."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message

from benchmarks.websocket_user import run
from pages.shared import preloads, scripts, streamlit_compat
from pages.shared.lessons import LESSONS

ROOT = Path(__file__).resolve().parent.parent
PAGE = "<!DOCTYPE html><html><head><title>Streamlit</title></head><body>É</body></html>"
STATIC_IMPORT = re.compile(r"""\bfrom\s*['"](\.[^'"]+)['"]|^import\s*['"](\.[^'"]+)['"]""", re.MULTILINE)


async def page(request: Request) -> Response:
    """Send the page as Streamlit does: not again to one who has it."""
    if "if-none-match" in request.headers:
        return Response(status_code=304)
    return HTMLResponse(PAGE, headers={"ETag": '"1"', "X-Encodings": request.headers.get("accept-encoding", "")})


async def text(_request: Request) -> Response:
    return PlainTextResponse("</head>")


APP = Starlette(
    routes=[Route("/_stcore/health", text), Route("/train", text), Route("/{path:path}", page)],
    middleware=preloads.middleware(),
)


def get(path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    """Return status, headers and text of the answer."""
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        messages.append(message)

    header_list = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": header_list, "app": APP}
    run(APP(scope, receive, send))
    start, *bodies = messages
    names = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], names, b"".join(body["body"] for body in bodies).decode()


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_the_modules_of_a_lesson_are_there_with_all_that_they_import(lesson) -> None:
    files = scripts.scripts().files
    names = {path.split("/", 2)[2] for path in preloads.modules(lesson.name)}
    assert "frame/frame.js" in names
    assert names <= files.keys()
    for name in names:
        for path in (a or b for a, b in STATIC_IMPORT.findall(files[name].decode())):
            assert posixpath.normpath(f"{posixpath.dirname(name)}/{path}") in names, (name, path)


def test_a_lessons_page_names_its_modules() -> None:
    status, headers, html = get("/lenet", if_none_match='"1"', accept_encoding="gzip")
    paths = re.findall(r'<link rel="modulepreload" href="\./([^"]+)">', html)
    assert status == 200
    assert scripts.path_of("lenet/step") in paths
    assert len(paths) == len(set(paths))
    assert html.replace(preloads.links("lenet").decode(), "").replace(preloads.style().decode(), "") == PAGE
    assert html.index("data-drawn") > html.index("<body>")  # after Streamlit's own style, which is in the head
    assert headers["content-length"] == str(len(html.encode()))
    assert "etag" not in headers
    assert "gzip" not in headers["x-encodings"]


@pytest.mark.parametrize("path", ["/_stcore/health", "/train"])
def test_what_is_no_page_passes_unchanged(path: str) -> None:
    assert get(path)[2] == "</head>"


def test_what_is_no_lesson_passes_unchanged() -> None:
    _, headers, html = get("/elsewhere", accept_encoding="gzip")
    assert html == PAGE
    assert (headers["etag"], headers["x-encodings"]) == ('"1"', "gzip")
    assert get("/elsewhere", if_none_match='"1"')[0] == 304


def test_streamlits_own_page_leaves_out_parts_that_ours_need() -> None:
    names = {path.rsplit("/", 1)[1].split(".")[0] for path in streamlit_compat.component_scripts()}
    assert set(streamlit_compat.LAZY) <= names


def test_no_style_comes_after_what_it_is_for() -> None:
    """Streamlit draws an element of style alone apart: it stands with its content, or in frame.css."""
    pages = [path for path in (ROOT / "pages").rglob("*.py") if path != ROOT / "pages/shared/frame.py"]
    alone = re.compile(r"""st\.html\((?:\w+\.)*[A-Z_]+\)|st\.html\(f?["']+\s*<style>[^<]*</style>\s*["']""")
    assert alone.search("st.html(digits.STYLE)") and alone.search('st.html("<style>a {}</style>")')
    assert not [path.name for path in pages if alone.search(path.read_text("utf-8"))]
