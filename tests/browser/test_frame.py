"""The frame in a real browser: addresses, languages, themes, nothing from outside."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from pages.shared.lessons import LESSONS
from tests.browser import chromium as harness
from tests.browser.contrast import faint, texts

pytestmark = pytest.mark.browser


def test_the_first_request_to_a_fresh_server_shows_the_page_and_obeys_the_first_click(browser: Browser) -> None:
    with harness.server() as address:
        page = harness.open_page(browser, f"{address}/compare")
        expect(page.get_by_text("Language / 语言")).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_count(0)  # "Page not found"
        expect(page.locator("h1")).to_have_count(1)
        page.get_by_text("简体中文").click()
        expect(page.get_by_role("link", name="训练", exact=True).first).to_be_visible()
        assert "lang=zh" in page.url
        page.context.close()


@pytest.mark.long
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.file)
def test_a_lesson_opens_on_a_phone_without_sideways_scrolling_or_anything_from_outside(
    visit, address: str, lesson
) -> None:
    asked: list[str] = []
    page = visit(lesson.url_path, width=390, touch=True, asked=asked)
    expect(page.locator("h1")).to_have_count(1)
    harness.no_traceback(page)
    page.wait_for_timeout(500)
    outside = [
        url for url in asked if not url.startswith((address, "data:", "blob:", address.replace("http", "ws")))
    ]
    assert asked
    assert not outside
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth + 1")


@pytest.mark.long
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.file)
def test_every_text_of_a_lesson_can_be_read_in_both_themes(visit, lesson) -> None:
    page = visit(lesson.url_path)
    page.wait_for_timeout(700)  # drawings come after the words
    paper = "getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme"
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_function(f"(theme) => {paper} === theme", arg=theme)
        page.wait_for_timeout(300)  # drawings are painted anew
        harness.settle(page)
        found = texts(page)
        assert len(found) > 20
        assert faint(found) == []


def test_the_language_stays_when_one_goes_to_another_page_or_reloads(visit) -> None:
    page = visit("", language="en")
    page.get_by_text("简体中文").click()
    expect(page.get_by_role("link", name="训练", exact=True).first).to_be_visible()
    assert "lang=zh" in page.url
    page.get_by_role("link", name="卷积", exact=True).first.click()
    harness.settle(page)
    expect(page.get_by_role("link", name="训练", exact=True).first).to_be_visible()
    page.reload()
    harness.settle(page)
    expect(page.get_by_role("link", name="训练", exact=True).first).to_be_visible()


def test_a_chinese_browser_is_greeted_in_chinese(visit) -> None:
    page = visit("", language="zh")
    expect(page.get_by_text("一次一个运算").first).to_be_visible()
