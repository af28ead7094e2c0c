"""Two layers follows the hand: each setting lets the four programs run again, and the losses are theirs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from core import i18n
from core.errors import InvalidSetting
from core.foundations.execution import execute
from core.foundations.two_layers import WAYS, losses_of, program
from core.live import settings
from core.live.two_layers.settings import SETTINGS, ways_settings
from tests.browser import chromium as harness
from tests.browser import reader
from tests.browser.controls import VALUES, operate_all

pytestmark = pytest.mark.browser
SMALL = "two_layers_N=8&two_layers_D_in=20&two_layers_H=6&two_layers_D_out=3&two_layers_iterations=20"


def open_page(visit, path: str, **options) -> Page:
    page: Page = visit(f"two_layers?{path}", **options)
    page.locator(".lockstep[data-answer]").wait_for()
    return page


def agrees(page: Page) -> None:
    """Wait until the loss at the end is that of the programs with the settings on the screen."""
    way_settings = ways_settings(settings.read(SETTINGS, page.locator(".lockstep").evaluate(VALUES)))
    cells = page.locator(".ways-numbers tr").last.locator("td")
    for column, way in enumerate(WAYS, 1):
        expect(cells.nth(column)).to_have_text(f"{losses_of(program(way, way_settings))[-1]:.12g}")
    expect(cells.first).to_have_text(str(way_settings.iterations))


def agrees_or_says_why(page: Page) -> bool:
    """Compare the losses on the screen with the programs', or the sentence with what is refused."""
    values = settings.read(SETTINGS, page.locator(".lockstep").evaluate(VALUES))
    try:
        way_settings = ways_settings(values)
    except InvalidSetting as error:
        expect(page.locator(".lockstep > .why").first).to_have_text(i18n.translate_error("en", error))
        return False
    agrees(page)
    _names, text = execute(program(str(values["printed"]), way_settings))
    expect(page.locator(".ways-numbers pre")).to_have_text(text.strip())
    return True


def test_every_control_lets_the_programs_run_again_and_their_numbers_and_prints_are_shown(visit) -> None:
    page = open_page(visit, f"{SMALL}&two_layers_lr=0.0001")
    page.locator(".lockstep details").evaluate_all("(all) => all.forEach((each) => { each.open = true; })")
    operated = operate_all(page.locator(".lockstep"), lambda: agrees_or_says_why(page))
    assert {*operated} == {each.name for each in SETTINGS}
    harness.no_traceback(page)


def test_each_setting_lets_the_programs_run_again(visit) -> None:
    page = open_page(visit, f"{SMALL}&two_layers_lr=0.0001")
    page.get_by_text("The losses as numbers").click()
    agrees(page)
    handle = reader.place(page.get_by_role("slider", name="H, logarithmic", exact=True))
    at = handle["x"] + 8 + 0.216 * (handle["width"] - 16)
    page.mouse.move(at, handle["y"] + handle["height"] / 2)
    page.mouse.down()
    page.mouse.move(at + 0.2 * handle["width"], handle["y"] + handle["height"] / 2, steps=6)
    page.mouse.up()
    hidden = int(page.locator("[data-setting=H]").input_value())
    assert hidden > 10
    expect(page.locator(".ways-shapes")).to_contain_text(f"20×{hidden}")
    expect(page.locator(".ways-parameters")).to_contain_text(f"= {23 * hidden:,} parameters")
    agrees(page)
    page.get_by_role("slider", name="N, logarithmic", exact=True).press("ArrowRight")
    page.get_by_role("slider", name="Iterations, logarithmic").press("ArrowRight")
    page.locator("[data-setting=lr]").press("ArrowUp")
    page.get_by_text("Rate of Adam, seed").click()
    page.locator("[data-setting=seed]").fill("5")
    agrees(page)
    page.get_by_label("All that a program prints").select_option("module")
    expect(page.locator(".ways-numbers pre")).to_contain_text("24 ")
    page.wait_for_url(re.compile(f"two_layers_H={hidden}.*two_layers_seed=5"))
    expect(page.locator(".panes-line", has_text=f"= 10, 20, {hidden}, 3").first).to_be_visible()  # the programs too
    page.locator("[data-setting=D_in]").fill("4000")
    page.locator("[data-setting=N]").fill("4000")
    expect(page.locator(".lockstep > .why").first).to_contain_text("take smaller sizes or fewer iterations")
    page.get_by_text("The derivation", exact=True).click()
    expect(page.locator(".ways-chart")).to_be_hidden()
    harness.no_traceback(page)


def test_a_phone_shows_settings_and_losses_at_first(visit) -> None:
    page = open_page(visit, SMALL, width=390, height=844, touch=True, language="zh", theme="dark")
    picture = reader.place(page.locator(".ways-shapes"))
    assert picture["y"] + picture["height"] < 844
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_text("推导").first.click()  # another part, with the same settings
    expect(page.locator("[data-setting=H]")).to_have_value("6")
    harness.no_traceback(page)
