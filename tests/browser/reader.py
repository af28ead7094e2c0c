"""What a reader of a page does by nature and a test has to do on purpose: wait until it is at rest, open a list."""

from __future__ import annotations

import contextlib

from playwright.sync_api import Locator, Page, TimeoutError

ATTEMPTS = 5
PATIENCE = 5_000  # milliseconds that an attempt may take

# Brings an element into view and waits until it has stood still there for some frames.
STANDS_STILL = """(element, block) => new Promise((done) => {
  element.scrollIntoView({ block });
  let [at, frames] = ['', 0];
  const look = () => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const now = [x, y, width, height].join();
    frames = now === at ? frames + 1 : 0;
    at = now;
    if (frames >= 4 || !element.isConnected) done({ x, y, width, height });
    else requestAnimationFrame(look);
  };
  look();
})"""

FRAMES = """(count) => new Promise((done) => {
  const next = () => (count-- ? requestAnimationFrame(next) : done());
  next();
})"""

# Whether what `seen` returns has been the same for `quiet` milliseconds, the script of the page has
# ended and every instrument has drawn.
UNCHANGED = """([seen, quiet]) => {
  const app = document.querySelector('[data-testid=stApp]');
  const runs = app?.dataset.testScriptState !== 'notRunning';
  const waits = document.querySelector('[data-testid=stSkeleton]') || document.fonts.status !== 'loaded';
  const instruments = [...document.querySelectorAll('[class*=st-key-][class*=_instrument]')]; // as in frame.css
  const draws = instruments.some((each) => each.checkVisibility() && !each.querySelector('[data-drawn]'));
  const now = runs || waits || draws ? NaN : JSON.stringify(eval(seen)());
  const before = window.restTest;
  if (before?.now !== now) window.restTest = { now, since: performance.now() };
  else if (performance.now() - before.since >= quiet) {
    delete window.restTest;
    return true;
  }
  return false;
}"""

# What stands on the page and how high it is; text that plays does not count.
SHAPE = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  const all = [...main.querySelectorAll('*')];
  return [all.length, main.scrollHeight, all.filter((each) => each.shadowRoot?.childElementCount).length];
}"""


def rest(page: Page, region: str = SHAPE, quiet: int = 300) -> None:
    """Wait until the script of the page has ended and what ``region`` returns has not changed for ``quiet`` ms."""
    page.wait_for_function(UNCHANGED, arg=[region, quiet], polling=40)


def frames(page: Page, count: int) -> None:
    """Wait until the browser has painted so often; each frame takes 17 ms or longer."""
    page.evaluate(FRAMES, count)


def place(element: Locator) -> dict[str, float]:
    """Where an element is in the window once it stands still there: a pointer aims at it, not at where it was."""
    edges: dict[str, float] = element.evaluate(STANDS_STILL, "nearest")
    return edges


def stop_time(page: Page) -> None:
    """Let time pass only with ``page.clock.run_for`` from here on; the page was visited with ``clock=True``."""
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 60)  # a time that has not come yet


def choose(box: Locator, option: Locator) -> None:
    """Open the list of a select box and press ``option`` in it.

    Streamlit closes an open list as soon as the page scrolls. A browser brings a control that gets the focus into
    view and tells of that scrolling one frame later, when a test has pressed the key already. A reader is slower,
    opens the list again when the page moved below it, and presses again what a new run of the page replaced.
    """
    for _attempt in range(ATTEMPTS):
        with contextlib.suppress(TimeoutError):
            if box.get_attribute("aria-expanded", timeout=PATIENCE) != "true":
                box.evaluate(STANDS_STILL, "center")
                box.click(timeout=PATIENCE)
            option.click(timeout=PATIENCE)
            option.wait_for(state="detached", timeout=PATIENCE)
            return
    raise AssertionError(f"the list of {box} does not stay open, or pressing {option} chooses nothing")
