"""The foundations lessons as people use them: played, stepped, pointed at, opened, by mouse, touch and keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import chromium as harness

pytestmark = [pytest.mark.browser, pytest.mark.long]

SIZES = "two_layers_N=8&two_layers_D_in=20&two_layers_H=6&two_layers_D_out=3"
SMALL = f"{SIZES}&two_layers_iterations=20&two_layers_lr=0.0001"


def test_corresponding_lines_light_up_in_all_four_programs(visit) -> None:
    page = visit(f"two_layers?{SMALL}")
    page.locator(".panes-line", has_text="grad_w1 = x.T.dot(grad_h)").click()
    lit = page.locator(".panes-line.lit")
    expect(lit).to_have_count(4)
    assert lit.all_inner_texts()[1].strip() == "grad_w1 = x.t().mm(grad_h)"
    assert lit.all_inner_texts()[2].strip() == "loss.backward()"
    expect(page.locator(".panes-said")).to_contain_text("(20, 6) = (20, 8) (8, 6)")
    page.locator(".panes-code").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".panes-said")).to_contain_text("w ← w − lr · ∂L/∂w")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".panes-said")).to_contain_text("∂L/∂w₁ = xᵀ ∂L/∂h")
    expect(page.get_by_text("Largest difference among 1, 2 and 3")).to_be_visible()
    harness.no_traceback(page)


def test_a_mistake_is_guessed_run_and_fixed(visit) -> None:
    page = visit(f"two_layers?{SMALL}&two_layers_mistake=5")
    page.locator(".lines .line").first.click()
    expect(page.get_by_text("Line 1 is right as it is.")).to_be_visible()
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        page.locator(".lines").press(key)
    expect(page.get_by_text("Line 3 is right as it is.")).to_be_visible()
    page.locator(".lines .line").nth(22).click()
    expect(page.get_by_text("that is the mistake")).to_be_visible()
    expect(page.locator(".line.wrong")).to_have_count(0)
    page.get_by_text("stops with an error").click()
    expect(page.locator(".line.wrong")).to_contain_text("return")
    expect(page.get_by_text("SyntaxError: 'return' outside function")).to_be_visible()
    expect(page.get_by_text("The fix", exact=True)).to_be_visible()


def test_a_cell_is_opened_by_mouse_and_by_keyboard(visit) -> None:
    page = visit("operators?operators_name=bmm&operators_cell=output.3")
    expect(page.get_by_text("Opened: y[0, 1, 1]")).to_be_visible()
    cells = page.locator(".grid-cells button")
    expect(page.locator(".grid .lit")).to_have_count(6)
    cells.nth(2).click()
    expect(page.get_by_text("Opened: y[0, 1, 0]")).to_be_visible()
    expect(page).to_have_url(re.compile("operators_cell=output.2"))
    cells.nth(2).focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Opened: y[0, 0, 0]")).to_be_visible()
    harness.no_traceback(page)


def test_bad_arguments_show_pytorchs_own_error_explained(visit) -> None:
    page = visit("operators?operators_name=view&operators_view_transposed=true&operators_view_new_shape=6")
    expect(page.get_by_text("RuntimeError: view size is not compatible").first).to_be_visible()
    expect(page.get_by_text("reshape copies then").first).to_be_visible()
    harness.no_traceback(page)


def test_a_surprise_is_run_after_a_guess(visit) -> None:
    page = visit("operators?operators_name=squeeze", language="zh")
    page.get_by_text("什么也不做", exact=True).click()
    expect(page.get_by_text("a batch of one, squeezed by mistake: torch.Size([10])")).to_be_visible()
