"""The guided journey in a real browser: it waits for each action, is left and resumed, and is kept."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from core import i18n, progress
from core.journey import JOURNEYS
from pages.shared import lessons
from tests.browser import reader
from tests.browser.chromium import no_traceback

pytestmark = pytest.mark.browser
BEGIN = "[class*=st-key-home_begin_five] button"
RESUME = "[class*=st-key-home_resume_five] button"


@pytest.fixture(autouse=True)
def nothing_is_done_yet(runs_folder: Path) -> None:
    """Start each test with no progress: this server's other tests take steps and answer questions too."""
    progress.forget(runs_folder)


def is_done(guide: Locator) -> None:
    """The action of the step is done; go on to the next one."""
    expect(guide).to_have_attribute("data-done", "true")
    at = int(guide.get_attribute("data-step") or 0)
    guide.locator(".next").click()
    if at < 5:
        expect(guide).to_have_attribute("data-step", str(at + 1))


def draw(page: Page) -> None:
    box = reader.place(page.locator(".pad canvas"))
    x = box["x"] + box["width"] / 2
    page.mouse.move(x, box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(x, box["y"] + 0.8 * box["height"], steps=4)
    page.mouse.up()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_five_minutes_wait_for_every_step_and_come_to_their_end(visit: Callable[..., Page], language: str) -> None:
    page = visit("", language=language, height=800)
    page.locator(BEGIN).first.click()
    guide = page.locator(".guide")
    expect(guide).to_have_attribute("data-step", "0")
    expect(guide.locator(".ring")).to_be_visible()  # around what it speaks of
    assert guide.get_attribute("data-done") == "false"
    page.reload()
    expect(guide).to_have_attribute("data-done", "false")
    draw(page)
    expect(guide).to_have_attribute("data-done", "true")
    page.reload()
    is_done(guide)  # a reload does not ask for it again
    page.locator(".stage").focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(guide.locator(".after")).not_to_be_empty()
    is_done(guide)
    guide.locator(".leave").click()
    expect(guide).to_have_count(0)
    page.locator(RESUME).click()  # at the same step
    expect(guide).to_have_attribute("data-step", "2")
    page.locator(".learn .main").click()
    is_done(guide)
    page.locator(".learn .main").click()
    is_done(guide)
    page.wait_for_url("**/convolution*")
    reader.rest(page)
    page.reload()
    expect(guide).to_have_attribute("data-step", "4")  # it goes on where it was
    page.locator("input[data-setting=stride]").press("ArrowRight")
    is_done(guide)
    page.wait_for_url("**/draw*")
    expect(guide.locator(".card")).to_be_in_viewport()
    no_traceback(page)
    page.keyboard.press("PageDown")  # as a clicker does
    expect(guide).to_have_count(0)


def test_a_move_that_the_server_did_not_hear_is_told_again(visit: Callable[..., Page]) -> None:
    lost: list[bytes | str] = []

    def lose_the_first(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def pass_on(message: bytes | str) -> None:
            if not lost and isinstance(message, bytes) and b'"to":"next"' in message:
                lost.append(message)
            else:
                server.send(message)

        route.on_message(pass_on)

    page = visit("", height=800)
    page.route_web_socket("**/_stcore/stream", lose_the_first)
    page.reload()
    page.locator(BEGIN).first.click()
    guide = page.locator(".guide")
    expect(guide).to_have_attribute("data-step", "0")
    page.keyboard.press("PageUp")  # there is no step before the first
    guide.locator(".next").click()
    expect(guide).to_have_attribute("data-step", "1")
    assert lost


def test_on_a_phone_a_journey_is_left_with_escape_and_goes_on_from_the_first_page(
    visit: Callable[..., Page],
) -> None:
    page = visit("", width=390, height=844, touch=True)
    page.locator(BEGIN).first.tap()
    guide = page.locator(".guide")
    expect(guide.locator(".card")).to_be_in_viewport(ratio=1)
    at = int(guide.get_attribute("data-step") or 0)
    while at < 4:
        guide.locator(".next").tap()
        at += 1
        expect(guide).to_have_attribute("data-step", str(at))
    expect(page).to_have_url(re.compile("/(convolution|draw)"))
    reader.rest(page)
    page.reload()
    expect(guide).to_have_attribute("data-step", str(at))
    expect(guide.locator(".card")).to_be_in_viewport(ratio=1)
    reader.rest(page)
    guide.locator(".leave").press("Escape")
    expect(guide).to_have_count(0)
    expect(page.locator("h1")).to_be_focused()
    page.reload()
    reader.rest(page)
    expect(guide).to_have_count(0)  # it was left
    page.goto(re.sub(r"/(convolution|draw).*", "/", page.url))
    page.locator(RESUME).tap()
    expect(guide).to_have_attribute("data-step", str(at))
    guide.locator(".leave").tap()
    expect(guide).to_have_count(0)
    no_traceback(page)


def test_progress_is_exported_as_csv_and_forgotten_with_one_press_and_a_yes(visit: Callable[..., Page]) -> None:
    page = visit("", height=800)
    page.locator(BEGIN).first.click()
    guide = page.locator(".guide")
    expect(guide).to_be_visible()
    draw(page)
    is_done(guide)
    guide.locator(".leave").click()
    expect(guide).to_have_count(0)
    reader.rest(page)
    page = visit("", height=800)  # a journey that was resumed was left on another page
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Export as CSV").click()
    rows = list(csv.DictReader(Path(downloading.value.path()).read_text("utf-8").splitlines()))
    assert {"kind": "step", "name": "five_minutes/draw"}.items() <= rows[0].items()
    assert datetime.fromisoformat(rows[0]["when"]).tzinfo is not None
    page.get_by_role("button", name="Reset", exact=True).click()
    page.get_by_role("button", name="Yes, reset").click()
    expect(page.get_by_role("button", name="Export as CSV")).to_have_count(0)
    expect(page.locator("[class*=st-key-home_begin_five] button")).to_have_text("Five minutes")
    no_traceback(page)


def choose_blur(page: Page) -> None:
    page.locator("select[data-setting=weights]").select_option("blur")


def see_a_layer(page: Page) -> None:
    page.locator(".stage").focus()
    for _press in range(2):
        page.keyboard.press("ArrowRight")


def start(page: Page) -> None:
    page.get_by_test_id("stMain").get_by_role("button", name=re.compile("^(Start|开始)$")).click()


def walk_to_the_loss(page: Page) -> None:
    walk = page.locator(".walk")
    for _step in range(40):
        if walk.get_attribute("data-phase") == "loss":
            return
        walk.locator(".next").click()
    raise AssertionError("no step is the loss")


def open_program_2(page: Page) -> None:
    page.locator("[class*=st-key-two_layers_mistake] button").nth(1).click()


ACTIONS: dict[str, Callable[[Page], None]] = {
    "draw": draw,
    "look": see_a_layer,
    "start": lambda page: page.locator(".learn .main").click(),
    "stop": lambda page: page.locator(".learn .main").click(),
    "mistake": open_program_2,
    "stride": lambda page: page.locator("input[data-setting=stride]").press("ArrowRight"),
    "padding": lambda page: page.locator("input[data-setting=padding]").press("ArrowRight"),
    "kernel": choose_blur,
    "forward": walk_to_the_loss,
    "train": start,
}


LANGUAGES = [("en", "zh"), ("zh", "en")]  # of its first and of its second half: each step in each language


@pytest.mark.long
@pytest.mark.parametrize(("language", "then"), LANGUAGES)
def test_the_hours_journey_is_walked_to_its_end_with_every_step_done_and_the_language_changed_on_the_way(
    visit: Callable[..., Page], language: str, then: str
) -> None:
    steps = JOURNEYS["one_hour"].steps
    assert set(ACTIONS) == {step.name for step in steps if step.waits}
    page = visit("", height=800, language=language)
    page.locator("[class*=st-key-home_begin_one] button").click()
    guide = page.locator(".guide")
    for number, step in enumerate(steps):
        expect(guide).to_have_attribute("data-step", str(number))
        expect(guide.locator(".count")).to_have_text(f"{number + 1} / {len(steps)}")
        if number == len(steps) // 2:
            language = then
            page.get_by_test_id("stSidebar").get_by_text(i18n.LANGUAGES[language]).click()
        expect(guide.locator(".says")).to_have_text(i18n.translate(language, step.says))  # it is on its page
        assert f"/{lessons.by_name(step.lesson).url_path}" in page.url
        reader.rest(page)
        no_traceback(page)
        assert guide.get_attribute("data-done") == str(not step.waits).lower(), step.name
        if step.waits:
            ACTIONS[step.name](page)
            expect(guide.locator(".after")).to_have_text(i18n.translate(language, step.after))
        expect(guide).to_have_attribute("data-done", "true")
        guide.locator(".next").click()
    expect(guide).to_have_count(0)
    page.get_by_test_id("stSidebar").get_by_role("link").first.click()
    expect(page.locator("[class*=st-key-home_begin_one] button")).to_have_text(re.compile("✓"))
    no_traceback(page)
