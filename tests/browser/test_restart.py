"""Tabs that stay open while their server is killed and started again: each works on with all that was set."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from core.training import run_folder
from core.training.config import TrainConfig
from core.training.run_controller import RunController
from core.training.run_folder import RunFolder
from tests.browser import chromium as harness
from tests.browser import reader
from tests.browser import test_live as convolution
from tests.browser import test_operators as operators
from tests.training.lives import WhenPaused

pytestmark = [pytest.mark.browser, pytest.mark.long]
SECRET = "sesame"
Check = Callable[[], None]
OPERATOR = "operators_name=Linear"
SMALL = "two_layers_N=8&two_layers_D_in=20&two_layers_D_out=3&two_layers_iterations=20"


class Tabs:
    """The tabs of one reader: each is set up, used while the server is down, and looked at after its restart."""

    def __init__(self, context: BrowserContext, address: str, run: RunFolder) -> None:
        self.context, self.address, self.run = context, address, run
        self.down: list[Check] = []  # what the hand does while nobody hears it
        self.after: list[Check] = []

    def open(self, path: str, ready: str) -> Page:
        page = harness.open_in(self.context, f"{self.address}/{path}")
        page.locator(ready).first.wait_for()
        return page

    def convolution(self) -> None:
        """Pinned, moved, and moved on while the server is down, the pin too."""
        page = self.open(f"convolution?{convolution.START}", ".layer[data-answer]")
        page.get_by_role("slider", name="kernel_size").press("ArrowRight")
        page.wait_for_url("**convolution_kernel=4*")
        window, stride = page.locator(".window"), page.get_by_role("slider", name="stride")

        def down() -> None:
            stride.press("ArrowRight")
            window.press("ArrowRight")

        def after() -> None:
            expect(page.get_by_text("The server does not answer")).to_be_hidden()
            page.wait_for_url("**convolution_stride=2*")
            page.wait_for_url("**convolution_pin=1%2C2*")
            assert page.get_by_role("slider", name="kernel_size").input_value() == "4"
            expect(window).to_have_attribute("data-focus", "output:1,2")
            convolution.agrees(page)
            page.get_by_role("slider", name="dilation").press("ArrowRight")
            convolution.agrees(page)

        self.down.append(down)
        self.after.append(after)

    def linear_fit(self) -> None:
        """The playing position stays where it was stopped."""
        page = self.open("linear_fit?linear_fit_iterations=60", ".fit[data-whole]")
        page.get_by_role("slider", name="Batch size, logarithmic").press("ArrowRight")
        page.wait_for_url("**linear_fit_batch=5*")
        slider = page.get_by_role("slider", name="Iteration", exact=True)
        expect(slider).to_have_attribute("max", "60")
        slider.fill("20")

        def after() -> None:
            page.get_by_label("Across").select_option("W[2,1]")  # another surface, the same fit
            page.wait_for_url("**linear_fit_across=W*")
            harness.settle(page)
            expect(page.locator(".fit-bar output")).to_have_text("iteration 20 of 60")
            expect(page.locator(".fit [data-setting=batch]")).to_have_value("5")
            page.get_by_role("slider", name="Batch size, logarithmic").press("ArrowLeft")
            page.wait_for_function("() => !location.search.includes('linear_fit_batch')")

        self.after.append(after)

    def lenet(self) -> None:
        """A number is open, at a step that the hand went to."""
        page = self.open("lenet", ".walk[data-step]")
        page.locator("button.next").click()
        page.wait_for_url("**lenet_at=2*")
        cells = page.locator('.group[data-role="output"] canvas').first
        reader.place(cells)
        cells.click(position={"x": 40, "y": 40})
        title = page.locator(".opened h2")
        expect(title).to_contain_text("relu")
        name = title.inner_text().split(" = ")[0]

        def after() -> None:
            slider = page.locator(".what-if-cell input[type=range]")
            slider.press("ArrowRight")
            page.wait_for_url("**lenet_changes=*")  # the new session knows of the hand
            harness.settle(page)
            expect(page.locator(".walk")).to_have_attribute("data-zoom", "3")
            expect(page.locator(".walk")).to_have_attribute("data-step", "2")
            expect(title).to_contain_text(name)
            expect(page.locator(".what-if-bar")).to_contain_text("Loss")  # and the new server answers
            page.locator("button.up").click()
            page.locator('.group[data-role="input"] canvas').first.click(position={"x": 30, "y": 30})
            expect(title).to_contain_text("conv1")
            expect(title).not_to_contain_text(name)

        self.after.append(after)

    def operators(self) -> None:
        """An argument, a number of x, and the opened cell."""
        page = self.open(f"operators?{OPERATOR}", ".one-operator[data-answer]")
        page.get_by_role("slider", name="out_features").press("ArrowRight")
        page.locator(".grid-tensor[data-tensor='grad weight'] button").nth(1).click()
        title = page.locator(".opened h2")
        expect(title).to_have_text("Opened: ∂L/∂weight[0, 1]")
        cell = operators.x_cells(page).nth(4)
        cell.click()
        page.keyboard.type("-2.5")
        page.wait_for_url(re.compile("operators_Linear_cells=4%3A-2.5"))

        def down() -> None:
            page.get_by_role("slider", name="out_features").press("ArrowRight")

        def after() -> None:
            page.wait_for_url(re.compile("operators_Linear_out_features=4"))
            operators.answered(cell, "−2.500")
            expect(title).to_have_text("Opened: ∂L/∂weight[0, 1]")
            expect(page.locator(".grid-tensor[data-tensor=output] small")).to_have_text("(2, 4)")
            operators.linear_agrees(page)

        self.down.append(down)
        self.after.append(after)

    def two_layers(self) -> None:
        """A setting that was told, and one that was not."""
        page = self.open(f"two_layers?{SMALL}", ".lockstep[data-answer]")
        page.locator("[data-setting=H]").fill("6")
        page.wait_for_url("**two_layers_H=6*")

        def down() -> None:
            page.get_by_role("slider", name="D_out, logarithmic").press("ArrowRight")

        def after() -> None:
            page.wait_for_url("**two_layers_D_out=4*")
            expect(page.locator("[data-setting=H]")).to_have_value("6")
            expect(page.locator(".ways-parameters")).to_contain_text(f"= {24 * 6:,} parameters")

        self.down.append(down)
        self.after.append(after)

    def draw(self) -> None:
        """What was drawn is on the canvas, and is read."""
        page = self.open("draw", "[data-answer='3']")
        page.locator(".st-key-draw_clear button").click()
        expect(page.get_by_text("An empty canvas is not a digit")).to_be_visible()
        canvas = page.locator("canvas.upper-canvas")
        expect(canvas).to_have_count(1)
        reader.rest(page)
        box = reader.place(canvas)
        x = box["x"] + box["width"] / 2
        page.mouse.move(x, box["y"] + 40)
        page.mouse.down()
        page.mouse.move(x, box["y"] + 240, steps=8)
        page.mouse.up()
        reading = page.locator(".reading")
        expect(reading).to_have_attribute("data-answer", "1")
        reader.rest(page)

        def after() -> None:
            reader.rest(page)
            expect(reading).to_have_attribute("data-answer", "1")
            expect(page.get_by_text("Why 1 rather than").first).to_be_visible()  # the page knows of it again

        self.after.append(after)

    def home(self) -> None:
        """What was drawn is on the pad; what is drawn now is read."""
        page = self.open("", ".first[data-digit='3'][data-rests=true]")
        pad = page.locator(".pad canvas")
        pad.focus()
        for key in ["ArrowUp"] * 9 + [" "] + ["ArrowDown"] * 18 + [" "]:
            page.keyboard.press(key)
        screen = page.locator(".first")
        expect(screen).to_have_attribute("data-digit", "1")

        def after() -> None:
            reader.rest(page)
            expect(screen).to_have_attribute("data-digit", "1")
            page.get_by_role("button", name="Clear").click()
            expect(page.locator(".answer")).to_have_text("Draw a digit.")

        self.after.append(after)

    def train(self) -> None:
        """A run that has paused: nothing commands it while the server is down, and afterwards it obeys."""
        page = self.open(f"train?run={self.run.id}", ".live-chart-plot .main-svg")
        stop = page.get_by_test_id("stMain").get_by_role("button", name="Stop", exact=True)
        expect(stop).to_be_enabled()
        lost = page.get_by_text("so the run cannot be steered now").first

        def down() -> None:
            stop.press("Enter")
            expect(lost).to_be_visible()
            expect(stop).to_be_disabled()

        def after() -> None:
            expect(stop).to_be_enabled()
            expect(lost).to_be_hidden()
            assert self.run.status().state == "paused"
            field = page.get_by_role("spinbutton", name="Learning rate from the next batch on")
            field.fill("0.05")
            field.press("Enter")
            expect(page.get_by_text("From the next batch on the learning rate is 0.05")).to_be_visible()
            assert self.run.commands() == {1: 0.05}
            stop.press("Enter")
            expect(page.get_by_test_id("run-numbers").locator("dd").first).to_have_text("stopped")
            expect(stop).to_be_hidden()

        self.down.append(down)
        self.after.append(after)

    def your_code(self) -> None:
        """What was typed is in the editor, and runs."""
        page = self.open(f"your_code?token={SECRET}", ".code-page[data-state]")
        text = page.locator(".code-page textarea")
        text.fill("print(6 * 7)")

        def after() -> None:
            reader.rest(page)
            expect(text).to_have_value("print(6 * 7)")
            page.locator("button.run").click()
            expect(page.locator(".prints")).to_contain_text("42")

        self.after.append(after)


def test_tabs_work_on_with_all_that_was_set_after_the_server_was_killed_and_started_again(
    browser: Browser, tmp_path
) -> None:
    port = harness.free_port()
    place = {"STEPWISE_RUNS": str(tmp_path), "STEPWISE_TOKEN": SECRET}
    run = run_folder.create(tmp_path, TrainConfig(dataset="digits", epochs=2, threads=1), "paused")
    RunController(run.path, WhenPaused({"do": "leave"}), lambda **_message: None).run(batches=1)
    context = harness.person(browser)
    with harness.starting(place, port=port) as (address, process):
        harness.wait_until_healthy(address, process)
        tabs = Tabs(context, address, run)
        for setup in (
            tabs.convolution,
            tabs.linear_fit,
            tabs.lenet,
            tabs.operators,
            tabs.two_layers,
            tabs.draw,
            tabs.home,
            tabs.train,
            tabs.your_code,
        ):
            setup()
        process.kill()
        process.wait()
        for act in tabs.down:
            act()
        expect(context.pages[0].get_by_text("The server does not answer")).to_be_visible()
    with harness.starting(place, port=port) as (address, process):
        harness.wait_until_healthy(address, process)
        for check in tabs.after:
            check()
        for page in context.pages:
            harness.no_traceback(page)
    context.close()
