"""The first page and Draw: when the picture moves, when a new network's answer changes, how often they are painted.

    python -m benchmarks.first_screen [--json]

A real server, a real Chromium. The clock of an opening starts with the request on a server that is up; that of
training with the click on Start, as the browser stamps it. While drawing, the pen moves once a frame.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator

from playwright.sync_api import Browser, Page

from benchmarks.report import Row, main, middle_and_tail
from tests.browser.chromium import chromium, person, server

NAME = "first screen"
OPENINGS, SECONDS = 5, 4.0
FIND = """(selector) => [...document.querySelectorAll('*')]
  .map((host) => host.shadowRoot?.querySelector(selector)).find(Boolean)"""
READINGS = f"(selector) => Number(({FIND})(selector)?.dataset.readings ?? 0)"
PRESSED = "addEventListener('click', (event) => { window.pressed = event.timeStamp; }, true)"
# From the click on Start to the frame in which the answer to the drawing is another.
CHANGED = f"""async () => {{
  const text = () => ({FIND})('.answer')?.textContent;
  const before = text();
  while (text() === before || !window.pressed) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - window.pressed;
}}"""


def opened(browser: Browser, address: str) -> tuple[Page, float]:
    """Open the first page as a new person; return the seconds until the picture is painted for the second time."""
    page = person(browser).new_page()
    page.goto(address, wait_until="commit")
    page.wait_for_function(f"({READINGS})('.first') > 1", polling="raf", timeout=60_000)
    return page, float(page.evaluate("performance.now() / 1000"))


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
        taken = []
        for _ in range(OPENINGS):
            page, seconds = opened(browser, address)
            taken.append(seconds)
        yield from middle_and_tail(NAME, "opening to the first moving picture", taken, "s", "<= 1")
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
