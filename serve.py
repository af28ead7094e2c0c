"""The app for a classroom: ``make serve``. Many users on one machine, a workspace each; see docs/classroom.md."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import sys
from collections.abc import AsyncIterator, Callable

import streamlit as st
from starlette.middleware import Middleware

from core import isolation
from core.classroom import log, settings
from core.classroom.classroom import classroom
from core.classroom.gateway import Gateway
from core.errors import N_, InvalidSetting
from core.script.process import launcher, sandbox
from core.settings import CLASSROOM, PROJECT, runs_folder
from core.storage import storing
from pages.parts import precompute
from pages.shared import live, old_addresses, scripts, server, unexpected_error

NO_SANDBOX = N_(
    "STEPWISE_PROGRAMS={value} lets users run programs of their own, and this machine has no sandbox for them:"
    " install bubblewrap (bwrap) and allow user namespaces, or leave the setting out"
)
SWEEP = 600.0  # seconds between two looks for workspaces that are too old
WATCH = 20.0  # seconds between two looks for runs that fill the disk


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Expire workspaces and watch the disk while the server runs; at its end, checkpoint and end every run."""
    server.prepare(precompute.prepare)
    shared = classroom()
    tasks = [
        asyncio.create_task(repeat(SWEEP, shared.sweep)),
        asyncio.create_task(repeat(WATCH, shared.stop_runs_over_disk_quota)),
    ]
    log.write("server up", pid=os.getpid(), **shared.health())
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.to_thread(shared.close)
        await asyncio.to_thread(isolation.close)
        await asyncio.to_thread(launcher.close)
        log.write("server down", pid=os.getpid())


async def repeat(seconds: float, look: Callable[[], object]) -> None:
    """Call ``look`` every ``seconds`` seconds; an ``OSError`` is written to the log and does not end it."""
    while True:
        try:
            await asyncio.to_thread(look)
        except OSError as error:
            log.write("look failed", what=look.__name__, why=str(error))
        await asyncio.sleep(seconds)


def make_app(classroom_settings: settings.Settings) -> st.App:
    """Return the app behind its gateway."""
    shared = classroom()
    door = Middleware(Gateway, secret=shared.secret, settings=classroom_settings, health=shared.health)
    return st.App(
        PROJECT / "app.py",
        lifespan=lifespan,
        middleware=[door, *old_addresses.middleware()],
        on_script_error=unexpected_error.show,
        routes=[*scripts.routes(), *live.routes()],
    )


def main() -> int:
    """Serve until it is ended; exit status 2 when a setting in the environment is invalid."""
    os.environ[CLASSROOM] = "1"
    try:
        classroom_settings = settings.read()
        if classroom_settings.programs and not sandbox.works(sandbox.CLOSED):
            raise InvalidSetting(NO_SANDBOX, value=classroom_settings.programs)
        with storing(runs_folder()):
            classroom()
    except InvalidSetting as error:
        print(error, file=sys.stderr)
        return 2
    os.environ["STEPWISE_THREADS"] = str(classroom_settings.threads)
    if st.secrets.load_if_toml_exists() and "auth" in st.secrets and not importlib.util.find_spec("authlib"):
        print('Signing in needs Authlib: pip install "streamlit[auth]"', file=sys.stderr)
        return 2
    make_app(classroom_settings).run(
        config={
            "server.address": classroom_settings.address,
            "server.port": classroom_settings.port,
            "server.headless": True,
            "server.maxUploadSize": classroom_settings.upload_mb,
        }
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
