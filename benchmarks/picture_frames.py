"""What a frame costs in which the picture of a network is painted: hovered, zoomed, and while the network learns.

The work of a frame is what the page's main thread does for it: the handlers of pointer and messages, scripts,
style, layout and painting. Rasterizing is done beside it; it shows in the frames a second.
"""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

from benchmarks.report import Row, middle_and_tail
from tests.browser import reader

FRAME_MS = 1000 / 60
SECONDS = 4.0
ZOOMS = 6
# Before the page's own scripts: adds up what handlers take, and the time from a frame's first callback to a message
# that is posted there and arrives after the frame was painted. Frames in which no picture is painted do not count.
COUNT = """(() => {
  const counted = (window.counted = { works: [], frames: 0 });
  let [spent, start, painted] = [0, 0, false];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    counted.frames += 1;
    if (painted) counted.works.push(spent + performance.now() - start);
    [spent, painted] = [0, false];
  };
  const frame = () => {
    start = performance.now();
    port2.postMessage(0);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const timed = (act) => function (...values) {
    const before = performance.now();
    try { return act.apply(this, values); } finally { spent += performance.now() - before; }
  };
  let before = 0;
  for (const kind of ['pointermove', 'click', 'keydown']) {
    addEventListener(kind, () => { before = performance.now(); }, true);
    addEventListener(kind, () => { spent += performance.now() - before; });
  }
  const message = Object.getOwnPropertyDescriptor(WebSocket.prototype, 'onmessage');
  const set = function (act) { message.set.call(this, timed(act)); };
  Object.defineProperty(WebSocket.prototype, 'onmessage', { ...message, set });
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    painted ||= Boolean(this.canvas.closest('.stage'));
    return clear.apply(this, box);
  };
})()"""
RESET = "() => { Object.assign(window.counted, { works: [], frames: 0, since: performance.now() }); }"
TAKEN = "() => ({ ...window.counted, seconds: (performance.now() - window.counted.since) / 1000 })"


def rows(page: Page, name: str, what: str) -> Iterator[Row]:
    """Yield what the frames since ``RESET`` cost, and how many there were a second."""
    counted = page.evaluate(TAKEN)
    if counted["works"]:
        yield from middle_and_tail(name, f"{what}: work of a frame", counted["works"], "ms", f"<= {FRAME_MS:.1f}")
    yield Row(name, f"{what}: frames a second", counted["frames"] / counted["seconds"], "")


def hovering(page: Page, name: str, network: str) -> Iterator[Row]:
    """Yield the rows of a pointer that goes over the whole picture, a step each frame."""
    box = reader.place(page.locator(".picture > .stage"))
    page.evaluate(RESET)
    end = page.evaluate("performance.now()") + 1000 * SECONDS
    step = 0
    while page.evaluate("new Promise(requestAnimationFrame)") < end:
        step += 1
        across, down = step * 7 % 100 / 100, step * 3 % 89 / 89
        page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])
    yield from rows(page, name, f"{network}, hovered")


def zooming(page: Page, name: str, network: str) -> Iterator[Row]:
    """Yield the rows of going close to a map of the second layer with maps, and back, by key."""
    page.mouse.move(0, 0)
    stage = page.locator(".picture > .stage")
    stage.focus()
    for key in ("Home", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    page.evaluate(RESET)
    for _ in range(ZOOMS):
        for key in ("Enter", "Escape"):
            page.keyboard.press(key)
            reader.frames(page, 40)  # it moves for less than half a second
    yield from rows(page, name, f"{network}, zoomed in and out")


def learning(page: Page, name: str, network: str) -> Iterator[Row]:
    """Yield the rows of a picture that shows a network which learns."""
    page.evaluate(RESET)
    page.wait_for_timeout(1000 * SECONDS)
    yield from rows(page, name, f"{network}, while it learns")
