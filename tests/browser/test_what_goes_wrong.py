"""The library of mistakes in a real browser: a message finds an entry, a guess runs it, and its repair is shown."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import chromium as harness

pytestmark = pytest.mark.browser
WAIT = 120_000  # the first program waits until torch is imported
MESSAGE = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (4x256 and 400x120)"
WORDS = {
    "en": ("it stops with an error", "The repaired program", "Change line"),
    "zh": ("报错并停止", "修正后的程序", "改为"),
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_pasted_message_leads_to_the_run_and_the_repair(visit: Callable[..., Page], language: str) -> None:
    guess, repaired, repair = WORDS[language]
    page = visit("what_goes_wrong", language=language)
    page.locator("textarea").first.fill(MESSAGE)
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile("what_goes_wrong_entry=01_in_features"))
    harness.settle(page)  # the entry comes with its own choices: those of the entry before are about to go
    page.get_by_role("radio", name=guess).focus()
    page.keyboard.press("Space")
    expect(page.get_by_text(repaired)).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("mat1 and mat2 shapes cannot be multiplied").last).to_be_visible()
    expect(page.get_by_text(re.compile(repair)).first).to_be_visible()
