"""The linear fit follows the hand: each control starts it again, it plays while it trains, and torch agrees."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from core import i18n
from core.errors import InvalidSetting
from core.foundations.linear_fit import Fit, fit, true_matrix
from core.live import settings
from core.live.linear_fit.settings import SETTINGS, fit_settings
from tests.browser import chromium as harness
from tests.browser import numerals, reader
from tests.browser.contrast import least_contrast
from tests.browser.controls import VALUES, operate_all

pytestmark = pytest.mark.browser

# What the matrices write, and all digits of it.
CELLS = """(all) => [
  all.map((each) => each.textContent),
  all.map((each) => each.title.split(' = ')[1] ?? 'nan'),
]"""


def open_page(visit, path: str, **options) -> Page:
    page: Page = visit(f"linear_fit?{path}", **options)
    page.locator(".fit[data-answer]").wait_for()
    return page


def field(page: Page, name: str) -> Locator:
    return page.locator(f".fit [data-setting={name}]")


def agrees_or_says_why(page: Page) -> bool:
    """Compare the fit on the screen with PyTorch, or the sentence with what is refused; return whether it fits."""
    try:
        fit(fit_settings(settings.read(SETTINGS, page.locator(".fit").evaluate(VALUES))))
    except InvalidSetting as error:
        expect(page.locator(".fit > .why")).to_have_text(i18n.translate_error("en", error))
        return False
    agrees(page)
    return True


def test_every_control_starts_the_fit_again_and_its_end_is_torchs_or_a_sentence_says_why(visit) -> None:
    page = open_page(visit, "linear_fit_iterations=20&linear_fit_samples=30")
    page.locator(".fit details").evaluate_all("(all) => all.forEach((each) => { each.open = true; })")
    operated = operate_all(page.locator(".fit"), lambda: agrees_or_says_why(page))
    assert {*operated} == {each.name for each in SETTINGS}
    harness.no_traceback(page)


def agrees(page: Page) -> Fit:
    """Wait until the last iteration on the screen is that of PyTorch with the settings on the screen."""
    result = fit(fit_settings(settings.read(SETTINGS, page.locator(".fit").evaluate(VALUES))))
    slider = page.get_by_role("slider", name="Iteration", exact=True)
    expect(slider).to_have_attribute("max", str(len(result.losses)))
    tensors = [result.learned, true_matrix(result.settings), result.difference, result.gradients[-1]]
    expected = [float(value) for tensor in tensors for value in tensor.flatten()]
    slider.press("Home")
    for _attempt in range(100):
        slider.press("End")  # of what is there: the other iterations may be on their way
        texts, digits = page.locator(".fit-grid [role=cell] > *").evaluate_all(CELLS)
        if [*map(float, digits)] == pytest.approx(expected, rel=1e-8, abs=0):
            break
        reader.frames(page, 6)
    assert [*map(float, digits)] == pytest.approx(expected, rel=1e-8, abs=0)
    assert not numerals.wrong(texts, expected)
    return result


def test_each_control_starts_the_fit_again_and_its_end_is_torchs(visit) -> None:
    page = open_page(visit, "linear_fit_iterations=60")
    handle = reader.place(page.get_by_role("slider", name="Learning rate, logarithmic"))
    middle = handle["y"] + handle["height"] / 2
    page.mouse.move(handle["x"] + 8 + 0.5 * (handle["width"] - 16), middle)
    page.mouse.down()
    page.mouse.move(handle["x"] + 8 + 0.75 * (handle["width"] - 16), middle, steps=6)
    page.mouse.up()
    assert 0.1 < float(field(page, "lr").input_value()) < 1
    first = agrees(page)
    page.get_by_role("slider", name="Batch size, logarithmic").press("ArrowRight")
    expect(field(page, "batch")).to_have_value("5")
    field(page, "lr").press("ArrowUp")
    field(page, "optimizer").select_option("Adam")
    page.get_by_text("The matrix W, samples, noise, seed").click()
    page.get_by_role("slider", name="Noise in y").press("ArrowRight")
    field(page, "seed").fill("7")
    field(page, "w21").fill("-1.5")
    assert agrees(page).learned[2, 1] != first.learned[2, 1]
    page.wait_for_url(re.compile("linear_fit_lr=0.*linear_fit_w21=-1.5"))
    field(page, "batch").fill("500")
    expect(page.locator(".fit > .why")).to_contain_text("a batch of 500 cannot be drawn")
    field(page, "batch").fill("4")
    expect(page.locator(".fit > .why")).to_be_hidden()
    harness.no_traceback(page)


def test_it_plays_while_it_trains_and_is_scrubbed_and_stepped_by_keys(visit) -> None:
    page = open_page(visit, "")
    play = page.locator(".fit-play")
    expect(play).to_have_text(re.compile("Pause"))
    cells = page.locator(".fit-grid button")
    cells.first.focus()
    first = cells.first.element_handle()
    for cell in range(1, 6):
        page.keyboard.press("Tab")
        expect(cells.nth(cell)).to_be_focused()
    assert first.evaluate("(cell) => cell.isConnected")
    expect(play).to_have_text(re.compile("Pause"))  # all of that while it played
    expect(page.locator(".fit-end")).to_contain_text("After 5000 iterations")  # and trained
    slider = page.get_by_role("slider", name="Iteration", exact=True)
    slider.press("Home")
    expect(page.locator(".fit-step")).to_contain_text("weight.grad is None")
    page.get_by_role("button", name="One iteration on").press("Enter")
    expect(page.locator(".fit-said[aria-live=polite]")).to_contain_text("Iteration 1 saw samples")
    code = page.locator(".fit-step code").inner_text().replace("−", "-")
    numbers = re.search(r"W\[0,0\]:\s+(\S+) - 0.01 · \((\S+)\) = (\S+)", code)
    assert numbers is not None, code
    before, slope, after = map(float, numbers.groups())
    assert after == pytest.approx(before - 0.01 * slope, abs=2e-6)
    page.get_by_label("Across").select_option("W[2,1]")
    page.wait_for_url("**linear_fit_across=W*")
    expect(page.locator(".fit-bar output")).to_have_text("iteration 1 of 5,000")  # another surface, the same fit
    page.get_by_label("Upward").select_option("W[2,1]")
    expect(page.locator(".fit-plots .why")).to_have_text("a surface needs two different weights")
    assert 4.5 <= least_contrast(page, ".fit-grid [role=cell] > *") < 21
    harness.no_traceback(page)


def test_a_rate_that_diverges_is_explained_in_the_readers_language(visit) -> None:
    path = "linear_fit_lr=3&linear_fit_iterations=300&linear_fit_w00=inf&linear_fit_across=x"
    page = open_page(visit, path, language="zh", theme="dark", width=390, touch=True)
    expect(page.locator(".fit-end")).to_contain_text("1 − lr·λ")
    expect(page.locator(".fit-reasons math").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    harness.no_traceback(page)
