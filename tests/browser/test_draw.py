"""The Draw page in a real browser: draw, read, undo, clear, leave and come back, upload, at both widths."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import no_traceback, settle

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def canvas(page: Page) -> Locator:
    """The canvas, once it can be drawn on."""
    found = page.locator("canvas.upper-canvas")
    expect(found).to_have_count(1)  # a cleared canvas is a new one, and for a moment both are there
    found.wait_for()
    page.wait_for_timeout(400)
    return found


def answer(page: Page, digit: str) -> None:
    """Wait until the page answers ``digit``."""
    expect(page.locator(f"[data-answer='{digit}']")).to_be_visible()


def draw_a_bar(page: Page) -> None:
    """Draw a vertical bar with the mouse, as one draws a 1."""
    box = canvas(page).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"]
    page.mouse.move(x, y + 40)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x, y + 40 + 25 * step)
    page.mouse.up()


def clear(page: Page) -> None:
    page.locator(".st-key-draw_clear button").click()
    expect(page.get_by_text("An empty canvas is not a digit")).to_be_visible()


def test_the_first_view_reads_an_example_and_shows_every_step(visit: Visit) -> None:
    page = visit("recognise")
    answer(page, "3")
    for words in ("1 · As drawn", "2 · Cropped", "3 · Scaled", "4 · Its centre of mass", "conv1 · conv2d"):
        expect(page.get_by_text(words).first).to_be_visible()
    no_traceback(page)


def test_a_drawn_digit_is_read_survives_a_change_of_page_and_can_be_undone(visit: Visit) -> None:
    page = visit("recognise")
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


def test_two_digits_and_a_scribble_are_doubted(visit: Visit) -> None:
    page = visit("recognise")
    page.get_by_role("button", name="two digits").click()
    expect(page.get_by_text("This looks like several digits")).to_be_visible()
    page.get_by_role("button", name="scribble").click()
    expect(page.get_by_text("This looks like a scribble")).to_be_visible()


def test_without_centring_a_digit_in_a_corner_is_left_there(visit: Visit) -> None:
    page = visit("recognise?draw_centred=false")
    page.get_by_role("button", name="small, in a corner").click()
    expect(page.get_by_text("nothing cropped, nothing centred")).to_be_visible()
    page.get_by_text("Crop and centre as MNIST does").click()
    answer(page, "2")


def test_a_picture_from_a_file_is_read_and_one_that_is_none_is_refused(visit: Visit, tmp_path: Path) -> None:
    picture = Image.new("L", (300, 400), 250)
    ImageDraw.Draw(picture).line([(80, 80), (220, 80), (130, 330)], fill=20, width=18)
    picture.save(tmp_path / "seven.png")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    page = visit("recognise?draw_way=file")
    chooser = page.locator("input[type=file]")
    chooser.set_input_files(tmp_path / "seven.png")
    answer(page, "7")
    chooser.set_input_files(tmp_path / "broken.png")
    expect(page.get_by_text("cannot be read").or_(page.get_by_text("not an image file")).first).to_be_visible()
    no_traceback(page)


def test_on_a_phone_the_canvas_fits_and_a_finger_draws_without_scrolling(visit: Visit) -> None:
    page = visit("recognise", width=390, language="zh", touch=True)
    expect(page.get_by_role("heading", name="写一个试试").first).to_be_visible()
    board = canvas(page)
    box = board.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="清空").click()
    expect(page.get_by_text("空白画布不是数字")).to_be_visible()
    board = canvas(page)
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + 40
    scroller = "document.querySelector('[data-testid=stMain]').scrollTop"
    before = page.evaluate(scroller)
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        found = [{"x": px, "y": py} for px, py in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": found})

    touch("touchStart", (x, y))
    for step in range(1, 9):
        touch("touchMove", (x, y + 22 * step))
    touch("touchEnd")
    answer(page, "1")
    assert page.evaluate(scroller) == before


def test_what_the_address_asks_for_wrongly_does_no_harm(visit: Visit) -> None:
    page = visit("recognise?draw_net=nobody:epoch-9&draw_rival=77&draw_why=x&draw_way=y&draw_centred=maybe")
    settle(page)
    answer(page, "3")
    no_traceback(page)
