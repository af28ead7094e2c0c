"""How long an instrument takes to follow the hand, against a page that does nothing.

    python -m benchmarks.instant [--json] [--presses 60] [--only NAME]

The yardstick, *floor*, is the smallest Streamlit page there is, one slider and one text, served on the same machine
and measured in the same run, in turns with the instrument: ratios hold on a noisy machine. A time is that from the
key press on a slider to the frame in which what follows from it is painted, in a real Chromium; then the same
beside a training run. What the browser answers alone, hover and keys, is timed from event to paint.
"""

from __future__ import annotations

import argparse
import contextlib
import queue
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from benchmarks.first_point import LOSSES, POINT, button, press
from benchmarks.pages import READING as PAUSE
from benchmarks.report import Row, middle_and_tail, percentile, show
from core.training import run_folder
from core.training.config import EPOCHS_MAX, TrainConfig
from core.training.run_controller import RunController
from tests.browser import chromium

NAME = "instant"
TURN = 12  # presses in one page before it is the other's turn; of four, two go there and two back
FLOOR_PAGE = """import streamlit as st

value = st.slider("value", 0, 1000, 500)
st.text(f"the value is {value}")
"""
FRAME_MS = 16.0

# A message posted in a frame's callback arrives after that frame was painted. Streamlit may put another element in
# place of the one that is watched, so the text of whatever the selector finds is compared.
WATCH = """(watched, { selector, kind }) => {
  window.took = null;
  const root = watched.getRootNode();
  const text = () => {
    const found = root.querySelector(selector);
    return found && found.textContent + (found.dataset.readings ?? '');
  };
  const before = text();
  document.addEventListener(kind, (event) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { window.took = performance.now() - event.timeStamp; };
    const observer = new MutationObserver(() => {
      if ((text() ?? before) === before) return;
      observer.disconnect();
      requestAnimationFrame(() => port2.postMessage(0));
    });
    const kinds = { childList: true, characterData: true, attributeFilter: ['data-readings'] };
    observer.observe(root, { subtree: true, ...kinds });
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


@dataclass
class Control:
    """A slider, what changes when it moves, and the times that this took."""

    name: str
    page: Page
    slider: str
    watched: str
    times: list[float] = field(default_factory=list)

    def press(self, presses: int) -> None:
        """Press arrow keys, there and back, and time each picture."""
        self.page.bring_to_front()
        self.page.get_by_role("slider", name=self.slider).first.focus()
        for turn in range(presses):
            key = "ArrowRight" if turn % 4 < 2 else "ArrowLeft"
            self.time("keydown", partial(self.page.keyboard.press, key))
            self.page.wait_for_timeout(400)  # the page is told meanwhile, and has run

    def time(self, kind: str, act: Callable[[], None]) -> None:
        """Time from the event of this kind that ``act`` brings to the frame that shows what follows."""
        self.page.locator(self.watched).first.evaluate(WATCH, {"selector": self.watched, "kind": kind})
        act()
        self.page.wait_for_function("() => window.took !== null", polling=50)
        self.times.append(float(self.page.evaluate("() => window.took")))

    def new(self) -> list[float]:
        """Return the times so far and begin again."""
        times_ms, self.times = self.times, []
        return times_ms


class Pen(Control):
    """The pen on Draw: ``slider`` is the selector of the pad."""

    def press(self, presses: int) -> None:
        """Draw a stroke of so many moves, and time each reading."""
        self.page.bring_to_front()
        box = self.page.locator(self.slider).first.bounding_box()
        assert box is not None
        left, top, side = box["x"], box["y"], box["width"]
        self.page.mouse.move(left + 0.4 * side, top + 0.2 * side)
        self.page.mouse.down()
        for turn in range(presses):
            x, y = left + (0.4 + 0.01 * (turn % 7)) * side, top + (0.2 + 0.6 * (turn + 1) / presses) * side
            self.time("pointermove", partial(self.page.mouse.move, x, y))
            self.page.wait_for_timeout(100)
        self.page.mouse.up()
        self.page.wait_for_timeout(400)


class Pause(Control):
    """The button Pause of a run that trains, until it is painted: the worker ends its batch and saves first."""

    def press(self, presses: int) -> None:
        """Pause and resume so often, and time each pause."""
        self.page.bring_to_front()
        for _ in range(presses):
            button(self.page, self.slider).focus()
            self.time("keydown", partial(self.page.keyboard.press, "Enter"))
            press(self.page, "Resume")
            expect(button(self.page, self.slider)).to_be_enabled(timeout=60_000)
            self.page.wait_for_timeout(400)  # the page is told meanwhile, and has run


CONTROLS = (  # of the instruments: address, slider, what changes, the name in the rows
    ("convolution?convolution_input=dice&convolution_size=7", "kernel_size", ".formulas", "convolution 7×7"),
    ("convolution?convolution_input=digit&convolution_kernel=5", "kernel_size", ".formulas", "convolution 28×28"),
    ("convolution?convolution_input=digit&convolution_kernel=5", "padding in cells", ".formulas", "padding 28×28"),
    ("operators?operators_name=Linear", "out_features", ".shape", "operators, an argument"),
    ("two_layers", "H, logarithmic", ".ways-parameters", "two layers, hidden units"),
    ("linear_fit", "Learning rate, logarithmic", ".fit-limit", "linear fit, the learning rate"),
    ("lenet", "New value of conv1 · conv2d", ".opened h2", "LeNet, what-if"),
    ("lenet?lenet_at=42", "Learning rate, logarithmic", ".words", "LeNet, the learning rate"),
    ("train?run={run}", "Smoothing", ".run-latest", "train, the smoothing of a curve"),
)
PEN, READING = "draw, the pen", ".reading"
PAUSED = "train, Pause"
MOST = {PEN: (0.6, 0.6), PAUSED: (1.0, 1.0)}  # of the floor's, where that is another than of the others
OPENS = {"lenet": '.group[data-role="output"] canvas'}  # where a click brings the slider


@contextlib.contextmanager
def floor_server() -> Iterator[str]:
    """Serve the smallest page, and yield its address."""
    with tempfile.TemporaryDirectory(prefix="stepwise-") as folder:
        (Path(folder) / "app.py").write_text(FLOOR_PAGE, encoding="utf-8")
        arguments = ("--browser.gatherUsageStats=false",)
        address, process = chromium.launch(arguments=arguments, folder=Path(folder))
        try:
            chromium.wait_until_healthy(address, process)
            yield address
        finally:
            chromium.end(process)


def in_turns(controls: list[Control], presses: int) -> None:
    """Let every control be pressed so often, by turns, so that a noise of the machine is in all of them."""
    for _ in range(-(-presses // TURN)):
        for control in controls:
            control.press(TURN)


def rows(controls: list[Control], beside: str = "", shares: tuple[float, float] = (0.45, 0.5)) -> Iterator[Row]:
    """Return what was taken: milliseconds, and the share of the floor's."""
    floor, *instruments = [(control.name, control.new()) for control in controls]
    yield from middle_and_tail(NAME, f"floor{beside}", floor[1], "ms")
    for name, times_ms in instruments:
        yield from middle_and_tail(NAME, f"{name}{beside}", times_ms, "ms", "<= 50" if not beside else "")
        for rank, most in zip((0.5, 0.95), MOST.get(name, shares), strict=True):
            share = percentile(times_ms, rank) / percentile(floor[1], rank)
            yield Row(NAME, f"{name}{beside}, p{100 * rank:g} against the floor's", share, "of it", f"<= {most}")


def trained(root: Path) -> str:
    """Train a small run to its end in this process and return its id."""
    run = run_folder.create(root, TrainConfig(dataset="digits", epochs=10, threads=1))
    RunController(run.path, queue.Queue(), lambda **_message: None).run()
    return run.id


def open_controls(browser: Browser, address: str, run: str, only: str = "") -> list[Control]:
    """Open the page of each control whose name has ``only`` in it; ``run`` is one that has ended."""
    open_ones = []
    for path, slider, watched, name in CONTROLS:
        if only not in name:
            continue
        page = chromium.open_page(browser, f"{address}/{path.format(run=run)}")
        if path in OPENS:
            page.locator(OPENS[path]).first.click(position={"x": 40, "y": 40})
            page.get_by_role("slider", name=slider).first.press("ArrowRight")
        page.locator(watched).first.wait_for()
        open_ones.append(Control(name, page, slider, watched))
    if only in PEN:
        page = chromium.open_page(browser, f"{address}/draw")
        page.locator(READING).first.wait_for()
        open_ones.append(Pen(PEN, page, "canvas.upper-canvas", READING))
    return open_ones


def measure(presses: int, only: str = "") -> Iterator[Row]:
    """Yield the rows of this benchmark."""
    with (
        tempfile.TemporaryDirectory(prefix="stepwise-") as runs,
        floor_server() as floor_address,
        chromium.server({"STEPWISE_RUNS": runs}) as address,
        chromium.chromium() as browser,
    ):
        run = trained(Path(runs))
        floor_page = chromium.open_page(browser, floor_address)
        floor = Control("floor", floor_page, "value", "[data-testid=stText]")
        controls = [floor, *open_controls(browser, address, run, only)]
        floor_page.wait_for_timeout(1000 * PAUSE)  # what other lessons need is prepared meanwhile
        in_turns(controls, TURN)
        for control in controls:
            control.new()  # the first ones bring modules and connections
        in_turns(controls, presses)
        yield from rows(controls)
        for control in (each for each in controls if "kernel_size" in each.slider):
            control.page.bring_to_front()
            times_ms = control.page.locator(".window").evaluate(HOVER)
            yield from middle_and_tail(NAME, f"hover and keys, {control.name}", times_ms, "ms", f"<= {FRAME_MS:g}")
        # It outlasts all presses: 1,000 epochs of the built-in digits do not, and a run that is over has no Pause.
        training = chromium.open_page(browser, f"{address}/train?run=new&train_epochs={EPOCHS_MAX}")
        press(training, "Start")
        training.wait_for_function(POINT % LOSSES, timeout=120_000)
        if only in PAUSED:
            controls.append(Pause(PAUSED, training, "Pause", ".run-numbers dd"))
        in_turns(controls, presses)
        yield from rows(controls, ", beside a run", (0.5, 0.5))


def main(arguments: list[str] | None = None) -> int:
    """Print the rows; exit status 1 when a target is not met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--presses", type=int, default=60, help="of each control, of the floor's too")
    parser.add_argument("--only", default="", help="controls with this in their names, such as 'linear fit'")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args(arguments)
    return show(measure(options.presses, options.only), options.json)


if __name__ == "__main__":
    sys.exit(main())
