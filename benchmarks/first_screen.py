"""The first page and Draw: when the picture moves, when a new network's answer changes, how often they are painted.

    python -m benchmarks.first_screen [--json]

A real server, a real Chromium. The clock of an opening starts with the request on a server that is up, in a browser
that has kept nothing; a page of Streamlit's with one slider and one text is opened by turns with ours. The clock of
training starts with the click on Start, as the browser stamps it. While drawing, the pen moves once a frame.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator

from playwright.sync_api import Browser, Page

from benchmarks.instant import floor_server
from benchmarks.report import Row, main, middle_and_tail, percentile
from tests.browser.chromium import chromium, person, server

NAME = "first screen"
OPENINGS, SECONDS = 9, 4.0
FIND = """(selector) => [...document.querySelectorAll('*')]
  .map((host) => host.shadowRoot?.querySelector(selector)).find(Boolean)"""
READINGS = f"(selector) => Number(({FIND})(selector)?.dataset.readings ?? 0)"
MOVES = f"({READINGS})('.first') > 1"
SLIDER = "document.querySelector('[data-testid=stSlider]')"
PRESSED = "addEventListener('click', (event) => { window.pressed = event.timeStamp; }, true)"
# From the click on Start to the frame in which the answer to the drawing is another.
CHANGED = f"""async () => {{
  const text = () => ({FIND})('.answer')?.textContent;
  const before = text();
  while (text() === before || !window.pressed) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - window.pressed;
}}"""


def open_until(browser: Browser, address: str, condition: str) -> tuple[Page, float]:
    """Open a page as a new person; return it with the seconds until ``condition`` holds."""
    page = person(browser).new_page()
    page.goto(address, wait_until="commit")
    page.wait_for_function(condition, polling="raf", timeout=60_000)
    return page, float(page.evaluate("performance.now() / 1000"))


def openings(browser: Browser, address: str) -> Iterator[Row]:
    """Yield how long the first page takes until its picture is painted again, and the smallest page."""
    ours: list[float] = []
    floor: list[float] = []
    with floor_server() as smallest:
        for _ in range(OPENINGS):
            for taken, at, condition in ((ours, address, MOVES), (floor, smallest, SLIDER)):
                page, seconds = open_until(browser, at, condition)
                taken.append(seconds)
                page.context.close()
    yield from middle_and_tail(NAME, "opening to the first moving picture", ours, "s", "<= 1")
    yield from middle_and_tail(NAME, "opening of a page with one slider", floor, "s")
    share = percentile(ours, 0.5) / percentile(floor, 0.5)
    yield Row(NAME, "opening, p50 against the page with one slider", share, "of it", "<= 2")


def painted(page: Page, selector: str, move: bool) -> float:
    """Return how often a second a reading is painted, while the pen moves or while the network learns."""
    before, start = page.evaluate(READINGS, selector), page.evaluate("performance.now()")
    if move:
        draw(page)
    else:
        page.wait_for_timeout(1000 * SECONDS)
    seconds = (page.evaluate("performance.now()") - start) / 1000
    return float((page.evaluate(READINGS, selector) - before) / seconds)


def draw(page: Page) -> None:
    """Move the pen up and down on the pad for some seconds, a step each frame."""
    box = page.locator(".pad canvas, canvas.upper-canvas").first.bounding_box()
    assert box
    x, y, side = box["x"], box["y"], box["width"]
    end = page.evaluate("performance.now()") + 1000 * SECONDS
    page.mouse.move(x + 0.4 * side, y + 0.2 * side)
    page.mouse.down()
    step = 0
    while page.evaluate("new Promise(requestAnimationFrame)") < end:
        step += 1
        page.mouse.move(x + (0.4 + 0.01 * (step % 20)) * side, y + (0.2 + 0.03 * (step % 20)) * side)
    page.mouse.up()


def measure() -> Iterator[Row]:
    """Yield the rows of this benchmark."""
    with (
        tempfile.TemporaryDirectory(prefix="stepwise-") as runs,
        server({"STEPWISE_RUNS": runs}) as address,
        chromium() as browser,
    ):
        yield from openings(browser, address)
        page, _ = open_until(browser, address, MOVES)
        page.wait_for_timeout(4_000)  # the digit has written itself
        yield Row(NAME, "readings a second while drawing, first page", painted(page, ".first", True), "", ">= 20")
        page.evaluate(PRESSED)
        page.get_by_role("button", name="Start training").click()
        yield Row(NAME, "Start to another answer", float(page.evaluate(CHANGED)) / 1000, "s", "<= 3")
        yield Row(NAME, "pictures a second while training", painted(page, ".first", False), "", ">= 5")
        page.get_by_role("button", name="Stop").click()
        page.goto(f"{address}/draw")
        page.wait_for_function(f"({READINGS})('.reading') > 0", timeout=60_000)
        page.wait_for_timeout(2_000)
        yield Row(NAME, "readings a second while drawing, Draw", painted(page, ".reading", True), "", ">= 20")


if __name__ == "__main__":
    sys.exit(main(measure, __doc__))
