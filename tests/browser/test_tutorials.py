"""The tutorials in a real browser: every step of each is listed in its order, and a press opens what it names."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core import i18n
from pages.parts.tutorials.foundations import FIT, FOUR_WAYS
from pages.parts.tutorials.lenet import FIVE, THREE
from pages.parts.tutorials.mnist import MNIST
from pages.parts.tutorials.tutorial import Tutorial
from pages.shared import lessons
from tests.browser import reader
from tests.browser.chromium import no_traceback

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_step_of_each_tutorial_is_listed_in_its_order(visit: Callable[..., Page], language: str) -> None:
    def words(sentence: str) -> str:
        return i18n.translate(language, sentence)

    page = visit("tutorials", language=language)
    for tutorial in (FIVE, MNIST, THREE, FIT, FOUR_WAYS):
        page.get_by_role("tab", name=words(tutorial.title)).click()
        steps = page.get_by_role("tabpanel").filter(visible=True).get_by_role("link")
        expect(page.get_by_text(words(tutorial.teaches))).to_be_visible()
        expect(steps).to_have_text(
            [
                f"{number}. {words(step.says)} — {words(lessons.by_name(step.lesson).title)}"
                for number, step in enumerate(tutorial.steps, 1)
            ]
        )


@pytest.mark.parametrize(
    ("tutorial", "number", "setting"),
    [
        (FIVE, 6, "lenet_at"),
        (MNIST, 14, "convolution_pad"),
        (THREE, 9, "lenet_tab"),
        (FIT, 5, "linear_fit_exp"),
        (FOUR_WAYS, 4, "two_layers_part"),
    ],
)
def test_a_press_opens_the_lesson_with_the_settings_of_the_step(
    visit: Callable[..., Page], tutorial: Tutorial, number: int, setting: str
) -> None:
    step = tutorial.steps[number - 1]
    page = visit("tutorials")
    page.get_by_role("tab", name=tutorial.title).click()
    page.get_by_role("tabpanel").filter(visible=True).get_by_role("link").nth(number - 1).click()
    expect(page.locator("h1")).to_have_text(lessons.by_name(step.lesson).title)
    page.wait_for_url(f"**{setting}={step.query[setting]}*")
    reader.rest(page)
    assert f"{setting}={step.query[setting]}" in page.url  # the lesson has taken it
    no_traceback(page)
