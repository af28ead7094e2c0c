"""The Draw page in a real browser: draw, read, undo, clear, leave and come back, upload, at both widths."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Locator, Page, expect

from core import recognise
from core.recognise import doubt
from core.sketch import examples, record
from tests.browser import chromium as harness
from tests.browser import reader
from tests.browser.chromium import no_traceback, settle

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def canvas(page: Page) -> Locator:
    """The canvas, once it can be drawn on."""
    upper = page.locator("canvas.upper-canvas")
    expect(upper).to_have_count(1)  # a cleared canvas is a new one, and for a moment both are there
    upper.wait_for()
    reader.rest(page)
    return upper


def answer(page: Page, digit: str) -> None:
    """Wait until the page answers ``digit``."""
    expect(page.locator(f"[data-answer='{digit}']")).to_be_visible()


def draw_a_bar(page: Page, scale: float = 1.0) -> None:
    """Draw a vertical bar with the mouse, as one draws a 1; ``scale`` is how large the canvas is shown."""
    box = reader.place(canvas(page))
    x, y = box["x"] + box["width"] / 2, box["y"]
    page.mouse.move(x, y + 40 * scale)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x, y + (40 + 25 * step) * scale)
    page.mouse.up()


def clear(page: Page) -> None:
    page.locator(".st-key-draw_clear button").click()
    expect(page.get_by_text("An empty canvas is not a digit")).to_be_visible()


def test_the_first_view_reads_an_example_and_shows_every_step(visit: Visit) -> None:
    page = visit("draw")
    answer(page, "3")
    for words in ("1 · As drawn", "2 · Cropped", "3 · Scaled", "4 · Its centre of mass"):
        expect(page.get_by_text(words).first).to_be_visible()
    assert page.locator(".stage").get_attribute("aria-label") == "Picture of the network"
    no_traceback(page)


@pytest.mark.parametrize("centred", [True, False])
def test_every_example_is_answered_with_the_networks_own_probability(visit: Visit, centred: bool) -> None:
    page = visit(f"draw?draw_centred={str(centred).lower()}")
    network = recognise.shipped()
    for name in examples.KNOTS:
        page.locator(f".st-key-draw_example_{name} button").click()
        drawing = examples.example(name)
        image = record.from_drawing(drawing, centred).image[None]
        expected = recognise.answer(network, image, [doubt.of_drawing(drawing)])[0]
        text = f"{expected.digit}?" if expected.doubt else str(expected.digit)
        places = 0 if expected.doubt else 1
        expect(page.locator(f"[data-answer='{text}']")).to_contain_text(
            f"{100 * max(expected.probabilities):.{places}f}%"
        )
    no_traceback(page)


def test_a_drawn_digit_is_read_survives_a_change_of_page_and_can_be_undone(visit: Visit) -> None:
    page = visit("draw")
    answer(page, "3")
    clear(page)
    draw_a_bar(page)
    answer(page, "1")
    page.get_by_role("link", name="The digits").click()
    expect(page.get_by_role("heading", name="The digits")).to_be_visible()
    page.get_by_role("link", name="Draw").click()
    answer(page, "1")
    page.locator(".st-key-draw_undo button").click()
    expect(page.get_by_text("An empty canvas is not a digit")).to_be_visible()
    no_traceback(page)


def test_a_drawing_flows_through_the_picture_once_and_not_again_with_another_run_of_the_page(visit: Visit) -> None:
    page = visit("draw")
    answer(page, "3")
    reader.rest(page)
    clear(page)
    draw_a_bar(page)
    answer(page, "1")
    reader.rest(page)
    readings = page.locator(".reading").evaluate("({ dataset }) => Number(dataset.readings)")
    waves = page.locator(".reading .picture").get_attribute("data-waves")
    assert waves
    page.get_by_text("Crop and centre as MNIST does").click()
    page.wait_for_function(
        "(before) => Number(document.querySelector('.st-key-draw_reading_0 [data-drawn]')"
        ".shadowRoot.querySelector('.reading').dataset.readings) > before",
        arg=readings,
    )
    reader.rest(page)
    assert page.locator(".reading .picture").get_attribute("data-waves") == waves
    no_traceback(page)


def test_two_digits_and_a_scribble_are_doubted(visit: Visit) -> None:
    page = visit("draw")
    page.get_by_role("button", name="two digits").click()
    expect(page.get_by_text("This looks like several digits")).to_be_visible()
    page.get_by_role("button", name="scribble").click()
    expect(page.get_by_text("This looks like a scribble")).to_be_visible()


def test_without_centring_a_digit_in_a_corner_is_left_there(visit: Visit) -> None:
    page = visit("draw?draw_centred=false")
    page.get_by_role("button", name="small, in a corner").click()
    expect(page.get_by_text("nothing cropped, nothing centred")).to_be_visible()
    page.get_by_text("Crop and centre as MNIST does").click()
    answer(page, "2")


def test_a_picture_from_a_file_is_read_and_one_that_is_none_is_refused(visit: Visit, tmp_path: Path) -> None:
    picture = Image.new("L", (300, 400), 250)
    ImageDraw.Draw(picture).line([(80, 80), (220, 80), (130, 330)], fill=20, width=18)
    picture.save(tmp_path / "seven.png")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    page = visit("draw?draw_way=file")
    chooser = page.locator("input[type=file]")
    chooser.set_input_files(tmp_path / "seven.png")
    answer(page, "7")
    chooser.set_input_files(tmp_path / "broken.png")
    expect(page.get_by_text("cannot be read").or_(page.get_by_text("not an image file")).first).to_be_visible()
    no_traceback(page)


def test_what_was_left_out_of_a_picture_is_shown_and_a_filled_shape_is_doubted(
    visit: Visit, tmp_path: Path
) -> None:
    picture = Image.new("L", (300, 400), 250)
    brush = ImageDraw.Draw(picture)
    brush.line([(90, 90), (210, 90), (130, 320)], fill=20, width=18)
    brush.rectangle((40, 40, 260, 360), outline=20, width=5)
    picture.save(tmp_path / "framed.png")
    shape = Image.new("L", (300, 400), 250)
    ImageDraw.Draw(shape).rectangle((80, 100, 220, 300), fill=20)
    shape.save(tmp_path / "shape.png")
    page = visit("draw?draw_way=file")
    chooser = page.locator("input[type=file]")
    chooser.set_input_files(tmp_path / "framed.png")
    answer(page, "7")
    expect(page.get_by_text("The picture. Left out:")).to_be_visible()
    chooser.set_input_files(tmp_path / "shape.png")
    expect(page.get_by_text("in doubt")).to_be_visible()
    no_traceback(page)


def test_on_a_phone_the_canvas_fits_and_a_finger_draws_without_scrolling(visit: Visit) -> None:
    page = visit("draw", width=390, language="zh", touch=True)
    expect(page.get_by_role("heading", name="写一个试试").first).to_be_visible()
    board = canvas(page)
    box = board.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="清空").click()
    expect(page.get_by_text("空白画布不是数字")).to_be_visible()
    box = reader.place(canvas(page))
    x, y = box["x"] + box["width"] / 2, box["y"] + 40
    scroller = "document.querySelector('[data-testid=stMain]').scrollTop"
    before = page.evaluate(scroller)
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        points_there = [{"x": px, "y": py} for px, py in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points_there})

    touch("touchStart", (x, y))
    for step in range(1, 9):
        touch("touchMove", (x, y + 22 * step))
    touch("touchEnd")
    answer(page, "1")
    assert page.evaluate(scroller) == before


def inside(page: Page, box: dict[str, float] | None) -> bool:
    """Whether a box lies within the window, from left to right."""
    return bool(box) and box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]  # type: ignore[index]


@pytest.mark.parametrize("width", [1024, 390, 320])
def test_the_canvas_is_whole_at_any_width_and_is_drawn_on_where_the_pointer_is(visit: Visit, width: int) -> None:
    page = visit("draw", width=width, height=800)
    answer(page, "3")
    if width < 700:
        page.evaluate("document.querySelector('[data-testid=stSidebarCollapseButton] button')?.click()")
    clear(page)
    board = canvas(page)
    box = board.bounding_box()
    assert inside(page, box)
    column = page.locator(".st-key-draw_canvas_frame").bounding_box()
    assert box and column and box["width"] <= column["width"] + 1 and abs(box["width"] - box["height"]) < 2
    draw_a_bar(page, box["height"] / 280)
    answer(page, "1")
    reader.rest(page)  # the answer comes before the canvas has taken the stroke
    ink = page.evaluate(INK)
    assert abs(ink["x"] - 0.5) < 0.05 and 0.1 < ink["top"] < 0.2 and 0.8 < ink["bottom"] < 0.95


# Where the ink is on the canvas, as parts of its side.
INK = """() => {
  const frame = document.querySelector('.st-key-draw_canvas_frame');
  const root = [...frame.querySelectorAll('*')].find((element) => element.shadowRoot?.querySelector('canvas'));
  const canvas = root.shadowRoot.querySelector('.canvas-container canvas.lower-canvas');
  const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const dark = [...Array(width * height).keys()].filter((i) => data[4 * i + 3] > 128 && data[4 * i] < 128);
  const [xs, ys] = [dark.map((i) => i % width), dark.map((i) => Math.floor(i / width))];
  const sum = xs.reduce((all, x) => all + x, 0);
  return { x: sum / xs.length / width, top: Math.min(...ys) / height, bottom: Math.max(...ys) / height };
}"""


def test_keys_move_the_pen_and_only_our_own_buttons_are_there(visit: Visit) -> None:
    page = visit("draw")
    answer(page, "3")
    clear(page)
    board = canvas(page)
    assert board.get_attribute("aria-label") == "Canvas: draw here"
    board.hover()
    expect(page.locator(".dc-toolbar")).to_be_hidden()
    board.focus()
    for key in ["ArrowUp"] * 10 + [" "] + ["ArrowDown"] * 20 + [" "]:
        page.keyboard.press(key)
    answer(page, "1")
    page.keyboard.press("Tab")  # the pen does not hold the focus
    assert page.evaluate("document.activeElement.closest('.st-key-draw_undo') !== null")
    no_traceback(page)


def test_a_drawing_survives_a_reload_also_as_the_picture_of_the_steps(visit: Visit) -> None:
    page = visit("draw")
    answer(page, "3")
    clear(page)
    draw_a_bar(page)
    answer(page, "1")
    page.reload()  # at once, before the page was told
    answer(page, "1")
    canvas(page)
    assert abs(page.evaluate(INK)["x"] - 0.5) < 0.05
    clear(page)
    page.reload()
    expect(page.get_by_text("An empty canvas is not a digit")).to_be_visible()
    page.get_by_role("button", name="7 with a bar").click()
    answer(page, "7")
    page.goto(page.url.split("/draw")[0] + "/lenet?lenet_network=lenet5&lenet_input=drawing")
    settle(page)
    expect(page.get_by_text("there is no drawing yet")).to_have_count(0)
    other = visit("draw")  # another tab begins as a new one does
    answer(other, "3")


@pytest.mark.long
def test_a_drawing_survives_a_restart_of_the_server(browser: Browser, tmp_path: Path) -> None:
    environment = {"STEPWISE_RUNS": str(tmp_path)}
    with harness.server(environment) as address:
        port = int(address.rsplit(":", 1)[1])
        page = harness.open_page(browser, f"{address}/draw")
        answer(page, "3")
        clear(page)
        draw_a_bar(page)
        answer(page, "1")
    with harness.server(environment, port=port):
        page.wait_for_function("() => sessionStorage.getItem('stepwise.draw')")
        page.reload()
        answer(page, "1")
    page.context.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_on_a_phone_the_answer_is_seen_while_one_draws(visit: Visit, language: str) -> None:
    page = visit("draw", width=390, height=844, language=language, touch=True)
    answer(page, "3")
    reader.rest(page)  # until the canvas is there, the answer stands elsewhere
    box = page.locator("[data-answer]").bounding_box()
    assert box and box["y"] + box["height"] < 844
    examples = page.locator(".st-key-draw_example_seven").bounding_box()
    assert examples and examples["y"] > box["y"]


def test_the_canvas_is_read_while_the_pen_moves_by_every_layer_of_the_network(visit: Visit) -> None:
    page = visit("draw")
    answer(page, "3")
    clear(page)
    reading = page.locator(".reading")
    box = reader.place(canvas(page))
    x, y = box["x"] + box["width"] / 2, box["y"]
    before = int(reading.get_attribute("data-readings") or 0)
    page.mouse.move(x, y + 40)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x, y + 40 + 25 * step)
        reader.frames(page, 2)
    answer(page, "1")  # the pen is still down
    assert int(reading.get_attribute("data-readings") or 0) > before
    expect(page.locator(".st-key-draw_rival")).to_have_count(0)  # evidence waits until the pen rests
    page.mouse.up()
    expect(page.locator(".st-key-draw_rival").first).to_be_visible()
    answer(page, "1")
    stage, picture = page.locator(".stage"), page.locator(".picture")
    stage.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(picture).to_have_attribute("data-layer", "1")
    expect(picture).to_have_attribute("data-closer", "true")
    page.keyboard.press("Escape")
    expect(picture).to_have_attribute("data-closer", "false")
    no_traceback(page)


def test_what_the_address_asks_for_wrongly_does_no_harm(visit: Visit) -> None:
    page = visit("draw?draw_net=nobody:epoch-9&draw_rival=77&draw_why=x&draw_way=y&draw_centred=maybe")
    settle(page)
    answer(page, "3")
    no_traceback(page)
