"""serve.py, the real one: nobody sees or touches what is another's, by whatever way."""

from __future__ import annotations

import asyncio
import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin, Subprotocol

from benchmarks.serving import ROOT, Serving, serving
from benchmarks.websocket_user import ShownPage, User
from core.classroom import gateway, identity
from core.live.run.command import MEANS
from core.training.run_folder import RunFolder
from tests import own_loop

pytestmark = pytest.mark.long
LONG = "run=new&train_epochs=9&train_batch_size=1"
KEYS = ("train_go", "train_pause", "train_stop", "train_epoch")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    runs = tmp_path_factory.mktemp("runs")
    with serving(runs, data=runs / "no-mnist", active_runs=1, runs_at_once=2, epochs=9) as running:
        yield running


def people(server: Serving, story: Callable[..., Awaitable[None]], count: int = 2) -> None:
    """Tell ``story`` with ``count`` browsers."""

    async def health_replies() -> None:
        users = [User(server.address) for _ in range(count)]
        try:
            await story(*users)
        finally:
            for user in users:
                await user.close()

    own_loop.run(health_replies())


async def ask_to_start(user: User, settings: str = "") -> ShownPage:
    """Open the page Train, where there is a run already ask for a new one, and press Start."""
    await user.open(f"train?{settings}")
    if "train_new" in user.ids:
        await user.press("train_new")
    return await user.press("train_go")


async def start(user: User) -> str:
    """Start a run of the built-in digits on the page Train and return its id."""
    reply = await ask_to_start(user)
    assert not reply.errors
    assert "run=" in user.query, reply.text
    return user.query.split("run=")[1].split("&")[0]


def workspace_of(server: Serving, user: User) -> Path:
    token = identity.token_of((server.runs / "secret").read_bytes(), user.cookies[identity.COOKIE])
    assert token
    return identity.workspace_folder(server.runs, identity.workspace_of_browser(token))


def test_a_run_is_there_for_its_person_and_for_nobody_else(server: Serving) -> None:
    async def story(ann: User, bob: User) -> None:
        run_id = await start(ann)
        mine = workspace_of(server, ann)
        name = RunFolder(mine, run_id).name
        assert (await ann.open(f"train?run={run_id}")).text.count(name)
        for way in ("runs", f"runs?run={run_id}", f"train?run={run_id}"):
            reply = await bob.open(way)
            assert not reply.errors
            assert name not in reply.text
            assert run_id not in reply.text
        assert not workspace_of(server, bob).exists()

    people(server, story)


def test_a_run_is_commanded_by_its_person_and_by_nobody_who_knows_its_name(server: Serving) -> None:
    async def story(ann: User, bob: User) -> None:
        await bob.open("train?run=new")
        await ask_to_start(ann, LONG)
        folder = RunFolder(workspace_of(server, ann), ann.query.split("run=")[1].split("&")[0])
        before = folder.status().state
        for do in MEANS:
            assert "only be watched" in await bob.command(do, ann.shown_run(), 0.5)
        assert folder.status().state in (before, "running") and not folder.commands()
        assert not await ann.command("stop", ann.shown_run())
        for _ in range(600):
            if folder.status().state == "stopped":
                break
            await asyncio.sleep(0.05)
        assert folder.status().state == "stopped"

    people(server, story)


def test_the_routes_that_the_gateway_knows_are_streamlits_and_the_others_are_not_reached(server: Serving) -> None:
    """When Streamlit renames one, this fails and says which; until then the gateway refuses the new name."""

    def status(method: str, path: str) -> tuple[int, bool]:
        """Return the status, and whether it was the gateway that refused."""
        request = urllib.request.Request(
            f"{server.address}/{path}", method=method, data=b"x" if method == "PUT" else None
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, False
        except urllib.error.HTTPError as error:
            return error.code, gateway.UNKNOWN.encode() in error.read()

    assert status("GET", "_stcore/health") == (200, False)
    assert status("GET", "_stcore/host-config") == (200, False)
    assert status("GET", "_stcore/bidi-components/none/none.js") == (404, False)
    code, refused = status("PUT", "_stcore/upload_file/nobody/nothing")
    assert code in (400, 403) and not refused  # Streamlit's own check of the session, so the route is there
    for method, path in (("GET", "metrics"), ("GET", "script-health-check"), ("POST", "agent/interact")):
        assert status(method, f"_stcore/{path}") == (404, True)

    async def story(ann: User, _bob: User) -> None:
        assert not (await ann.open("train")).errors  # over _stcore/stream

    people(server, story)


@pytest.mark.parametrize("line", ["", "Host"])
def test_the_page_comes_through_a_proxy_that_passes_what_the_manual_says_and_only_then(
    server: Serving, line: str
) -> None:
    """As nginx does with the manual's lines, and without ``line``: it then passes its own value or none."""
    outside = "stepwise.example.org"
    manual = (ROOT / "docs" / "classroom.md").read_text(encoding="utf-8")
    passed = dict(re.findall(r"^ +proxy_set_header (\S+) \"?([^;\"]+)", manual, flags=re.MULTILINE))
    passed.pop(line, None)
    host = {"$host": outside}.get(passed.get("Host", ""), urlsplit(server.address).netloc)
    forwarded = {"X-Forwarded-Proto": "https"} if passed.get("X-Forwarded-Proto") == "$scheme" else {}

    async def story(ann: User) -> None:
        await ann.open()
        cookies = "; ".join(f"{name}={value}" for name, value in ann.cookies.items())
        inside = urlsplit(server.address)
        shake = connect(
            f"ws://{host}/_stcore/stream",
            host=inside.hostname,
            port=inside.port,
            origin=Origin(f"https://{outside}"),
            subprotocols=[Subprotocol("streamlit"), Subprotocol(ann.cookies.get("_streamlit_xsrf", "none"))],
            additional_headers={"Cookie": cookies, **forwarded},
        )
        if line:
            with pytest.raises(InvalidStatus, match="403"):
                await shake
        else:
            await (await shake).close()

    people(server, story, count=1)


@pytest.mark.parametrize("way", ["../{workspace}/{run}", "..%2F{workspace}%2F{run}", "{folder}", "{run}%00"])
def test_an_id_made_by_hand_opens_nothing(server: Serving, way: str) -> None:
    async def story(ann: User, bob: User) -> None:
        run = next(path for path in sorted((server.runs / "workspaces").glob("*/2*")))
        folder = RunFolder(run.parent, run.name)
        mark = folder.config
        url = way.format(workspace=run.parent.name, run=run.name, folder=run)
        for page in ("train", "runs"):
            reply = await bob.open(f"{page}?run={url}&train_from={url}:epoch-1")
            assert not reply.errors
            assert run.name not in reply.text.replace(url, "")
        assert folder.config == mark
        del ann

    people(server, story)


def test_a_cookie_made_by_hand_or_none_gets_no_workspace(server: Serving) -> None:
    async def story(eve: User) -> None:
        before = set((server.runs / "workspaces").iterdir())
        for cookie in ("x" * 97, "a" * 32 + "." + "0" * 64, "../../x", ""):
            await eve.open("train")
            eve.cookies[identity.COOKIE] = cookie
            reply = await eve.connect("train")
            assert "did not say which workspace is yours" in reply.text
            assert not reply.errors
            assert not set(KEYS) & set(eve.ids)
        assert set((server.runs / "workspaces").iterdir()) == before

    people(server, story, 1)


def test_what_is_too_much_is_refused_with_the_number(server: Serving) -> None:
    async def story(ann: User) -> None:
        for _ in range(2):
            await ask_to_start(
                ann, "run=new&train_epochs=9&train_batch_size=1"
            )  # not over before the third is asked
        reply = await ask_to_start(ann)
        assert not reply.errors
        assert "the limit is 2" in reply.text.replace("\\", "")
        assert len(list(workspace_of(server, ann).glob("2*"))) == 2

    people(server, story, 1)


NO_DRAWINGS = [
    {},
    [],
    7,
    {"drawing": None},
    {"drawing": {"raw": {"objects": "all"}, "data": {}}},
    {"drawing": {"raw": {"objects": [{"type": "path", "path": [["M"], ["Q", "x", None]], "strokeWidth": -3}]}}},
    {"drawing": {"raw": {"objects": [{"type": "path", "path": [["M", 1e308, -1e308], ["L", 1e308, 1e308]]}]}}},
    {"drawing": {"raw": {"objects": [{"type": "rect", "path": 5}] * 5000}}},
]


def test_a_canvas_that_reports_anything_at_all_leads_to_no_traceback(server: Serving) -> None:
    async def story(eve: User) -> None:
        for value in NO_DRAWINGS:
            await eve.open("draw")
            canvas = next(key for key in eve.ids if key.startswith("draw_canvas"))
            reply = await eve.component(canvas, value)
            assert not reply.errors, (str(value)[:200], reply.errors)

    people(server, story, 1)


def test_emptying_the_caches_which_any_browser_may_ask_for_ends_nobodys_run(server: Serving) -> None:
    async def story(ann: User, eve: User) -> None:
        run_id = await start(ann)
        await eve.open("")
        await eve.empty_the_caches()
        await eve.go("train")
        state = RunFolder(workspace_of(server, ann), run_id).status().state
        assert state in ("waiting", "running", "finished")

    people(server, story)


def test_the_log_has_lines_for_a_run_that_tell_no_secret(server: Serving) -> None:
    log_lines = server.log("run asked")
    assert log_lines
    text = "\n".join(server.lines)
    for folder in (server.runs / "workspaces").iterdir():
        assert folder.name not in text
    assert (server.runs / "secret").read_bytes().hex() not in text
    assert {"at", "event", "workspace", "run", "dataset", "epochs"} <= log_lines[0].keys()


def test_health_tells_numbers_and_no_names(server: Serving) -> None:
    health = server.health()
    assert health["status"] == "ok"
    assert health["training_most"] == 1
    assert all(isinstance(value, int) for key, value in health.items() if key != "status"), json.dumps(health)


def children(pid: int) -> list[int]:
    """Return the processes that ``pid`` started."""
    addresses = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            addresses.append(int(stat.parent.name))
    return addresses


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


TABS, STORMS = 30, 4
LAYER = {"size": 9, "kernel": 3, "input": "dice"}


def open_files(server: Serving) -> int:
    return len([*Path(f"/proc/{server.process.pid}/fd").iterdir()])


async def drop(user: User) -> None:
    """Lose both connections of a tab in the middle of a question, as when the network goes."""
    asking = asyncio.create_task(user.ask("convolution", LAYER))
    await asyncio.sleep(0)
    for socket in (user.socket, user.live):
        assert socket is not None
        socket.transport.abort()
    await asyncio.gather(asking, return_exceptions=True)
    user.socket = user.live = None


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no /proc on this machine")
def test_thirty_tabs_that_lose_their_connections_at_once_again_and_again_all_come_back(server: Serving) -> None:
    async def story(*tabs: User) -> None:
        await asyncio.gather(*(tab.open("convolution") for tab in tabs))
        expected = [(await tab.ask("convolution", LAYER)).head["captions"] for tab in tabs]
        assert all(captions["output"][1] == "7×7" for captions in expected)
        files, memory = 0, 0
        for storm in range(STORMS):
            await asyncio.gather(*(drop(tab) for tab in tabs))
            views = await asyncio.gather(*(tab.reconnect() for tab in tabs))
            assert not [view.errors for view in views if view.errors or view.unforeseen]
            answers = await asyncio.gather(*(tab.ask("convolution", LAYER) for tab in tabs))
            assert [answer.head["captions"] for answer in answers] == expected
            assert server.health()["connections"] == len(tabs)  # those that were lost do not count any more
            if storm == 0:
                files, memory = open_files(server), server.memory()
        assert open_files(server) <= files + 5
        assert server.memory() - memory < 100e6
        assert server.process.poll() is None and not [line for line in server.messages() if "Traceback" in line]

    people(server, story, count=TABS)


def test_the_end_of_the_server_leaves_no_process_and_its_runs_can_be_taken_up(server: Serving) -> None:
    """The last test here: it ends the server of the others, in the middle of what they started."""
    child_processes = children(server.process.pid)
    assert child_processes
    server.end()
    assert not [pid for pid in child_processes if alive(pid)]
    states = [RunFolder(run.parent, run.name).status().state for run in (server.runs / "workspaces").glob("*/2*")]
    assert len(states) >= 3
    assert set(states) <= {"interrupted", "finished", "stopped"}  # the last by the one it belongs to
    assert server.log("server down")
