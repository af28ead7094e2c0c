"""How long the user waits for a page and for what they do on it, in a real Chromium.

    python -m benchmarks.pages [--json]

Cold: from starting the server's process to the first page painted, in a browser that has cached nothing. Then each
page from the click on its link, first and later visits apart, and each kind of interaction from its input to the
last change of the picture; the same once more while a run trains beside it.
"""

from __future__ import annotations

import contextlib
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from playwright.sync_api import Browser, Page

from benchmarks.browser import WatchedPage, watched
from benchmarks.first_point import LOSSES, POINT, press
from benchmarks.report import Row, main, middle_and_tail, percentile
from core.training.config import EPOCHS_MAX
from tests.browser.chromium import chromium, starting

NAME = "pages"
READING = 8.0  # seconds that the user reads the first page before the next click
PAGES = (
    ("tutorials", "The tutorials"),
    ("linear_fit", "Linear fit"),
    ("two_layers", "Two layers, four ways"),
    ("operators", "Operators"),
    ("convolution", "Convolution"),
    ("lenet", "LeNet, step by step"),
    ("your_code", "Your code"),
    ("what_goes_wrong", "What goes wrong"),
    ("digits", "The digits"),
    ("train", "Train"),
    ("runs", "Runs"),
    ("experiments", "Experiments"),
    ("draw", "Draw"),
)


@dataclass(frozen=True)
class Interaction:
    """Something that the user does on a page: ``act`` does it for the n-th time.

    Its picture is there when nothing in ``target`` changes any more.
    """

    page: str
    name: str
    act: Callable[[Page, int], None]
    target: str = "[data-testid=stMain]"


def button(*names: str) -> Callable[[Page, int], None]:
    """Press the buttons by turns."""

    def act(page: Page, turn: int) -> None:
        page.get_by_test_id("stMain").get_by_role("button", name=names[turn % len(names)]).first.click()

    return act


INTERACTIONS = (
    Interaction("", "change the language", lambda page, turn: _language(page, turn)),
    Interaction("draw", "choose an example", button("two digits", "scribble")),
)


def _language(page: Page, turn: int) -> None:
    page.get_by_text("简体中文" if turn % 2 == 0 else "English", exact=True).click()


def open_when_up(watch: WatchedPage, address: str) -> float:
    """Open ``address`` as soon as a server listens there, and return when the page was painted."""
    port = int(address.rsplit(":", 1)[1])
    for _ in range(6000):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return watch.open(address)
        time.sleep(0.01)
    raise TimeoutError(address)


def cold(browser: Browser, runs: str) -> float:
    """Return the seconds from starting the server to its first page painted."""
    started = time.time()
    with starting({"STEPWISE_RUNS": runs}) as (address, _process), watched(browser) as watch:
        return open_when_up(watch, address) - started


def visit(watch: WatchedPage, title: str) -> float:
    """Go to a page by its link and return the time until it is painted."""
    watch.page.get_by_test_id("stSidebarNavLink").filter(has_text=title).first.click()
    watch.until(f"() => document.querySelector('h1')?.textContent.includes({title!r})")
    return watch.complete() - watch.input()


def visits(watch: WatchedPage, later: int) -> Iterator[Row]:
    """Visit every page once, then again so many times."""
    for path, title in PAGES:
        yield Row(NAME, f"first visit of {path}", visit(watch, title), "s", "< 1")
    again: dict[str, list[float]] = {path: [] for path, _title in PAGES}
    for _ in range(later):
        for path, title in PAGES:
            again[path].append(visit(watch, title))
    for path, durations in again.items():
        yield Row(NAME, f"later visits of {path}, p50", statistics.median(durations), "s", "< 1")


def _act(each: Interaction, turn: int, page: Page) -> None:
    each.act(page, turn)


def interactions(watch: WatchedPage, address: str, times: int, beside: str, target: str) -> Iterator[Row]:
    """Do each interaction so many times."""
    for each in INTERACTIONS:
        watch.open(f"{address}/{each.page}")
        durations = [1000 * watch.seconds(partial(_act, each, turn), each.target) for turn in range(times + 2)][2:]
        where = f"{each.page or 'home'}: {each.name}{beside}"
        yield from middle_and_tail(NAME, where, durations, "ms", target)


def measure(colds: int = 5, times: int = 20) -> Iterator[Row]:
    """Yield the rows of this benchmark."""
    with tempfile.TemporaryDirectory(prefix="stepwise-") as runs, chromium() as browser:
        durations = [cold(browser, runs) for _ in range(colds)]
        yield Row(NAME, f"cold start to the first page, p50 of {colds}", percentile(durations, 0.5), "s", "< 2.5")
        yield Row(NAME, f"cold start to the first page, the slowest of {colds}", max(durations), "s")
        with starting({"STEPWISE_RUNS": runs}) as (address, _process), watched(browser) as watch:
            open_when_up(watch, address)
            watch.page.wait_for_timeout(READING * 1000)
            yield from visits(watch, 3)
            yield from interactions(watch, address, times, "", "< 150")
            watch.open(f"{address}/train?run=new&train_epochs={EPOCHS_MAX}")  # outlasts them
            watch.settle()
            press(watch.page, "Start")
            watch.until(POINT % LOSSES)
            yield from interactions(watch, address, times, ", beside a run", "< 200")


if __name__ == "__main__":
    sys.exit(main(measure, __doc__))
