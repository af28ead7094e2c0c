"""Train and Runs in a real browser: Start, watch, steer, leave, come back, continue, compare."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from core.live import settings
from core.live.instrument import Ask, instrument
from core.live.run import open_run
from core.live.run.open_run import OpenRun
from core.training import run_folder
from core.training.config import TrainConfig
from core.training.jobs import Jobs
from core.training.run_controller import RunController
from core.training.run_folder import RunFolder
from core.training.status import read_status
from tests.browser import chromium as harness
from tests.browser import reader
from tests.browser.buttons import button, press, state
from tests.browser.controls import VALUES, operate_all
from tests.training.lives import WhenPaused

pytestmark = pytest.mark.browser

PLOT = "document.querySelector('.live-chart-plot')"
COUNT_RUNS = """() => {
  window.runs = 0;
  const app = document.querySelector('[data-testid=stApp]');
  new MutationObserver(() => window.runs++).observe(app, { attributeFilter: ['data-test-script-state'] });
}"""
SMALL = "run=new&train_dataset=digits&train_threads=1"
Visit = Callable[..., Page]


@pytest.fixture(autouse=True, scope="module")
def first_visit(browser: Browser, address: str) -> None:
    """The first visit to a server is to its front page, as ``make run`` opens it."""
    harness.open_page(browser, address).context.close()


@pytest.fixture(autouse=True)
def no_run_is_left(visit: Visit, runs_folder: Path) -> Iterator[None]:
    """Stop what a failed test leaves running, so that the next one need not wait for its turn."""
    yield
    while at_work_now := [path.parent for path in runs_folder.rglob("status.json") if at_work(path.parent)]:
        stopped(visit(f"train?run={at_work_now[0].name}"))


def at_work(run: Path) -> bool:
    """Whether a run trains, or waits for its turn."""
    return read_status(run).state in ("running", "waiting")


def number(page: Page, word: str) -> str:
    """The number under ``word`` in the row above the curve."""
    cell = page.get_by_test_id("run-numbers").locator(
        "div", has=page.locator("dt", has_text=re.compile(f"^{word}$"))
    )
    return cell.locator("dd").first.inner_text()


def points(page: Page) -> int:
    """How many points of the training loss are drawn."""
    count: int = page.evaluate(
        f"({PLOT}.data ?? []).reduce((n, t) => t.name === 'training loss' ? t.x.length : n, 0)"
    )
    return count


def started(visit: Visit, settings: str, wait_for: int = 3) -> Page:
    """Open Train with ``settings`` in the address, press Start, wait until the curve has begun."""
    page = visit(f"train?{SMALL}&{settings}")
    press(page, "Start")
    page.wait_for_function(
        f"() => ({PLOT}?.data ?? []).some(t => t.name === 'training loss' && t.x.length >= {wait_for})",
        timeout=90_000,
    )
    return page


def stopped(page: Page) -> None:
    press(page, "Stop")
    state(page, "stopped")


@pytest.mark.long
def test_start_pause_change_the_rate_resume_reload_and_continue(visit: Visit) -> None:
    """The whole path of the learner, with the same chart mounted from the first point to the last."""
    page = started(visit, "train_epochs=400")
    page.evaluate(f"window.first = {PLOT}.querySelector('.main-svg')")
    before = points(page)
    page.wait_for_function(f"() => {PLOT}.data.find(t => t.name === 'training loss').x.length > {before}")

    press(page, "Pause")
    state(page, "paused")
    batch = number(page, "Batch")
    again = visit(page.url.removeprefix(page.evaluate("location.origin + '/'")))  # it has waited for all this
    state(again, "paused")
    assert number(again, "Batch") == number(page, "Batch") == batch

    field = page.get_by_role("spinbutton", name="Learning rate from the next batch on")
    field.fill("0.05")
    press(page, "Apply")
    expect(page.get_by_test_id("run-numbers").get_by_text("0.01 → 0.05")).to_be_visible()
    expect(page.get_by_text("From the next batch on the learning rate is 0.05")).to_be_visible()
    press(page, "Resume")
    page.wait_for_function(f"() => {PLOT}.layout.annotations.some(a => a.text === 'rate 0.01 → 0.05')")
    assert page.evaluate(f"window.first.isConnected && window.first === {PLOT}.querySelector('.main-svg')")

    run = re.search(r"run=([a-z0-9-]+)", page.url)
    assert run
    page.reload()
    harness.settle(page)
    state(page, "running")
    assert run[1] in page.url

    stopped(page)
    page.get_by_role("tab", name="Checkpoints").click()
    expect(page.get_by_role("link", name="Draw with this network")).to_have_attribute(
        "href", re.compile(rf"draw\?.*draw_net={run[1]}(:|%3A)")
    )
    press(page, "Continue from here")
    expect(page.get_by_text(re.compile("^Ready to continue .* rate 0.05: press Start"))).to_be_visible()
    expect(button(page, "Start")).to_be_focused()
    expect(button(page, "Start")).to_be_in_viewport()
    page.keyboard.press("Enter")
    state(page, "running")
    assert run[1] not in page.url
    page.wait_for_function(f"() => ({PLOT}.data.find(t => t.name === 'training loss')?.x[0] ?? 0) > 1000")
    stopped(page)
    harness.no_traceback(page)


def test_the_curve_moves_by_itself_and_keeps_the_readers_zoom(visit: Visit) -> None:
    page = started(visit, "train_epochs=2000&train_batch_size=8&train_tab=network", wait_for=20)
    expect(button(page, "Pause")).to_be_enabled()
    harness.settle(page)
    page.evaluate(COUNT_RUNS)
    box = reader.place(page.locator(".st-key-train_chart .nsewdrag"))
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 130, box["y"] + 130, steps=4)
    page.mouse.up()
    zoomed = page.evaluate(f"{PLOT}._fullLayout.xaxis.range.slice()")
    page.evaluate(f"() => {{ window.drawn = 0; {PLOT}.on('plotly_afterplot', () => window.drawn++); }}")
    page.wait_for_function("() => window.drawn >= 4")  # how many a second depends on what else the machine does
    assert page.evaluate("window.runs") == 0, "the page is not run while the curve grows"
    assert page.evaluate(f"{PLOT}._fullLayout.xaxis.range.slice()") == zoomed
    assert zoomed[1] < page.evaluate(f"{PLOT}.layout.xaxis.range[1]") or zoomed[0] > 0
    stopped(page)


@pytest.mark.long
def test_leaving_the_page_and_closing_the_tab_lose_nothing(visit: Visit) -> None:
    page = started(visit, "train_epochs=400")
    run = re.search(r"run=([a-z0-9-]+)", page.url)
    assert run
    page.get_by_role("link", name="Runs", exact=True).first.click()
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    harness.settle(page)
    page.get_by_role("link", name="Train", exact=True).first.click()
    state(page, "running")
    assert run[1] in page.url
    page.close()
    again = visit(f"train?run={run[1]}")
    state(again, "running")
    stopped(again)


@pytest.mark.mnist
@pytest.mark.usefixtures("mnist_folder")
def test_on_mnist_one_batch_is_one_update_and_another_follows(visit: Visit) -> None:
    page = visit("train?run=new&train_dataset=mnist")
    expect(page.get_by_test_id("stMain").get_by_text("60,000 training images")).to_be_visible()
    press(page, "One batch")
    state(page, "paused", 90)
    assert number(page, "Batch") == "1 / 2,814"
    assert 2 < float(number(page, "Training loss")) < 3
    assert 2 < float(number(page, "Test loss")) < 3
    press(page, "One batch")
    expect(page.get_by_test_id("run-numbers").get_by_text("2 / 2,814")).to_be_visible()
    stopped(page)


def test_on_a_large_screen_the_curve_takes_the_room_that_there_is(visit: Visit, runs_folder: Path) -> None:
    run = run_folder.create(
        runs_folder, TrainConfig(dataset="digits", epochs=1, threads=1, batch_size=256), "large"
    )
    RunController(run.path, WhenPaused(), lambda **_message: None).run()
    page = visit(f"train?run={run.id}", width=1920, height=1080)
    chart = page.locator(".st-key-train_chart .live-chart-plot")
    examples = page.locator(".examples .row canvas").last
    expect(examples).to_be_visible()
    heights = {}
    for width, height in ((1920, 1080), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        reader.rest(page)
        page.wait_for_function("""() => Math.abs(document.querySelector('.live-chart-plot .main-svg')?.clientHeight
            - document.querySelector('.live-chart-plot').clientHeight) < 2""")
        heights[height] = chart.evaluate("(plot) => plot.clientHeight")
        controls, pictures = page.locator(".st-key-train_chart").bounding_box(), examples.bounding_box()
        assert controls
        assert pictures
        apart = controls["y"] + controls["height"] - pictures["y"] - pictures["height"]
        assert abs(apart) < 150, (width, apart)  # no hole beside either column
    assert heights[1080] >= heights[800] + 120
    settings = page.locator(".run-settings").bounding_box()
    both = page.get_by_test_id("stMain").locator(".st-key-train_top").bounding_box()
    assert settings
    assert both
    assert settings["width"] > 0.9 * both["width"]
    assert settings["height"] < 400


@pytest.mark.long
def test_a_diverging_run_says_what_happened_and_what_to_try(visit: Visit) -> None:
    page = visit(f"train?{SMALL}&train_epochs=5&train_learning_rate=500")
    press(page, "Start")
    state(page, "diverged", 90)
    expect(page.get_by_text("The run diverged")).to_be_visible()
    expect(page.get_by_text("a learning rate ten times smaller")).to_be_visible()
    expect(page.get_by_role("link", name="Try it with your own digit")).to_have_count(0)  # it reads nothing
    press(page, "Start again with learning rate 50")
    expect(page.get_by_role("spinbutton", name="Learning rate", exact=True)).to_have_value("50")


def test_an_impossible_setting_is_refused_with_its_reason_before_start(visit: Visit) -> None:
    page = visit(f"train?{SMALL}&train_learning_rate=-1&train_momentum=2")
    expect(page.get_by_text("must be a number from 0")).to_be_visible()
    expect(button(page, "Start")).to_be_disabled()


@pytest.mark.usefixtures("at_rest")
def test_train_it_trains_the_network_just_built_though_a_run_is_paused(visit: Visit) -> None:
    page = visit(
        "convolution?convolution_part=stack&convolution_stack=1x28x28~conv-o4-k5~max-k4~relu~flatten~linear-i144-o10"
    )
    page.get_by_role("link", name="Train it").click()
    network = page.locator(".st-key-train_network").get_by_role("combobox")
    expect(network).to_have_value("conv 4 → fc 10")
    expect(button(page, "Resume")).to_have_count(0)
    page.reload()
    expect(network).to_have_value("conv 4 → fc 10")
    expect(button(page, "Start")).to_be_enabled()


@pytest.fixture
def at_rest(runs_folder: Path) -> Iterator[RunFolder]:
    """A paused run."""
    run = run_folder.create(runs_folder, TrainConfig(dataset="digits", epochs=2, threads=1), "at rest")
    RunController(run.path, WhenPaused({"do": "leave"}), lambda **_message: None).run(batches=1)
    yield run
    run_folder.delete(runs_folder, run.id)


@pytest.fixture
def long_one(runs_folder: Path) -> Iterator[RunFolder]:
    """A run of 9,200 batches that has paused after the first."""
    run = run_folder.create(runs_folder, TrainConfig(dataset="digits", epochs=400, threads=1), "long one")
    RunController(run.path, WhenPaused({"do": "leave"}), lambda **_message: None).run(batches=1)
    yield run


def batches(page: Page) -> int:
    return int(number(page, "Batch").split(" / ")[0].replace(",", ""))


def test_a_run_is_steered_over_the_channel_and_no_press_is_lost_or_counts_twice(
    visit: Visit, long_one: RunFolder
) -> None:
    page = visit(f"train?run={long_one.id}")
    one = button(page, "One batch")
    expect(one).to_be_enabled()
    expect(button(page, "Pause")).to_be_disabled()
    for trained in (2, 3):
        one.press("Enter")  # the focus stays, though the button waits meanwhile
        expect(one).to_be_enabled()
        assert batches(page) == trained
    expect(one).to_be_focused()

    rate = page.get_by_role("spinbutton", name="Learning rate from the next batch on")
    rate.fill("2000")
    press(page, "Apply")
    expect(page.get_by_text("Learning rate must be a number from 0 to 1000, not 2000")).to_be_visible()
    rate.fill("0.05")
    rate.press("Enter")
    expect(page.get_by_text("The learning rate is 0.05 from the next batch on.")).to_be_visible()
    expect(page.get_by_test_id("run-numbers").get_by_text("0.01 → 0.05")).to_be_visible()

    press(page, "Resume")
    page.wait_for_function(f"() => {PLOT}.data.find(t => t.name === 'training loss').x.length > 5")
    press(page, "Pause")
    state(page, "paused")
    count = batches(page)
    assert count == read_status(long_one.path).step > 3
    assert long_one.commands() == {3: 0.05} and number(page, "Learning rate") == "0.05"
    press(page, "One batch")
    expect(one).to_be_enabled()
    assert batches(page) == count + 1 == read_status(long_one.path).step
    stopped(page)
    expect(button(page, "Resume")).to_be_enabled()
    expect(one).to_be_hidden()
    harness.no_traceback(page)


def test_curve_and_numbers_are_seen_without_scrolling(visit: Visit, at_rest: RunFolder) -> None:
    page = visit(f"train?run={at_rest.id}", width=1280, height=800)
    page.wait_for_selector(".live-chart-plot .main-svg")
    reader.rest(page)
    for part in page.locator(".st-key-train_chart .live-chart-plot, [data-testid=run-numbers] dt").all():
        box = part.bounding_box()
        assert box and box["y"] + box["height"] <= 800
    page.get_by_text("Show accuracy").click()  # of one test: Plotly would show 100 % less and 100 % more
    page.wait_for_function(f"() => {PLOT}.layout.yaxis.tickformat === '.0%'")
    least, most = page.evaluate(f"{PLOT}.layout.yaxis.range")
    assert -0.1 < least < most < 1.1


def test_beside_a_run_streamlits_own_stop_is_hidden_and_the_chart_does_not_fade(
    visit: Visit, at_rest: RunFolder
) -> None:
    page = visit(f"train?run={at_rest.id}")
    chart = page.locator(".st-key-train_chart")
    expect(chart).to_be_visible()
    styles = chart.evaluate(
        """(chart) => {
          const [stop, stale] = [document.createElement('div'), document.createElement('div')];
          stop.dataset.testid = 'stStatusWidget';
          stale.dataset.stale = 'true';
          stale.style.opacity = '0.3';
          document.body.append(stop);
          chart.append(stale);
          return [getComputedStyle(stop).display, getComputedStyle(stale).opacity];
        }"""
    )
    assert styles == ["none", "1"]


def test_the_end_of_a_run_is_said_and_leads_to_a_digit_of_your_own(visit: Visit, runs_folder: Path) -> None:
    run = run_folder.create(runs_folder, TrainConfig(dataset="digits", epochs=1, threads=1), "at its end")
    RunController(run.path, WhenPaused(), lambda **_message: None).run()
    page = visit(f"train?run={run.id}")
    accuracy = run.status().accuracy
    expect(page.get_by_text(f"Finished: after epoch 1, {accuracy:.2%} of the test images")).to_be_visible()
    for name in ("Start", "Resume", "Pause", "One batch", "One epoch", "Stop"):
        expect(button(page, name)).to_have_count(0)
    own_digit = page.get_by_role("link", name="Try it with your own digit")
    expect(own_digit).to_be_visible()
    page.emulate_media(media="print")  # on paper nothing can be pressed
    expect(own_digit).to_be_hidden()
    page.emulate_media(media="screen")
    own_digit.click()
    combobox = page.locator(".st-key-draw_net").get_by_role("combobox")
    expect(combobox).to_have_value(re.compile("^at its end · epoch-1"))


DRAWN = f"Object.fromEntries({PLOT}.data.filter((each) => each.y.length).map((each) => [each.name, [...each.y]]))"


def test_every_control_of_the_chart_is_followed_by_the_runs_own_numbers(visit: Visit, runs_folder: Path) -> None:
    run = run_folder.create(runs_folder, TrainConfig(dataset="digits", epochs=1, threads=1), "its chart")
    RunController(run.path, WhenPaused(), lambda **_message: None).run()
    page = visit(f"train?run={run.id}")
    page.wait_for_selector(".live-chart-plot .main-svg")
    root, watch = page.locator(".run-view"), instrument("run.watch")
    jobs = Jobs(runs_folder, standby=False)
    name = open_run.offer(OpenRun(jobs, run.id))

    def agrees() -> bool:
        values = settings.read(watch.settings, {**root.evaluate(VALUES), "run": name})
        answer = next(iter(watch.answer(Ask(values))))  # type: ignore[arg-type]
        facts = answer.header["chart"]["curves"]
        expected = {fact["name"]: list(map(float, answer.arrays[2 * n + 1])) for n, fact in enumerate(facts)}
        for _attempt in range(100):
            drawn_now = page.evaluate(DRAWN)
            if drawn_now.keys() == expected.keys() and all(
                drawn_now[key] == pytest.approx(expected[key], rel=1e-5, abs=1e-6) for key in expected
            ):
                break
            reader.frames(page, 6)
        assert {key: pytest.approx(each, rel=1e-5, abs=1e-6) for key, each in expected.items()} == drawn_now
        assert page.evaluate(f"{PLOT}.layout.yaxis.type") == (
            "log" if values["log"] and not values["accuracy"] else "linear"
        )
        return True

    assert {*operate_all(root, agrees)} == {"accuracy", "log", "smoothing"}
    jobs.close()
    harness.no_traceback(page)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_phone_shows_a_whole_run_without_scrolling_sideways(visit: Visit, language: str) -> None:
    page = visit("train", width=390, language=language, touch=True)
    page.wait_for_selector(".live-chart-plot .main-svg")
    assert page.get_by_test_id("stMain").evaluate("node => node.scrollWidth <= node.clientWidth + 1")
    harness.no_traceback(page)


@pytest.mark.long
def test_a_run_is_renamed_as_typed_and_deleted_after_a_question(visit: Visit) -> None:
    page = started(visit, "train_epochs=1", wait_for=1)
    state(page, "finished")
    run = re.search(r"run=([a-z0-9-]+)", page.url)
    assert run
    page = visit(f"runs?runs_compare={run[1]}")
    press(page, "Rename…")
    typed = "<b>x</b> **y** $z$"
    page.get_by_role("textbox", name="Name of the run").fill(typed)
    page.keyboard.press("Tab")
    in_dialog(page, "Rename")
    legend = page.locator(".live-chart-legend")
    expect(legend.get_by_text(typed).first).to_be_visible()
    assert page.locator(".live-chart b").count() == 0

    press(page, "Delete…")
    expect(page.get_by_role("dialog").get_by_text("checkpoints for good")).to_be_visible()
    in_dialog(page, "Delete it")
    expect(legend.get_by_text(typed)).to_have_count(0)
    harness.no_traceback(page)


def in_dialog(page: Page, name: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()


def test_while_the_buttons_of_a_started_run_are_not_there_no_other_one_stands_where_start_was(
    browser: Browser, address: str
) -> None:
    requests: list[Route] = []
    context = harness.person(browser)
    context.route("**/train/buttons.js", lambda route: requests.append(route))
    page = harness.open_in(context, f"{address}/train?{SMALL}&train_epochs=1000")
    start = button(page, "Start")
    spot = reader.place(start)
    start.click()
    new = page.locator(".st-key-train_new button")
    new.first.wait_for(state="attached", timeout=60_000)
    reader.rest(page)
    assert requests
    page.mouse.click(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
    reader.rest(page)
    expect(button(page, "New run")).to_have_count(0)
    assert "run=new" not in page.url
    for route in requests:
        route.continue_()
    expect(button(page, "New run")).to_be_visible()
    press(page, "Stop")
    state(page, "stopped")
    harness.no_traceback(page)
    context.close()


def test_the_name_of_an_axis_keeps_clear_of_the_numbers_below_it(visit) -> None:
    page = visit("train", language="zh", height=800)
    title = page.locator(".xtitle").first
    title.wait_for()
    reader.rest(page)
    box, below = reader.place(title), reader.place(page.get_by_text("状态", exact=True).first)
    assert box["y"] + box["height"] + 4 <= below["y"]


COUNT_MEASURES = """(plot) => {
  window.measures = 0; // but Plotly's own, before it changes anything
  const count = () => { if (!new Error().stack.split('\\n')[3].includes('plotly')) window.measures++; };
  for (const [name, value] of ['clientWidth', 'clientHeight'].map((name) => [name, plot[name]]))
    Object.defineProperty(plot, name, { get: () => (count(), value) });
}"""


@pytest.mark.long
def test_a_chart_that_grows_does_not_ask_the_browser_for_its_size(visit: Visit) -> None:
    """It is told its size and keeps it: asked for it at each push, the browser would lay out the page each time."""
    page = started(visit, "train_epochs=400")
    page.wait_for_function(f"() => Math.abs({PLOT}._fullLayout.height - {PLOT}.clientHeight) < 1")
    page.locator(".live-chart-plot").first.evaluate(COUNT_MEASURES)
    before = points(page)
    page.wait_for_function(f"() => {PLOT}.data.find(t => t.name === 'training loss').x.length > {before + 20}")
    assert page.evaluate("window.measures") == 0
    stopped(page)
