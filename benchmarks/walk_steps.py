"""How long a step of the walk takes in a real browser: ``python -m benchmarks.walk_steps``.

A step is timed from the key press to the first frame after it; an opened cell from the click to its terms.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

from playwright.sync_api import Page

from benchmarks.report import Row, main, middle_and_tail
from tests.browser import chromium

NAME = "walk_steps"
STEP = """async (key) => {
  const began = performance.now();
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return performance.now() - began;
}"""


def steps(page: Page) -> list[float]:
    """Walk to the end and back once."""
    count = page.locator(".tick").count()
    page.evaluate("document.activeElement?.blur()")
    return [page.evaluate(STEP, key) for key in ["ArrowRight"] * count + ["ArrowLeft"] * count]


def cells(page: Page, times: int) -> list[float]:
    """Open cells of the first convolution's output, one after another."""
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    took = []
    for i in range(times):
        canvas = page.locator(".pane.value canvas").first
        began = time.perf_counter()
        canvas.click(position={"x": 5 + 3 * i, "y": 10})
        page.wait_for_selector(".opened .hand")
        took.append(1000 * (time.perf_counter() - began))
        page.keyboard.press("Escape")
    return took


def measure() -> Iterator[Row]:
    """Start a server and a browser, walk the 5x5 LeNet to the new loss and back, open twenty cells."""
    with chromium.server() as address, chromium.chromium() as browser:
        chromium.open_page(browser, address).context.close()  # a fresh server's first page imports torch
        page = chromium.open_page(browser, f"{address}/lenet?lenet_network=lenet5")
        page.wait_for_selector(".walk[data-step]")
        measured = (("a step of the walk", steps(page), "< 150"), ("a cell opened", cells(page, 20), ""))
        for what, durations, target in measured:
            yield from middle_and_tail(NAME, what, durations, "ms", target)


if __name__ == "__main__":
    sys.exit(main(measure, __doc__))
