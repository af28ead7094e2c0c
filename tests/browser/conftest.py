"""Fixtures of the browser tests: one server and one Chromium a test process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from tests.browser import chromium as harness

expect.set_options(timeout=30_000)  # a machine that tests on all its cores is slow


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; without one the tests skip and say so, except in CI, where they must run."""
    try:
        with harness.chromium() as started:
            yield started
    except Error as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no Chromium on this machine: {error.message.splitlines()[0]}")


@pytest.fixture(scope="session")
def runs_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server of ``address`` keeps its runs; empty at first."""
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="session")
def address(runs_folder: Path) -> Iterator[str]:
    """A running app with a folder of runs of its own and the data folder of the tests."""
    with harness.server({"STEPWISE_RUNS": str(runs_folder)}) as url:
        yield url


@pytest.fixture(scope="session")
def profiles() -> dict[tuple[Any, ...], harness.Profile]:
    """The profiles in use. A profile keeps Streamlit's own files cached: pages open in a fraction of the time."""
    return {}


@pytest.fixture
def visit(
    browser: Browser, address: str, profiles: dict[tuple[Any, ...], harness.Profile]
) -> Iterator[Callable[..., Page]]:
    """Open pages of the app: ``visit("train", width=390, theme="dark", language="zh", touch=True)``.

    A test that stops the time of its page asks for ``clock=True``: time is the profile's, and so it gets its own.
    ``at`` is the address of another server.
    """
    pages: list[Page] = []
    own: list[BrowserContext] = []

    def visit(
        path: str,
        width: int = 1280,
        height: int = 900,
        requests: list[str] | None = None,
        clock: bool = False,
        at: str | None = None,
        **who: Any,
    ) -> Page:
        server = at or address
        profile = (server, *sorted(who.items()))
        if clock:
            own.append(harness.person(browser, **who))
            own[-1].clock.install()
        elif profile not in profiles:
            profiles[profile] = harness.Profile(harness.person(browser, **who), server)
        if not clock:
            profiles[profile].prepare()
        context = own[-1] if clock else profiles[profile].context
        context.clear_cookies(name="stepwise_language")  # an earlier test may have picked one
        page = harness.open_in(context, f"{server}/{path}", width, height, requests)
        pages.append(page)
        return page

    yield visit
    for page in pages:
        page.close()
    for context in own:
        context.close()
