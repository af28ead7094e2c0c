"""When the user sees something: times taken inside a real Chromium, from the input to the frame after the change.

All times are Unix seconds, so those of the browser and those of Python on one machine can be subtracted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.chromium import server

QUIET = 0.3  # seconds without a change after which a picture counts as complete
__all__ = ["QUIET", "WatchedPage", "server", "watched"]

# Notes the latest input and the latest change that was painted. A change is a mutation of what is shown (not of
# what only marks it, such as a class) or a call that draws on a canvas, inside `stepwise.target`, shadow roots
# included. A message posted in a frame's callback arrives after that frame was painted.
WATCH = """
(() => {
  const clock = () => (performance.timeOrigin + performance.now()) / 1000;
  const input = (event) => {
    try { top.stepwise.input = (performance.timeOrigin + event.timeStamp) / 1000 } catch { /* another origin */ }
  };
  for (const kind of ['pointerup', 'touchend', 'keydown']) addEventListener(kind, input, true);
  if (top !== window) return;

  const own = (window.stepwise = { input: 0, painted: 0, changes: 0, answers: 0, target: '[data-testid=stMain]' });
  let waiting = false;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => { waiting = false; own.painted = clock() };
  const changed = () => {
    own.changes += 1;
    if (!waiting) { waiting = true; requestAnimationFrame(() => port2.postMessage(0)) }
  };
  const inside = (node) => {
    for (let at = node; at; at = at.parentNode ?? at.host) {
      if (at.nodeType === 1 && at.matches('.live')) return false; // for a screen reader: heard later, never seen
      if (at.nodeType === 1 && at.matches(own.target)) return true;
    }
    return false;
  };
  const options = {
    subtree: true, childList: true, characterData: true, attributes: true,
    attributeFilter: ['src', 'href', 'd', 'x', 'y', 'points', 'transform', 'fill', 'aria-valuenow', 'aria-checked'],
  };
  const observer = new MutationObserver((found) => { if (found.some(({ target }) => inside(target))) changed() });
  observer.observe(document, options);
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...settings) {
      super(...settings);
      this.addEventListener('message', () => { own.answers += 1 });
    }
  };
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (how) {
    const root = attach.call(this, how);
    observer.observe(root, options);
    return root;
  };
  for (const name of ['fillRect', 'clearRect', 'fill', 'stroke', 'fillText', 'drawImage', 'putImageData']) {
    const draw = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...values) {
      if (inside(this.canvas)) changed();
      return draw.apply(this, values);
    };
  }
})();
"""

# A page is painted when its script has run, its title is there and each chart and component has drawn something.
# Some components draw nothing: they listen, or keep something in the browser.
COMPLETE = """
() => {
  const unseen = '.st-key-frame, .st-key-draw_canvas_keys, .st-key-draw_store, .st-key-your_code_access';
  const app = document.querySelector('[data-testid=stApp]');
  if (app?.dataset.testScriptState !== 'notRunning' || !document.querySelector('h1')) return false;
  const painted = (host) => (host.shadowRoot ?? host).querySelector('svg, canvas, div') && host.offsetHeight > 0;
  const drawn = (host) => host.closest(unseen) || painted(host);
  const hosts = document.querySelectorAll('[data-testid^=stBidiComponent], [data-testid=stPlotlyChart]');
  return !document.querySelector('[data-testid=stSkeleton]') && [...hosts].every(drawn);
}
"""
AFTER_PAINT = """
async ([complete, seconds]) => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const end = performance.now() + 1000 * seconds;
  while (!eval(complete)()) {
    if (performance.now() > end) throw new Error(`not painted within ${seconds} s`);
    await frame();
  }
  await frame();
  return (performance.timeOrigin + performance.now()) / 1000;
}
"""
SETTLED = """
async ([quiet, most, answers, changes]) => {
  const seen = () => !changes || (stepwise.input && stepwise.painted > stepwise.input);
  const clock = () => (performance.timeOrigin + performance.now()) / 1000;
  const begun = clock();
  let busy = begun;
  for (;;) {
    const app = document.querySelector('[data-testid=stApp]');
    if (app.dataset.testScriptState !== 'notRunning') busy = clock();
    const last = Math.max(busy, stepwise.painted);
    if (stepwise.answers >= answers && seen() && clock() - last > quiet) return { ...stepwise };
    if (clock() - begun > most) return { ...stepwise, endless: true };
    await new Promise((done) => setTimeout(done, 10));
  }
}
"""


class WatchedPage:
    """A page whose inputs and paints are noted."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, url: str) -> float:
        """Open ``url`` and return the time at which the whole page was painted."""
        self.page.goto(url, wait_until="commit")
        return self.complete()

    def complete(self) -> float:
        """Wait until the whole page is painted and return when that was."""
        return float(self.page.evaluate(AFTER_PAINT, [COMPLETE, 30]))

    def until(self, condition: str, seconds: float = 30) -> float:
        """Wait until the JavaScript function ``condition`` holds and return the time of the paint after it."""
        return float(self.page.evaluate(AFTER_PAINT, [condition, seconds]))

    def input(self) -> float:
        """Return the time of the latest key, click or touch."""
        return float(self.page.evaluate("stepwise.input"))

    def seconds(
        self, act: Callable[[Page], Any], target: str = "[data-testid=stMain]", answers: int = 1, most: float = 15
    ) -> float:
        """Do ``act`` and return the time from its last input to the last change of the picture in ``target``.

        ``answers`` is how many messages the server sends for it at least; 0 for what happens in the browser alone.
        Raises ``RuntimeError`` when nothing changes, or changes never end.
        """
        self.settle()
        self.page.evaluate(
            "(target) => Object.assign(stepwise, { target, input: 0, changes: 0, answers: 0 })", target
        )
        act(self.page)
        times = self.page.evaluate(SETTLED, [QUIET, most, answers, 1])
        if not times["input"] or times["painted"] < times["input"]:
            raise RuntimeError(f"no new picture in {target} after an input at {times['input']}: {times}")
        if times.get("endless"):
            raise RuntimeError(f"the picture in {target} does not come to rest within {most} s")
        return float(times["painted"] - times["input"])

    def settle(self) -> None:
        """Wait until no script runs and nothing has changed for a moment."""
        self.page.evaluate(SETTLED, [QUIET, 10, 0, 0])


@contextmanager
def watched(browser: Browser, width: int = 1280, height: int = 900) -> Iterator[WatchedPage]:
    """Yield a ``WatchedPage`` page of a user without cookies or cache; what plays by itself stands still for it."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="en-US", reduced_motion="reduce"
    )
    context.add_init_script(WATCH)
    page = context.new_page()
    page.set_default_timeout(60_000)
    try:
        yield WatchedPage(page)
    finally:
        context.close()
