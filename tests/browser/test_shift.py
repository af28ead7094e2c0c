"""Nothing jumps while a page loads: what a reader has begun to look at stays where it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from core.training import run_folder
from core.training.config import TrainConfig
from core.training.run_controller import RunController
from pages.shared.lessons import LESSONS
from tests.browser import chromium as harness
from tests.browser import reader
from tests.training.lives import WhenPaused

pytestmark = [pytest.mark.browser, pytest.mark.long]
MOST = 0.1  # of the sum of layout shifts; up to there web.dev/articles/cls calls a page good
SLOWER = 4  # than this machine is the browser from then on: on a slow one the parts come one after the other

# Sums up what moves from the frame on in which the title of the page and the menu are there.
WATCH = """
  window.moved = { since: Infinity, sum: 0, all: [] };
  const begin = () => {
    window.moved.since = performance.now();
  };
  const look = () => {
    const parts = ['[data-testid=stMain] h1', '[data-testid=stSidebar]'];
    const found = parts.every((part) => document.querySelector(part));
    requestAnimationFrame(found ? begin : look); // that frame is painted before it begins
  };
  look();
  new PerformanceObserver((list) => {
    for (const { startTime, value, sources } of list.getEntries()) {
      if (startTime < window.moved.since) continue;
      window.moved.sum += value;
      window.moved.all.push([value, ...sources.map(({ node, previousRect, currentRect }) =>
        `${node?.dataset?.testid ?? node?.nodeName}: ${previousRect.y} > ${currentRect.y}`)]);
    }
  }).observe({ type: 'layout-shift', buffered: true });
"""


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_what_stands_on_a_page_stays_where_it_is_while_the_rest_comes(
    browser: Browser, address: str, runs_folder: Path, width: int, height: int
) -> None:
    run = run_folder.create(runs_folder, TrainConfig(dataset="digits", epochs=1, threads=1), "in its place")
    RunController(run.path, WhenPaused({"do": "stop"}), lambda **_message: None).run(batches=1)
    profile = harness.Profile(harness.person(browser, still=True), address)
    profile.context.add_init_script(WATCH)
    moved = {}
    for lesson in LESSONS:
        profile.prepare()  # Streamlit's own scripts stay compiled; ours come part by part all the same
        moved[lesson.name] = moves(profile.context, f"{address}/{lesson.url_path}", width, height)
    profile.context.close()
    assert {name: shifts for name, shifts in moved.items() if shifts} == {}


def moves(context: BrowserContext, address: str, width: int, height: int) -> list[object]:
    """What moves where all of it together is more than it may be."""
    page: Page = context.new_page()
    page.set_viewport_size({"width": width, "height": height})
    page.set_default_timeout(60_000)
    session = context.new_cdp_session(page)
    page.goto(address, wait_until="commit")
    page.wait_for_function("window.moved?.since < Infinity")  # what comes before counts for nothing: at full speed
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    harness.settle(page)
    page.locator("[data-testid=stMain] h1").wait_for()
    reader.rest(page)
    since, total, shifts = page.evaluate("[window.moved.since, window.moved.sum, window.moved.all]")
    page.close()
    assert since < float("inf")
    return shifts if total > MOST else []
