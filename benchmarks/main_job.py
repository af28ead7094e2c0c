"""The whole path of a learner on real MNIST, in a real Chromium, in both languages.

    python -m benchmarks.main_job [--json]

Start, watch the curve, pause, change the learning rate, resume, the tutorial's three epochs to their end, go on
from a checkpoint as a new run, draw a digit with the trained network, have it read. Needs MNIST
(``STEPWISE_DATA``); takes about two minutes.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from benchmarks.pages import READING
from benchmarks.report import Row, main
from core import datasets, i18n
from core.training.run_folder import RunFolder
from core.training.status import read_status
from tests.browser import chromium as harness

NAME = "main job"
LOOKING = 5  # seconds in which the updates of the curve are counted
WAIT = 300_000  # milliseconds for three epochs
PLOT = "document.querySelector('.live-chart-plot')"
DRAWN = f"""
new Promise((done) => {{
  let drawn = 0;
  const count = () => {{ drawn += 1; }};
  {PLOT}.on('plotly_afterplot', count);
  setTimeout(() => {{ {PLOT}.removeListener('plotly_afterplot', count); done(drawn); }}, {1000 * LOOKING});
}})
"""


class Learner:
    """A user at the browser who reads one language."""

    def __init__(self, page: Page, language: str, runs: Path) -> None:
        self.page, self.language, self.runs = page, language, runs

    def word(self, text: str) -> str:
        """The words on the screen for an English text."""
        return i18n.translate(self.language, text)

    def button(self, text: str) -> Locator:
        """Return the button of the page that says so."""
        return self.page.get_by_test_id("stMain").get_by_role("button", name=self.word(text), exact=True).first

    def press(self, text: str) -> None:
        """Press a button once it can be pressed."""
        expect(self.button(text)).to_be_enabled(timeout=30_000)
        self.button(text).click()

    def until(self, state: str) -> None:
        """Wait until the row above the curve says that the run is in this state."""
        state_text = self.page.get_by_test_id("run-numbers").locator("dd").first
        expect(state_text).to_have_text(self.word(state), timeout=WAIT)
        harness.settle(self.page)

    def run(self) -> Path:
        """Return the folder of the newest run."""
        return max(self.runs.glob("*/status.json"), key=lambda path: path.stat().st_ctime).parent


def train(learner: Learner, address: str) -> Iterator[tuple[str, float, str, str]]:
    """Start, watch, pause, change the rate, resume, and wait for the end."""
    page = learner.page
    page.goto(f"{address}/train?run=new&train_dataset=mnist&lang={learner.language}")
    harness.settle(page)
    learner.press("Start")
    page.wait_for_function(f"() => ({PLOT}?.data ?? []).some(t => t.x.length > 20)")
    yield "updates of the curve a second", page.evaluate(DRAWN) / LOOKING, "", ">= 5"
    learner.press("Pause")
    learner.until("paused")
    page.get_by_role("spinbutton", name=learner.word("Learning rate from the next batch on")).fill("0.02")
    learner.press("Apply")
    harness.settle(page)
    learner.press("Resume")
    learner.until("finished")
    status = read_status(learner.run())
    yield "test accuracy after three epochs", 100 * (status.accuracy or 0), "%", ">= 96.5"
    changes = RunFolder(learner.runs, learner.run().name).changes()
    yield "changes of the learning rate in its history", len(changes), "", ">= 1"


def go_on(learner: Learner) -> Iterator[tuple[str, float, str, str]]:
    """Continue from the newest checkpoint as a new run, and stop it."""
    parent = learner.run().name
    learner.page.get_by_role("tab", name=learner.word("Checkpoints")).click()
    learner.press("Continue from here")
    learner.press("Start")
    learner.until("running")
    learner.press("Stop")
    learner.until("stopped")
    config = RunFolder(learner.runs, learner.run().name).config
    has_parent = config.parent is not None and config.parent.run == parent
    yield "the new run knows its parent", float(has_parent), "", ">= 1"


def draw(learner: Learner) -> Iterator[tuple[str, float, str, str]]:
    """Go to Draw with the new run's checkpoint, draw a bar, and have it read."""
    page = learner.page
    page.get_by_role("tab", name=learner.word("Checkpoints")).click()
    page.get_by_role("link", name=learner.word("Draw with this network")).first.click()
    page.locator("[data-answer]").wait_for()
    harness.settle(page)
    learner.press("Clear")
    expect(page.locator("[data-answer]")).to_have_count(0)
    harness.settle(page)
    box = page.locator("canvas.upper-canvas").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"]
    page.mouse.move(x, y + 40)
    page.mouse.down()
    page.mouse.move(x, y + 240, steps=8)
    page.mouse.up()
    page.locator("[data-answer]").wait_for()
    digit = page.locator("[data-answer]").get_attribute("data-answer")
    yield "a bar is read as a 1", float(digit == "1"), "", ">= 1"
    harness.no_traceback(page)


def learn(browser: Browser, address: str, runs: Path, language: str) -> Iterator[Row]:
    """Go the whole path in one language."""
    page = harness.open_page(browser, address, language=language)
    page.wait_for_timeout(1000 * READING)
    learner = Learner(page, language, runs)
    for part in (train(learner, address), go_on(learner), draw(learner)):
        for metric, value, unit, target in part:
            yield Row(NAME, f"{language}: {metric}", value, unit, target)
    page.context.close()


def measure() -> Iterator[Row]:
    """Yield the rows of this benchmark."""
    if "mnist" not in datasets.available():
        raise SystemExit("MNIST is not here: set STEPWISE_DATA, or download it on the page The digits")
    with (
        tempfile.TemporaryDirectory(prefix="stepwise-") as runs,
        harness.server({"STEPWISE_RUNS": runs}) as address,
        harness.chromium() as browser,
    ):
        for language in i18n.LANGUAGES:
            yield from learn(browser, address, Path(runs), language)


if __name__ == "__main__":
    sys.exit(main(measure, __doc__))
