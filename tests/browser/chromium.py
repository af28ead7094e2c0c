"""A real Chromium and a real server for tests and screenshots: found, started, ended."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
# Switched off. The popups of the address bar are pages of their own, which each new profile would load for most of
# a second. A script that is parsed in the background while it loads is compiled again on each visit, any other one
# once a process. As this takes the place of Playwright's own list, what that keeps off the network is named too.
FEATURES = (
    "BackgroundResourceFetch",
    "ScriptStreaming",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AimEnabled",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",  # see Profile
    f"--disable-features={','.join(FEATURES)}",
]
VISITS = 20  # of one process
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# A user's browser has the CJK fonts that the Chinese screenshots need; the tests do not depend on them.


def executable() -> str | None:
    """Return the Chromium of this machine, or None when Playwright's own has to do."""
    return os.environ.get("STEPWISE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a headless Chromium; raises playwright's ``Error`` where there is none."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), headless=True, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def free_port() -> int:
    """Return a TCP port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def launch(
    environment: dict[str, str] | None = None,
    arguments: tuple[str, ...] = (),
    port: int = 0,
    folder: Path = ROOT,
    log: Path | None = None,
) -> tuple[str, subprocess.Popen[bytes]]:
    """Start ``streamlit run app.py`` in ``folder``, on ``port`` or a free one; return its address and its process.

    ``arguments`` from "--" on are the app's, those before it Streamlit's. All that it writes goes to ``log``;
    without one its errors are shown and the rest is dropped.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    command += [f"--server.port={port}", *arguments]
    with ExitStack() as stack:
        out = stack.enter_context(log.open("wb")) if log else subprocess.DEVNULL
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdout=out,
            stderr=out if log else None,
        )
    return f"http://127.0.0.1:{port}", process


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server, if need be by force."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def starting(
    environment: dict[str, str] | None = None,
    arguments: tuple[str, ...] = (),
    port: int = 0,
    log: Path | None = None,
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start the app with these ``arguments`` of its own; yield its address without waiting; end it."""
    address, process = launch(environment, ("--", *arguments) if arguments else (), port, log=log)
    try:
        yield address, process
    finally:
        end(process)


@contextmanager
def server(
    environment: dict[str, str] | None = None,
    arguments: tuple[str, ...] = (),
    port: int = 0,
    log: Path | None = None,
) -> Iterator[str]:
    """Start the app as ``starting`` does and yield its address once it answers there."""
    with starting(environment, arguments, port, log) as (address, process):
        wait_until_healthy(address, process)
        yield address


def wait_until_healthy(address: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1) as answer:
                if answer.read() == b"ok":
                    return
        except OSError:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
    raise TimeoutError(f"no server at {address} within {seconds} s")


def person(
    browser: Browser, theme: str = "light", language: str = "en", touch: bool = False, still: bool = False
) -> BrowserContext:
    """A browser profile of its own: colour scheme, language, a finger or a mouse, and whether motion is reduced."""
    return browser.new_context(
        color_scheme="dark" if theme == "dark" else "light",
        locale="zh-CN" if language == "zh" else "en-US",
        has_touch=touch,
        reduced_motion="reduce" if still else "no-preference",
    )


@dataclass
class Profile:
    """Someone who visits many pages of the app at ``address``, one after the other, and compiles each script once.

    The tabs of a site share one process, which ends with the last of them and with it the compiled scripts. So an
    empty tab stays open; it is renewed now and then, as closed pages leave tens of megabytes each in the process.
    """

    context: BrowserContext
    address: str
    visits: int = 0
    empty: Page | None = None

    def prepare(self) -> None:
        """Keep the process for another visit, or begin with a new one."""
        if self.visits % VISITS == 0:
            if self.empty is not None:
                self.empty.close()
            self.empty = self.context.new_page()
            self.empty.goto(f"{self.address}/_stcore/health")
        self.visits += 1


def open_in(
    context: BrowserContext, url: str, width: int = 1280, height: int = 900, requests: list[str] | None = None
) -> Page:
    """Open ``url`` in a new tab of this size and wait until it is drawn; ``requests`` takes what was requested."""
    page = context.new_page()
    if requests is not None:
        page.on("request", lambda request: requests.append(request.url))
    page.set_viewport_size({"width": width, "height": height})
    page.set_default_timeout(60_000)
    page.goto(url)
    settle(page)
    return page


def open_page(
    browser: Browser,
    url: str,
    width: int = 1280,
    height: int = 900,
    theme: str = "light",
    language: str = "en",
    touch: bool = False,
) -> Page:
    """Open ``url`` as a new person with this screen, colour scheme and language, and wait until it is drawn."""
    return open_in(person(browser, theme, language, touch), url, width, height)


def settle(page: Page) -> None:
    """Wait until the script of the page has run to its end."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", state="attached")


def no_traceback(page: Page) -> None:
    """Fail when the page shows an exception, or has lost its server."""
    problem: Locator = page.locator("[data-testid=stException]").or_(page.get_by_text("Connection error"))
    assert problem.count() == 0, problem.all_inner_texts()
