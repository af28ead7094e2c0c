"""The page's own buttons."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser import chromium as harness


def press(page: Page, name: str) -> None:
    """Press a button of the page, not Streamlit's own in the corner."""
    button(page, name).click(timeout=60_000)


def button(page: Page, name: str) -> Locator:
    return page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True)


def state(page: Page, word: str, seconds: float = 60) -> None:
    """Wait until the run is in that state."""
    numbers = page.get_by_test_id("run-numbers").locator("dd").first
    expect(numbers).to_have_text(word, timeout=seconds * 1000)
    harness.settle(page)
