"""The first page in a real browser: draw and be read, train and see the answer change, look into the network."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from core import i18n
from core.recognise.forward import forward
from core.recognise.readers import inputs, shipped
from core.training.run_folder import RunFolder
from tests.browser import first_screen, reader
from tests.browser.chromium import no_traceback
from tests.training.comparing import wait_for

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

ONE = [(0.5, 0.2), (0.5, 0.4), (0.5, 0.6), (0.5, 0.8)]
# How many pixels of a canvas have the colour in which the picture frames what a value is made of.
FRAMED = """(canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let at = 0; at < data.length; at += 4)
    if (data[at] > 200 && data[at + 1] < 60 && data[at + 2] > 80 && data[at + 2] < 140) count += 1;
  return count;
}"""

# Goes with the arrow keys through every layer, and in each through every map or unit; returns what is said of each.
EVERYTHING = """(stage) => {
  const picture = stage.parentElement;
  const press = (key) => stage.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  const here = () => [picture.dataset.layer, picture.dataset.item].join();
  const until = (key, act) => {
    for (let before = ''; before !== here(); ) {
      before = here();
      act();
      press(key);
    }
  };
  const said = [];
  press('ArrowRight');
  press('Home');
  until('ArrowRight', () => {
    until('ArrowUp', () => {});
    until('ArrowDown', () => {
      const { layer, item } = picture.dataset;
      said.push([Number(layer), Number(item), picture.querySelector('.said').textContent]);
    });
  });
  return said;
}"""
# Goes in the closer look along the first row of a map; returns what is said of each cell.
FIRST_ROW = """(stage) => {
  const said = () => stage.parentElement.querySelector('.said').textContent;
  const press = (key) => stage.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  press('Home');
  const all = [said()];
  for (let before = ''; before !== said(); ) {
    before = said();
    press('ArrowRight');
    if (said() !== before) all.push(said());
  }
  return all;
}"""


def open_home(page: Page) -> Locator:
    """The first screen, once the digit that writes itself is read to its end."""
    screen = page.locator(".first")
    expect(screen.locator(".answer")).to_contain_text("3", timeout=60_000)
    expect(screen).to_have_attribute("data-rests", "true")
    return screen


def draw(page: Page, points: list[tuple[float, float]]) -> None:
    """Draw a stroke on the pad with the mouse; points are shares of its side."""
    box = reader.place(page.locator(".pad canvas"))
    x, y = points[0]
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
    page.mouse.down()
    for x, y in points[1:]:
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=3)
    page.mouse.up()


def across(page: Page) -> Iterator[tuple[str, float, float]]:
    """Move the pointer over the picture from left to right; yield the layer that it is on, and where it is."""
    box = reader.place(page.locator(".stage"))
    picture = page.locator(".picture")
    y = box["y"] + box["height"] / 2
    for share in range(2, 100, 2):
        x = box["x"] + box["width"] * share / 100
        page.mouse.move(x, y)
        yield picture.get_attribute("data-layer") or "", x, y


def test_a_drawn_digit_is_read_while_it_is_drawn_and_survives_a_reload(visit: Visit) -> None:
    page = visit("")
    screen = open_home(page)
    box = reader.place(page.locator(".pad canvas"))
    before = int(screen.get_attribute("data-readings") or 0)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 0.8 * box["height"], steps=10)
    expect(screen).to_have_attribute("data-digit", "1")  # the pen is still down
    assert int(screen.get_attribute("data-readings") or 0) > before
    page.mouse.up()
    expect(screen.locator(".answer")).to_contain_text("It reads 1")
    page.reload()
    expect(page.locator(".first")).to_have_attribute("data-digit", "1")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".answer")).to_have_text("Draw a digit.")
    no_traceback(page)


def test_the_pointer_meets_every_layer_lights_what_a_map_is_made_of_and_looks_closer(visit: Visit) -> None:
    page = visit("")
    open_home(page)
    canvas, picture, reading = page.locator(".stage canvas"), page.locator(".picture"), page.locator(".said")
    assert canvas.evaluate(FRAMED) == 0
    met: dict[str, tuple[float, float]] = {}
    for layer, x, y in across(page):
        met.setdefault(layer, (x, y))
    assert {"-1", "0", "1", "2", "3", "4", "5", "6"} <= set(met)  # the image, six layers, the probabilities
    page.mouse.move(*met["5"])
    expect(reading).to_contain_text("fc linear, unit")
    expect(reading).to_contain_text("It is the sum of")
    reader.frames(page, 2)
    assert canvas.evaluate(FRAMED) > 100
    page.mouse.move(*met["1"])
    expect(reading).to_contain_text("conv2")
    page.mouse.dblclick(*met["1"])  # one click is enough, and the second does no harm
    expect(picture).to_have_attribute("data-closer", "true")
    expect(page.get_by_role("button", name="Back to the network")).to_be_visible()
    before = reading.inner_text()
    expect(reading).not_to_have_text(before)  # the window slides by itself
    page.keyboard.press("Escape")
    expect(picture).to_have_attribute("data-closer", "false")
    no_traceback(page)


def test_keys_draw_and_go_through_the_network_as_the_pointer_does(visit: Visit) -> None:
    page = visit("")
    screen = open_home(page)
    page.get_by_role("button", name="Clear").click()
    pad = page.locator(".pad canvas")
    pad.focus()
    for key in ["ArrowUp"] * 9 + [" "] + ["ArrowDown"] * 18 + [" "]:
        page.keyboard.press(key)
    expect(screen).to_have_attribute("data-digit", "1")
    picture, reading = page.locator(".picture"), page.locator(".said")
    page.locator(".stage").focus()
    for layer in ("-1", "0", "1"):
        page.keyboard.press("ArrowRight")
        expect(picture).to_have_attribute("data-layer", layer)
    first = reading.inner_text()
    page.keyboard.press("ArrowDown")
    expect(reading).not_to_have_text(first)
    page.keyboard.press("Enter")
    expect(picture).to_have_attribute("data-closer", "true")
    cell = reading.inner_text()
    page.keyboard.press("ArrowLeft")
    expect(reading).not_to_have_text(cell)
    expect(page.locator(".picture .spoken")).to_contain_text("conv2")  # and a screen reader is told
    page.keyboard.press("Escape")
    expect(picture).to_have_attribute("data-closer", "false")
    page.keyboard.press("Tab")  # the picture does not hold the focus
    assert page.evaluate("!document.activeElement?.shadowRoot?.activeElement?.matches('.stage')")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_screen_reader_is_told_every_map_unit_number_and_how_close_the_look_is(
    visit: Visit, language: str
) -> None:
    def words(sentence: str) -> str:
        return i18n.translate(language, sentence)

    page = visit("", language=language, still=True)
    screen = open_home(page)
    tree = screen.aria_snapshot()
    order = ["Canvas: draw here", "Start training", "Picture of the network", "See this in a lesson"]
    places = [tree.index(words(name)) for name in order]
    assert places == sorted(places), tree
    stage = page.get_by_role("application", name=words("Picture of the network"))
    assert "Enter" in (stage.get_attribute("aria-description") or "")
    layers = forward(shipped().net, inputs(shipped(), np.zeros((1, 28, 28), np.uint8))).layers
    counts = [1, *(layer.values.shape[0] for layer in layers), 10]
    stage.focus()
    everything = stage.evaluate(EVERYTHING)
    assert [(layer, item) for layer, item, _ in everything] == [
        (place - 1, item) for place, count in enumerate(counts) for item in range(count)
    ]
    sentences = [sentence for _, _, sentence in everything]
    assert len(set(sentences)) == len(sentences)
    for layer, item, sentence in everything:
        number = {-1: 15, len(layers): item}.get(layer, item + 1)  # of the image the middle row is named
        assert re.search(rf"\b{number}\b", sentence.partition(":")[0]), sentence
        assert re.search(r"\d+[.%]", sentence) and "{" not in sentence, sentence
        assert language == "en" or re.search("[\u4e00-\u9fff]", sentence), sentence
        if 0 <= layer < len(layers):
            assert layers[layer].name in sentence
    spoken = page.locator(".picture .spoken")
    expect(spoken).to_have_attribute("aria-live", "polite")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(spoken).to_contain_text(words("Closer look."))
    expect(page.get_by_role("button", name=words("Back to the network"))).to_be_visible()
    width = layers[0].values.shape[2]
    cells = stage.evaluate(FIRST_ROW)
    assert len(cells) == len(set(cells)) == width
    page.keyboard.press("ArrowDown")
    expect(spoken).to_contain_text(page.locator(".picture .said").inner_text())
    page.keyboard.press("Escape")
    expect(spoken).not_to_contain_text(words("Closer look."))


def test_start_trains_a_network_from_scratch_and_its_answer_to_the_drawing_changes(visit: Visit) -> None:
    page = visit("")
    screen = open_home(page)
    draw(page, ONE)
    expect(screen).to_have_attribute("data-digit", "1")
    page.get_by_role("button", name="Start training").click()
    learn = screen.locator(".learn")
    expect(learn).to_have_attribute("data-learns", "true")
    expect(screen.locator(".curve")).to_be_visible()
    expect(learn.locator(".note")).to_contain_text("A new network learns: batch")
    shares = set()
    for _ in range(3):
        now = screen.locator(".answer").inner_text()
        shares.add(now)
        expect(screen.locator(".answer")).not_to_have_text(now)  # it moves while it learns
    assert len(shares) > 1
    page.get_by_role("button", name="One step in slow motion: LeNet").click()  # with the weights on the screen
    page.wait_for_url(re.compile(r"lenet_weights=[^&]+batch-\d+"))
    page.go_back()
    expect(screen).to_have_attribute("data-digit", "1", timeout=60_000)  # right, by the new network
    learn.get_by_role("button", name="Stop").click()
    expect(learn).to_have_attribute("data-learns", "false")
    expect(learn.get_by_role("button")).to_have_text("Train again")
    page.wait_for_url("**home_run=*")
    page.reload()
    expect(learn.locator(".note")).to_contain_text("It has learned: batch")
    expect(screen).to_have_attribute("data-digit", "1")  # the same run, its network and the drawing
    page.get_by_role("button", name="This run: Train").click()
    expect(page.locator("h1")).to_have_text("Train")
    expect(page.locator(".examples")).to_be_visible()  # that run's
    no_traceback(page)


def test_before_the_first_reading_the_button_says_what_it_does_to_the_run_that_learns(
    visit: Visit, runs_folder: Path
) -> None:
    page = visit("train?train_dataset=digits&train_threads=1&train_network=mnist&train_epochs=2000")
    page.get_by_test_id("stMain").get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url(re.compile(r"[?&]run=[^&]*\d"))
    run = parse_qs(urlsplit(page.url).query)["run"][0]
    wait_for(lambda: RunFolder(runs_folder, run).status().state == "running")
    page.route_web_socket("**/live", lambda _socket: None)  # no reading ever comes
    page.goto(f"{page.url.partition('/train')[0]}/?home_run={run}")
    button = page.locator(".learn .main")
    expect(button).to_have_text("Stop")
    reader.rest(page)
    button.click()
    wait_for(lambda: RunFolder(runs_folder, run).status().state == "stopped")


def test_a_finger_draws_and_chooses_on_a_phone(visit: Visit) -> None:
    page = visit("", width=390, height=844, touch=True)
    screen = open_home(page)
    box = reader.place(page.locator(".pad canvas"))
    x = box["x"] + box["width"] / 2
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        points_there = [{"x": px, "y": py} for px, py in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points_there})

    touch("touchStart", (x, box["y"] + 0.2 * box["height"]))
    for step in range(1, 9):
        touch("touchMove", (x, box["y"] + (0.2 + 0.075 * step) * box["height"]))
    touch("touchEnd")
    expect(screen).to_have_attribute("data-digit", "1")
    stage = reader.place(page.locator(".stage"))
    picture = page.locator(".picture")
    for share in range(4, 60, 2):  # downwards, until the finger meets a map
        page.touchscreen.tap(stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] * share / 100)
        if picture.get_attribute("data-layer") not in ("", "-1"):
            break
    page.touchscreen.tap(stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] * share / 100)
    expect(picture).to_have_attribute("data-closer", "true")
    page.get_by_role("button", name="Back to the network").tap()
    expect(picture).to_have_attribute("data-closer", "false")


def examples_cut(page: Page) -> list[str]:
    """Return the captions of the ten digits of which a part is shown."""
    reader.frames(page, 2)
    cut: list[str] = page.locator(".examples .row span").evaluate_all(
        """(all) => all.flatMap((caption) => {
          const { left, right, bottom } = caption.getBoundingClientRect();
          const boxes = [...caption.children].map((each) => each.getBoundingClientRect());
          const seen = boxes.filter((box) => box.top < bottom - 1);
          const whole = seen.every((box) => box.left >= left - 1 && box.right <= right + 1);
          return seen.length && whole ? [] : [caption.innerText];
        })"""
    )
    return cut


def test_on_train_curve_network_and_answers_stand_on_one_screen_and_move_while_it_learns(visit: Visit) -> None:
    page = visit("train?run=new&train_dataset=digits&train_epochs=1000", height=800)
    page.get_by_role("button", name="Start", exact=True).click()
    examples = page.locator(".examples[data-learns=true]")
    expect(examples.locator(".row button")).to_have_count(10)
    expect(examples.locator(".row canvas")).to_have_count(20)  # and ten filters
    learning = page.locator(".learning[data-readings]")  # the picture: one of the digits goes through it
    readings, step = (int(learning.get_attribute(name) or 0) for name in ("data-readings", "data-step"))
    examples.locator(".row button").nth(3).click()
    expect(examples.locator(".row [aria-pressed=true]")).to_have_attribute("aria-label", re.compile("^3, "))
    updates = int(examples.get_attribute("data-updates") or 0)
    page.wait_for_function(
        """([updates, readings, step]) => [...document.querySelectorAll('*')].some((host) => {
          const at = (name) => host.shadowRoot?.querySelector(name)?.dataset ?? {};
          const { readings: read, step: batch } = at('.learning');
          return at('.examples').updates > updates + 2 && read > readings + 2 && batch > step;
        })""",
        arg=[updates, readings, step],
    )
    assert int(examples.get_attribute("data-step") or 0) > 0
    expect(examples).to_contain_text("of 10 read right")
    chart = page.locator(".st-key-train_chart .live-chart-plot")
    for each in (chart, examples, page.get_by_test_id("run-numbers")):
        box = reader.place(each)
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= 800
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0  # all of it at once
    page.get_by_test_id("stMain").get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator(".examples[data-learns=false]")).to_be_visible()
    page.set_viewport_size({"width": 1024, "height": 768})
    assert examples_cut(page) == []
    no_traceback(page)


def test_one_press_leads_from_a_part_of_the_picture_to_its_lesson_with_that_very_state(visit: Visit) -> None:
    page = visit("")
    open_home(page)
    page.locator(".stage").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    page.get_by_role("button", name="Filter 2: Convolution").click()
    expect(page.locator("h1")).to_have_text("Convolution")
    page.wait_for_url("**convolution_weights=trained*")
    assert {"convolution_filter=1", "convolution_input=drawing"} <= set(page.url.partition("?")[2].split("&"))
    expect(page.locator("canvas.lower-canvas, iframe").first).to_be_attached()
    no_traceback(page)
    page.go_back()
    open_home(page)
    page.locator(".stage").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="conv2 conv2d relu: this step of LeNet").click()
    expect(page.locator("h1")).to_have_text("LeNet, step by step")
    page.wait_for_url("**lenet_at=4*")
    assert {"lenet_network=reader", "lenet_input=drawing", "lenet_train=false"} <= set(
        page.url.partition("?")[2].split("&")
    )
    no_traceback(page)


def test_a_drawing_of_the_first_page_is_read_on_draw_as_it_was(visit: Visit) -> None:
    page = visit("")
    screen = open_home(page)
    draw(page, ONE)
    expect(screen).to_have_attribute("data-digit", "1")
    page.get_by_role("button", name="This drawing: Draw").click()
    expect(page.locator("h1")).to_have_text("Draw")
    expect(page.locator(".reading")).to_have_attribute("data-answer", "1")
    no_traceback(page)


TEXTS_OF_CANVASES = """() => {
  window.texts = [];
  const write = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y, most = Infinity) {
    const { a, e } = this.getTransform(), wide = Math.min(most, this.measureText(text).width);
    const left = x - { left: 0, start: 0, center: wide / 2, right: wide }[this.textAlign];
    window.texts.push([text, a * left + e, a * (left + wide) + e, this.canvas.width]);
    return write.call(this, text, x, y, most);
  };
}"""


@pytest.mark.parametrize(("path", "digit"), [("", "data-digit"), ("draw", "data-answer")])
def test_an_empty_canvas_gets_no_answer_and_the_next_stroke_gets_one(visit: Visit, path: str, digit: str) -> None:
    page = visit(path)
    screen = page.locator(".first, .reading")
    expect(screen).to_have_attribute(digit, "3")
    reader.rest(page)
    page.evaluate(TEXTS_OF_CANVASES)
    page.get_by_role("button", name="Clear").click()
    expect(screen).to_contain_text("Draw a digit.")
    page.wait_for_function("() => window.texts.some(([text]) => text === '9')")
    page.evaluate("window.texts = []")
    page.set_viewport_size({"width": 1200, "height": 880})  # painted again, with nothing drawn
    page.wait_for_function("() => window.texts.some(([text]) => text === '9')")
    assert not [text for text, *_ in page.evaluate("window.texts") if "%" in text]
    stage = page.locator(".stage")
    stage.focus()
    for key in ("ArrowRight", "End"):
        page.keyboard.press(key)
    expect(page.locator(".picture .said")).to_contain_text("Nothing is drawn, so there is no answer.")
    no_traceback(page)


@pytest.mark.parametrize("size", first_screen.SIZES)
def test_no_number_and_no_name_leaves_the_picture(visit: Visit, size: tuple[int, int]) -> None:
    page = visit("", width=700, height=900)
    page.locator(".picture canvas").first.wait_for()
    page.evaluate(TEXTS_OF_CANVASES)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_function("() => window.texts.some(([text]) => /^9\\d%$/.test(text))")
    reader.rest(page)
    for text, left, right, width in page.evaluate("window.texts"):
        assert left >= -0.5 and right <= width + 0.5, (text, left, right, width)
