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

from benchmarks import picture_frames
from benchmarks.instant import floor_server
from benchmarks.report import Row, main, middle_and_tail, percentile
from core import datasets
from tests.browser.chromium import chromium, person, server

NAME = "first screen"
OPENINGS, SECONDS = 9, 4.0
STAYS = 2.0  # seconds: an answer that is right for so long is no accident
FIND = """(selector) => [...document.querySelectorAll('*')]
  .map((host) => host.shadowRoot?.querySelector(selector)).find(Boolean)"""
READINGS = f"(selector) => Number(({FIND})(selector)?.dataset.readings ?? 0)"
MOVES = f"({READINGS})('.first') > 1"
SLIDER = "document.querySelector('[data-testid=stSlider]')"
PRESSED = "addEventListener('click', (event) => { window.pressed = event.timeStamp; }, true)"
# Every answer to the drawing, with its time and its batch.
ANSWERS = f"""() => {{
  const first = ({FIND})('.first');
  window.answers = [];
  const batch = () => Number(/\\d+/.exec(first.querySelector('.learn .note').textContent)?.[0] ?? 0);
  new MutationObserver(() => window.answers.push([performance.now(), first.dataset.digit, batch()]))
    .observe(first, {{ attributeFilter: ['data-readings'] }});
}}"""
# From the click on Start to the first answer that is right, of those that stay right for a while.
RIGHT = """async ([digit, stays]) => {
  for (;;) {
    await new Promise(requestAnimationFrame);
    const after = window.answers.filter(([time]) => time > window.pressed);
    const wrong = after.findLastIndex(([, answer]) => answer !== digit);
    const [since, , batch] = after[wrong + 1] ?? [];
    if (since && performance.now() - since > stays) return [since - window.pressed, batch];
    if (performance.now() - window.pressed > 60_000) return [60_000, NaN];
  }
}"""
# How many answers a second came from the first batch on, until the training ended or for `most` milliseconds.
WHILE_LEARNING = """(most) => {
  const learning = window.answers.filter(([time, , batch]) => time > window.pressed && batch > 0);
  const times = learning.map(([time]) => time - learning[0][0]).filter((time) => time < most);
  return (1000 * (times.length - 1)) / times.at(-1);
}"""
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
            for durations, at, condition in ((ours, address, MOVES), (floor, smallest, SLIDER)):
                page, seconds = open_until(browser, at, condition)
                durations.append(seconds)
                page.context.close()
    yield from middle_and_tail(NAME, "opening to the first moving picture", ours, "s", "<= 1")
    yield from middle_and_tail(NAME, "opening of a page with one slider", floor, "s")
    share = percentile(ours, 0.5) / percentile(floor, 0.5)
    yield Row(NAME, "opening, p50 against the page with one slider", share, "of it", "<= 2")


def painted(page: Page, selector: str) -> float:
    """Return how often a second a reading is painted while the pen moves."""
    before, start = page.evaluate(READINGS, selector), page.evaluate("performance.now()")
    draw(page)
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


def training(browser: Browser, data: str, environment: dict[str, str]) -> Iterator[Row]:
    """Yield what the first page shows of a training on one data set."""
    with (
        tempfile.TemporaryDirectory(prefix="stepwise-") as runs,
        server({"STEPWISE_RUNS": runs} | environment) as address,
    ):
        page = open_first_page(browser, address)
        right = page.locator(".first").get_attribute("data-digit")
        yield starting(page, data)
        page.wait_for_function("window.answers.some(([time, , batch]) => time > window.pressed && batch > 0)")
        yield from picture_frames.learning(page, NAME, f"MNIST network, {data}")
        yield from learned(page, data, right)
        stop = page.get_by_role("button", name="Stop")
        if stop.is_visible():  # with few images the training may have ended
            stop.click()
        page.context.close()


def starting(page: Page, data: str) -> Row:
    """Press Start; return how long it takes until the answer is another."""
    page.evaluate(PRESSED)
    page.evaluate(ANSWERS)
    page.get_by_role("button", name="Start training").click()
    return Row(NAME, f"Start to another answer, {data}", float(page.evaluate(CHANGED)) / 1000, "s", "<= 3")


def learned(page: Page, data: str, right: str | None) -> Iterator[Row]:
    """Yield how often the answer came, and when and with which batch the new network read the digit right."""
    rate = page.evaluate(WHILE_LEARNING, 1000 * SECONDS)
    yield Row(NAME, f"pictures a second while training, {data}", rate, "", ">= 5")
    milliseconds, batch = page.evaluate(RIGHT, [right, 1000 * STAYS])
    yield Row(NAME, f"Start to the digit read right, {data}", milliseconds / 1000, "s", "<= 15")
    yield Row(NAME, f"trained until the digit is read right, {data}", batch, "batches")


def open_first_page(browser: Browser, address: str) -> Page:
    """Open the first page, count its frames, and wait until the digit has written itself."""
    page = person(browser).new_page()
    page.add_init_script(picture_frames.COUNT)
    page.goto(address)
    page.wait_for_function(f"({FIND})('.first')?.dataset.rests === 'true'", timeout=60_000)
    return page


def network_of(page: Page, address: str, network: str) -> Iterator[Row]:
    """Yield the frames of the picture of a network on LeNet."""
    page.goto(f"{address}/lenet?lenet_network={network}")
    page.locator(".walk[data-step]").wait_for()
    page.keyboard.press("Escape")
    page.locator(".network .picture canvas").wait_for()
    yield from picture_frames.hovering(page, NAME, f"{network} on LeNet")
    yield from picture_frames.zooming(page, NAME, f"{network} on LeNet")


def measure() -> Iterator[Row]:
    """Yield the rows of this benchmark; with MNIST where it is."""
    with tempfile.TemporaryDirectory(prefix="stepwise-") as empty, chromium() as browser:
        with server({"STEPWISE_RUNS": empty}) as address:
            yield from openings(browser, address)
            page = open_first_page(browser, address)
            yield Row(NAME, "readings a second while drawing, first page", painted(page, ".first"), "", ">= 20")
            yield from picture_frames.hovering(page, NAME, "built-in network")
            yield from picture_frames.zooming(page, NAME, "built-in network")
            for network in ("mnist", "lenet5"):
                yield from network_of(page, address, network)
            page.goto(f"{address}/draw")
            page.wait_for_function(f"({READINGS})('.reading') > 0", timeout=60_000)
            page.wait_for_timeout(2_000)
            yield Row(NAME, "readings a second while drawing, Draw", painted(page, ".reading"), "", ">= 20")
        yield from training(browser, "built-in digits", {"STEPWISE_DATA": empty})
        if datasets.available()[0] == "mnist":
            yield from training(browser, "MNIST", {})


if __name__ == "__main__":
    sys.exit(main(measure, __doc__))
