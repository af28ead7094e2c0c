"""Two runs of equal settings on every page that offers runs or checkpoints: the one that is pressed counts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.training import run_folder
from core.training.config import TrainConfig
from core.training.run_controller import RunController
from core.training.run_folder import RunFolder
from tests.browser import chromium as harness
from tests.browser import reader
from tests.browser.buttons import press
from tests.training.lives import WhenPaused

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def twin(root: Path) -> RunFolder:
    """Train LeNet as a user does who presses Start without a name; it is paused after one batch."""
    run = run_folder.create(root, TrainConfig(dataset="digits", network="lenet5", epochs=1, threads=1))
    RunController(run.path, WhenPaused({"do": "stop"}), lambda **_message: None).run(batches=1)
    return run


@pytest.fixture(scope="module")
def twins(runs_folder: Path) -> list[RunFolder]:
    """Three runs of equal settings, the oldest first."""
    return [twin(runs_folder) for _ in range(3)]


def choose(page: Page, key: str, number: int) -> Locator:
    """Open the select box under ``key`` and press the ``number``-th of the twins in it; the list has to close."""
    box = page.locator(f".st-key-{key}")
    options = page.get_by_role("option").filter(has_text="lenet5 sgd")
    reader.choose(box.get_by_role("combobox"), options.nth(number))
    harness.settle(page)
    return box


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("draw?", "draw_net"),
        ("draw?", "draw_other"),
        ("convolution?convolution_weights=trained", "convolution_network"),
    ],
)
def test_the_checkpoint_that_is_pressed_is_the_one_that_is_used(
    visit: Visit, twins: list[RunFolder], path: str, key: str
) -> None:
    page = visit(path)
    every = [f"{run.id}:{saved.name}" for run in twins[::-1] for saved in reversed(run.checkpoints())]
    for number in (len(every) - 1, 0, 2):
        choose(page, key, number)
        page.wait_for_url(lambda url, code=every[number]: f"{key}={code}" in url.replace("%3A", ":"))
    harness.no_traceback(page)


def test_one_of_the_runs_is_the_one_that_is_deleted(
    visit: Visit, runs_folder: Path, twins: list[RunFolder]
) -> None:
    run = twin(runs_folder)
    page = visit("runs")
    choose(page, "runs_one", 1)  # the newest is in the first place
    page.wait_for_url(f"**runs_one={twins[2].id}*")
    choose(page, "runs_one", 0)
    press(page, "Delete…")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(run.id)).to_be_visible()
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).to_have_count(0)
    assert run.path.exists()
    press(page, "Delete…")
    page.get_by_role("dialog").get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert not run.path.exists() and all(other.path.exists() for other in twins)
    harness.no_traceback(page)


@pytest.mark.parametrize("name", ["Rename…", "Delete…"])
def test_the_focus_comes_back_to_what_opened_a_dialog(visit: Visit, twins: list[RunFolder], name: str) -> None:
    page = visit(f"runs?runs_one={twins[0].id}")
    reader.rest(page)
    opener = page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True)
    ends = {"Rename…": "Rename", "Delete…": "Keep it"}
    for close in ("Escape", "Close", ends[name]):
        opener.press("Enter")
        dialog = page.get_by_role("dialog")
        dialog.wait_for()
        reader.rest(page)
        assert not opener.evaluate("(button) => button.matches(':focus')")
        if close == "Escape":
            page.keyboard.press(close)
        else:
            dialog.get_by_role("button", name=close, exact=True).press("Enter")
        expect(dialog).to_have_count(0)
        expect(opener).to_be_focused()
    harness.no_traceback(page)


def test_a_run_that_was_just_chosen_is_the_one_that_is_deleted(visit: Visit, twins: list[RunFolder]) -> None:
    page = visit(f"runs?runs_one={twins[2].id}&runs_words=lenet5")
    delete = page.get_by_test_id("stMain").get_by_role("button", name="Delete…", exact=True)
    delete.wait_for()
    reader.rest(page)
    button = delete.element_handle()  # below an open list no role is found
    box = page.locator(".st-key-runs_one").get_by_role("combobox")
    box.evaluate(reader.STANDS_STILL, "center")
    box.click()
    oldest = page.get_by_role("option").filter(has_text="lenet5 sgd").nth(2)
    oldest.evaluate("(option, button) => { option.click(); button.click(); }", button)
    expect(page.get_by_role("dialog").get_by_text(twins[0].id)).to_be_visible()
    harness.no_traceback(page)


def test_a_click_on_a_row_shows_that_run_and_compares_it(visit: Visit, twins: list[RunFolder]) -> None:
    page = visit(f"runs?runs_compare={twins[2].id}&runs_words=lenet5")
    table = page.locator(".st-key-runs_table canvas").first
    box = reader.place(table)
    page.mouse.click(box["x"] + 60, box["y"] + 35 * 3 + 18)  # the third row, below the headings
    page.wait_for_url(lambda url: f"runs_one={twins[0].id}" in url)
    page.wait_for_url(lambda url: f"{twins[2].id},{twins[0].id}" in url.replace("%2C", ","))
    harness.no_traceback(page)


def test_a_twin_that_appears_while_the_page_is_open_changes_no_choice(visit: Visit, runs_folder: Path) -> None:
    alone = run_folder.create(runs_folder, TrainConfig(dataset="digits", epochs=1, threads=1), "alone")
    RunController(alone.path, WhenPaused({"do": "stop"}), lambda **_message: None).run(batches=1)
    page = visit("draw")
    other = run_folder.create(runs_folder, alone.config, "alone")  # the labels on the screen are old from here on
    RunController(other.path, WhenPaused({"do": "stop"}), lambda **_message: None).run(batches=1)
    box = page.locator(".st-key-draw_net").get_by_role("combobox")
    reader.choose(box, page.get_by_role("option").filter(has_text="alone · step-1"))
    page.wait_for_url(lambda url: f"draw_net={alone.id}:step-1" in url.replace("%3A", ":"))
    harness.no_traceback(page)
