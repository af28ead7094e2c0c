"""From pressing Start to the first loss on the screen, and to the end of the tutorial's three epochs.

    python -m benchmarks.first_point [--json]

A real server, a real Chromium: the time runs from the click on Start, as the browser stamps it, to the frame in
which the chart shows its first point, the test loss before the first batch, and to the one with the first training
loss. MNIST when it is there (``STEPWISE_DATA``), else the built-in digits.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator

from playwright.sync_api import Browser, Locator, Page

from benchmarks.browser import WatchedPage, server, watched
from benchmarks.report import Row, main, middle_and_tail
from core import datasets
from tests.browser.chromium import chromium

NAME = "first point"
STARTS = 20
POINT = """
() => (document.querySelector('.live-chart-plot')?.data ?? [])
  .some((trace) => %s.includes(trace.name) && trace.x.length > 0)
"""
LOSSES = ["test loss", "training loss"]
STATE = "() => document.querySelector('[data-testid=run-numbers] dd')?.textContent === '%s'"
READY = """
() => [...document.querySelectorAll('button')].some((each) => each.textContent.endsWith('Start') && !each.disabled)
"""


def button(page: Page, name: str) -> Locator:
    """Return a button of the page Train."""
    return page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True)


def press(page: Page, name: str) -> None:
    """Press a button of the page Train."""
    button(page, name).click()


def start(watch: WatchedPage, address: str, settings: str) -> tuple[float, float]:
    """Open Train with ``settings``, press Start; return the time to the first loss, and to the first batch's."""
    watch.open(f"{address}/train?run=new&{settings}")
    watch.until(READY)
    watch.settle()
    press(watch.page, "Start")
    first = watch.until(POINT % LOSSES)
    of_a_batch = watch.until(POINT % LOSSES[1:])
    return first - watch.input(), of_a_batch - watch.input()


def starts(browser: Browser, address: str, settings: str, times: int) -> list[tuple[float, float]]:
    """Start and stop so many runs, one after the other, and return each one's times to its first losses."""
    pairs = []
    with watched(browser) as watch:
        watch.open(address)
        watch.page.wait_for_timeout(5_000)  # the user reads the first page; torch is imported meanwhile
        for _ in range(times):
            pairs.append(start(watch, address, settings))
            press(watch.page, "Stop")
            watch.until(STATE % "stopped")
            watch.page.wait_for_timeout(2_000)  # as long as a user needs to start another one
    return pairs


def to_the_end(browser: Browser, address: str, settings: str) -> float:
    """Start a run and return the time until the screen says that it has finished."""
    with watched(browser) as watch:
        start(watch, address, settings)
        pressed = watch.input()
        return watch.until(STATE % "finished", seconds=600) - pressed


def measure(times: int = STARTS, epochs: int = 3) -> Iterator[Row]:
    """Yield the rows of this benchmark."""
    data = datasets.available()[0]
    settings = f"train_dataset={data}"
    folder = tempfile.TemporaryDirectory(prefix="stepwise-")
    with folder as runs, chromium() as browser, server({"STEPWISE_RUNS": runs}) as address:
        pairs = starts(browser, address, f"{settings}&train_epochs=1000", times)  # so that there is a run to stop
        first, of_a_batch = zip(*pairs, strict=True)
        yield from middle_and_tail(NAME, "Start to the first loss", first, "s", "< 1")
        yield from middle_and_tail(NAME, "Start to the first batch's loss", of_a_batch, "s")
        ended = to_the_end(browser, address, f"{settings}&train_epochs={epochs}")
        yield Row(NAME, f"Start to the end of {epochs} epochs of {data}", ended, "s")


if __name__ == "__main__":
    sys.exit(main(measure, __doc__))
