"""How long a step of the walk takes in a real browser: ``python -m benchmarks.walk_steps``.

A step is timed from the key press to the first frame after it; an opened cell from the click to its terms.
"""

from __future__ import annotations

import argparse
import statistics
import time

from playwright.sync_api import Page

from tests.browser import chromium

STEP = """async (key) => {
  const began = performance.now();
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return performance.now() - began;
}"""


def table(name: str, milliseconds: list[float]) -> str:
    """Return count, median, p95 and maximum as a line."""
    ordered = sorted(milliseconds)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    median = statistics.median(ordered)
    return f"{name:22} n={len(ordered):3}  p50={median:7.1f}  p95={p95:7.1f}  max={ordered[-1]:7.1f} ms"


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


def main() -> None:
    """Start a server and a browser, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", help="a running server; without it one is started")
    parser.add_argument("--network", default="lenet5")
    options = parser.parse_args()
    if options.address:
        measure(options.address, options.network)
    else:
        with chromium.server() as address:
            measure(address, options.network)


def measure(address: str, network: str) -> None:
    """Print the times of one network."""
    with chromium.chromium() as browser:
        chromium.open_page(browser, address).context.close()  # a fresh server's first page imports torch
        page = chromium.open_page(browser, f"{address}/steps?steps_network={network}")
        page.wait_for_selector(".walk[data-step]")
        print(table("a step", steps(page)))
        print(table("a cell opened", cells(page, 20)))


if __name__ == "__main__":
    main()
