"""How long the user waits on the Convolution page: ``python -m benchmarks.convolution [--json]``.

Slider: from the key press to the frame in which the new figure stands. Hover and keys: handling, sum and painting.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from playwright.sync_api import Page

from benchmarks.pages import READING
from benchmarks.report import Row, main, middle_and_tail
from tests.browser import chromium

NAME = "convolution"
ADDRESSES = {
    "7×7 numbers": "convolution?convolution_input=dice&convolution_size=7",
    "28×28 digit": "convolution?convolution_input=digit&convolution_size=28&convolution_kernel=5",
}
PRESSES = 100

# The drawing's captions name the kernel's size; the clock stops when the first frame in which they have changed is
# painted: a message posted in a frame's callback arrives after that.
WATCH = """(root) => {
  window.took = null;
  document.addEventListener('keydown', (event) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { window.took = performance.now() - event.timeStamp; };
    const observer = new MutationObserver(() => {
      observer.disconnect();
      requestAnimationFrame(() => port2.postMessage(0));
    });
    const caption = root.querySelectorAll("figcaption")[1];
    observer.observe(caption, { subtree: true, childList: true, characterData: true });
  }, { once: true, capture: true });
}"""

HOVER = """(root) => {
  const times = [];
  const timed = (event, target) => {
    const start = performance.now();
    target.dispatchEvent(event);
    times.push(performance.now() - start);
  };
  for (const canvas of root.querySelectorAll('canvas')) {
    const box = canvas.getBoundingClientRect();
    for (let n = 1; n < 100; n++) {
      const [clientX, clientY] = [box.x + (n / 100) * box.width, box.y + (n / 100) * box.height];
      timed(new PointerEvent('pointermove', { clientX, clientY, bubbles: true }), canvas);
    }
  }
  for (let n = 0; n < 100; n++) timed(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }), root);
  return times;
}"""


def slider(page: Page) -> list[float]:
    """Press arrow keys on the kernel slider and time each new figure."""
    handle = page.get_by_role("slider", name="kernel_size")
    handle.focus()
    taken = []
    for press in range(PRESSES):
        page.locator(".window").evaluate(WATCH)
        page.keyboard.press("ArrowRight" if press % 4 < 2 else "ArrowLeft")
        page.wait_for_function("() => window.took !== null", polling=50)
        taken.append(float(page.evaluate("() => window.took")))
        page.wait_for_timeout(300)
    return taken


def measure() -> Iterator[Row]:
    """Yield the rows of this benchmark, from a real Chromium against a fresh server."""
    with chromium.server() as address, chromium.chromium() as browser:
        for name, path in ADDRESSES.items():
            page = chromium.open_page(browser, f"{address}/{path}")
            page.wait_for_selector(".window .check")
            page.wait_for_timeout(1000 * READING)  # what other lessons need is prepared meanwhile
            yield from middle_and_tail(NAME, f"slider to the new figure, {name}", slider(page), "ms", "<= 150")
            hovered = page.locator(".window").evaluate(HOVER)
            yield from middle_and_tail(NAME, f"hover and keys, {name}", hovered, "ms", "<= 16")
            page.context.close()


if __name__ == "__main__":
    sys.exit(main(measure, __doc__))
