"""The guided journey in a real browser: it waits for each deed, is left and resumed, and is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import reader
from tests.browser.chromium import no_traceback

pytestmark = pytest.mark.browser
BEGIN = "[class*=st-key-home_begin_five] button, [class*=st-key-home_resume_five] button"


def done(guide: Locator) -> None:
    """The deed of the station is done; go on to the next one."""
    expect(guide).to_have_attribute("data-done", "true")
    at = int(guide.get_attribute("data-station") or 0)
    guide.locator(".next").click()
    if at < 5:
        expect(guide).to_have_attribute("data-station", str(at + 1))


def draw(page: Page) -> None:
    box = reader.place(page.locator(".pad canvas"))
    x = box["x"] + box["width"] / 2
    page.mouse.move(x, box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(x, box["y"] + 0.8 * box["height"], steps=4)
    page.mouse.up()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_five_minutes_wait_for_every_deed_and_come_to_their_end(visit: Callable[..., Page], language: str) -> None:
    page = visit("", language=language, height=800)
    page.locator(BEGIN).first.click()
    guide = page.locator(".guide")
    expect(guide).to_have_attribute("data-station", "0")
    expect(guide.locator(".ring")).to_be_visible()  # around what it speaks of
    assert guide.get_attribute("data-done") == "false"
    draw(page)
    done(guide)
    page.locator(".stage").focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(guide.locator(".after")).not_to_be_empty()
    done(guide)
    guide.locator(".leave").click()
    expect(guide).to_have_count(0)
    page.locator("[class*=st-key-home_resume_five] button").click()  # at the same station
    expect(guide).to_have_attribute("data-station", "2")
    page.locator(".learn .main").click()
    done(guide)
    page.locator(".learn .main").click()
    done(guide)
    page.wait_for_url("**/convolution*")
    page.locator("input[data-setting=stride]").press("ArrowRight")
    done(guide)
    page.wait_for_url("**/draw*")
    expect(guide.locator(".card")).to_be_in_viewport()
    no_traceback(page)
    page.keyboard.press("PageDown")  # as a clicker does
    expect(guide).to_have_count(0)
