"""The walk in a real browser: by keyboard from zero_grad to the new loss, cells opened, languages, a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import chromium as harness

pytestmark = pytest.mark.browser


@pytest.fixture
def walk(visit):
    """Open the page and wait until the walk is drawn."""

    def walk(query: str = "", **how: object) -> Page:
        page = visit(f"steps{query}", **how)
        page.wait_for_selector(".walk[data-step]")
        harness.no_traceback(page)
        return page

    return walk


def step_of(page: Page) -> int:
    return int(page.locator(".walk").get_attribute("data-step") or -1)


def go_to(page: Page, text: str) -> None:
    """Press the right arrow until the timeline says ``text``."""
    where = page.locator(".where")
    for _ in range(80):
        if text in where.inner_text():
            return
        page.keyboard.press("ArrowRight")
    raise AssertionError(f"no step says {text}")


def number(found: Locator) -> float:
    return float(found.inner_text().replace("−", "-"))


def test_the_keyboard_leads_from_zero_grad_to_the_new_loss(walk) -> None:
    page = walk("?steps_before=3")
    steps = page.locator(".tick").count()
    phases, took = [], []
    for at in range(steps):
        assert step_of(page) == at
        phase = page.locator(".phase.now > span").inner_text()
        phases += [phase] if phase not in phases else []
        took.append(float(page.locator(".walk").get_attribute("data-took") or "inf"))
        assert page.locator(".badge.far").count() == 0  # hand and torch agree at every step
        page.keyboard.press("ArrowRight")
    assert phases == ["zero_grad", "forward", "loss", "backward", "update", "new loss"]
    assert sorted(took)[int(0.95 * steps)] < 500  # benchmarks/walk_steps.py measures it on a quiet machine
    told = page.locator(".words").inner_text()
    before, after = (float(word.rstrip(".")) for word in told.split() if word[0].isdigit() and word[-1] != ",")
    assert after < before
    page.keyboard.press("Home")
    assert step_of(page) == 0


def test_a_cell_of_a_conv_gradient_opens_into_the_terms_that_torch_added(walk) -> None:
    page = walk()
    go_to(page, "ConvolutionBackward0 (conv2)")
    page.locator('[data-name="conv2.weight"] .pane.grad canvas').click(position={"x": 12, "y": 12})
    page.wait_for_selector(".opened .hand")
    assert "∂L/∂ conv2.weight[" in page.locator(".opened h4").inner_text()
    hand, torch = number(page.locator(".hand")), number(page.locator(".torch"))
    assert hand == pytest.approx(torch, rel=1e-4, abs=1e-7)
    terms = page.locator(".terms li")
    assert terms.count() == 10 * 10  # one for each place of the 10x10 output
    sources = {each.get_attribute("data-source") for each in page.locator(".source").all()}
    assert sources == {"input", "grad_output"}
    assert all(each.get_attribute("data-lit") == "100" for each in page.locator(".source").all())
    page.keyboard.press("Escape")
    expect(page.locator(".walk")).to_have_attribute("data-zoom", "2")
    page.keyboard.press("Escape")
    expect(page.locator(".walk")).to_have_attribute("data-zoom", "1")
    assert page.locator(".box").count() == 13


def test_a_weight_under_the_lens_by_keyboard_alone(walk) -> None:
    page = walk("?steps_opt=adam&steps_before=2")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")  # into the first tensor
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(".opened .lines")
    assert page.locator(".opened h4").inner_text().startswith("conv1.weight[0, 0, 1, 0]")
    assert page.locator(".lines tr").count() == 6  # m, v, both corrected, the step, the new weight
    shown = page.locator(".opened .answer b").all_inner_texts()
    assert float(shown[0]) == pytest.approx(float(shown[1]), abs=1e-7)


def test_the_address_holds_the_choice_and_the_step(walk) -> None:
    page = walk("?steps_network=mnist&steps_loss=nll&steps_at=4&lang=zh", width=390, touch=True)
    assert step_of(page) == 4
    expect(page.locator(".where")).to_contain_text("前向")
    expect(page.locator(".where")).to_contain_text("conv2d (conv2)")
    page.locator("button.next").click()
    expect(page.locator(".where")).to_contain_text("dropout2d")
    expect(page).to_have_url(page.url.replace("steps_at=4", "steps_at=5"))
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth + 1")


def test_nonsense_in_the_address_is_no_traceback(walk) -> None:
    page = walk("?steps_network=nobody&steps_loss=magic&steps_at=-7&steps_lr=none&steps_weights=../etc")
    assert step_of(page) == 0


def test_a_node_of_the_autograd_graph_leads_to_its_step(walk) -> None:
    page = walk()
    node = page.locator(".graph g[role=button]", has_text="MseLossBackward0")
    node.scroll_into_view_if_needed()
    node.click()
    page.locator(".graph aside button").click()
    expect(page.locator(".where")).to_contain_text("MseLossBackward0")


def test_an_experiment_runs_and_shows_the_real_error(walk) -> None:
    page = walk("?steps_exp=retain_graph")
    page.get_by_role("tab", name="Experiments").click()
    page.get_by_role("button", name="Run it").click()
    expect(page.get_by_text("Trying to backward through the graph a second time")).to_be_visible()
    harness.no_traceback(page)
