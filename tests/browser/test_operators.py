"""Operators follow the hand: arguments and the numbers of x, by mouse, touch and keyboard, with torch's numbers."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from playwright.sync_api import Locator, Page, expect

from core import i18n
from core.foundations.run_operator import run
from core.live import settings
from core.live.instrument import instrument
from core.live.operators.answer import tensors_of
from core.live.operators.run import read_input
from core.ops.operator import FAMILIES
from core.ops.registry import OPERATORS
from tests.browser import chromium as harness
from tests.browser import numerals, reader
from tests.browser.contrast import least_contrast
from tests.browser.controls import VALUES, drag, operate_all

pytestmark = pytest.mark.browser

TENSORS = """(root) => Object.fromEntries([...root.querySelectorAll('.grid-tensor')].map((box) => [
  box.dataset.tensor,
  [...box.querySelectorAll('[data-value]')].map((cell) => cell.dataset.value),
]))"""
TEXTS = TENSORS.replace("cell.dataset.value", "cell.value || cell.textContent")
CUT_OFF = """(all) => all.filter((each) => each.scrollHeight > each.clientHeight)
  .map((each) => [each.textContent, each.scrollHeight, each.clientHeight])"""


def open_page(visit, path: str, **options) -> Page:
    page: Page = visit(f"operators?{path}", **options)
    page.locator(".one-operator[data-answer]").wait_for()
    return page


def linear_agrees(page: Page) -> None:
    """What is on the screen now is what torch makes of the x, weight, bias and g on the screen."""
    tensors = page.locator(".one-operator").evaluate(TENSORS)
    tensor = {name: torch.tensor([*map(float, each)], dtype=torch.float64) for name, each in tensors.items()}
    outputs = len(tensors["bias"])
    x, weight = tensor["input"].reshape(2, 3), tensor["weight"].reshape(outputs, 3)
    y, g = tensor["output"].reshape(2, outputs), tensor["grad_output"].reshape(2, outputs)
    torch.testing.assert_close(y, F.linear(x, weight, tensor["bias"]), atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(tensor["grad input"].reshape(2, 3), g @ weight, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(tensor["grad weight"].reshape(outputs, 3), g.T @ x, atol=1e-5, rtol=1e-5)


def answered(cell: Locator, value: str) -> None:
    """Wait until the cell shows ``value`` and the answer is about it."""
    expect(cell).to_have_value(value)
    number = float(value.replace("−", "-"))
    expect(cell).to_have_attribute("data-value", re.compile(re.escape(f"{np.float32(number):.9g}") + "$"))


def numbers_fit(page: Page) -> None:
    """No cell cuts its number off."""
    cells = page.locator(".grid-cells [role=cell] > *")
    assert not cells.evaluate_all("(all) => all.filter((each) => each.scrollWidth > each.clientWidth).length")


def x_cells(page: Page) -> Locator:
    return page.locator(".grid-tensor[data-tensor=input] input")


def test_an_argument_and_the_cells_of_x_are_dragged_and_typed_and_torchs_numbers_follow(visit) -> None:
    page = open_page(visit, "operators_name=Linear")
    drag(page, "Linear_out_features", 0.6)
    expect(page.locator(".grid-tensor[data-tensor=output] small")).to_have_text("(2, 5)")
    linear_agrees(page)
    cells = x_cells(page)
    box = reader.place(cells.nth(1))
    page.mouse.move(box["x"] + 20, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 50, box["y"] + 10, steps=5)  # five steps of a tenth
    answered(cells.nth(1), "0.200")
    linear_agrees(page)
    page.mouse.up()
    cells.nth(4).click()
    page.keyboard.type("-2,5")
    expect(cells.nth(4)).to_have_attribute("data-value", "-2.5")
    linear_agrees(page)
    page.wait_for_url(re.compile("operators_Linear_cells=1%3A0.2%2C4%3A-2.5"))
    harness.settle(page)
    page.get_by_text("Show the code").click()
    expect(page.get_by_text("x[1, 1] = -2.5")).to_be_visible()
    page.reload()
    expect(x_cells(page).nth(4)).to_have_value("−2.500")
    page.get_by_role("button", name="Reset x").click()
    answered(x_cells(page).nth(4), "−1.100")
    linear_agrees(page)
    harness.no_traceback(page)


def test_the_keyboard_reaches_and_changes_every_cell(visit) -> None:
    page = open_page(visit, "operators_name=Linear&operators_Linear_cells=0:1,5:-999999")
    numbers_fit(page)
    cells = x_cells(page)
    cells.first.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("PageDown")
    answered(cells.first, "0.200")
    page.keyboard.press("ArrowRight")
    expect(cells.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("x")  # no number: what was there stays
    expect(cells.nth(1)).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Escape")
    expect(cells.nth(1)).to_have_value("−0.300")
    linear_agrees(page)
    page.locator(".grid-tensor[data-tensor='grad weight'] button").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".opened h2")).to_have_text("Opened: ∂L/∂weight[0, 1]")
    slider = page.get_by_role("slider", name="out_features")
    slider.press("ArrowRight")
    expect(page.locator(".grid-tensor[data-tensor=output] small")).to_have_text("(2, 3)")
    linear_agrees(page)
    page.wait_for_url("**operators_cell=grad*")
    harness.no_traceback(page)


def test_a_finger_drags_a_cell_sideways(visit) -> None:
    page = open_page(visit, "operators_name=Linear", width=390, touch=True, language="zh", theme="dark")
    expect(page.locator(".hint p").first).to_have_text("点一下 y 或某个梯度的一格，看它由哪些格算出来。")
    box = reader.place(x_cells(page).first)
    x, y = box["x"] + 10, box["y"] + 12
    session = page.context.new_cdp_session(page)
    for kind, at in (("touchStart", 0), *(("touchMove", 6 * step) for step in range(1, 6)), ("touchEnd", None)):
        points = [] if at is None else [{"x": x + at, "y": y}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    answered(x_cells(page).first, "2")
    linear_agrees(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    harness.no_traceback(page)


def test_the_shape_is_guessed_first_and_another_operator_begins_again(visit) -> None:
    page = open_page(visit, "operators_name=bmm&operators_ask=true")
    expect(page.locator(".grid-tensor")).to_have_count(0)
    page.get_by_label("Your guess").fill("2, 2, 2")
    expect(page.locator(".verdict")).to_contain_text("Yes, (2, 2, 2)")
    expect(page.locator(".grid-tensor")).to_have_count(6)
    page.get_by_text("matmul", exact=True).click()
    expect(page.get_by_role("heading", name="torch.matmul")).to_be_visible()
    reader.rest(page)  # the controls are matmul's then, not bmm's that are about to go
    page.get_by_label("Ask me the shape first").uncheck()
    expect(page.locator(".shape")).to_contain_text("(2,2)")
    harness.no_traceback(page)


TYPED = {
    "nll_loss_shape": "3, 4",
    "nll_loss_weight": "1, 2, 3, 4",
    "Conv1d_shape": "1, 2, 6",
    "Conv1d_kernel_size": "2",
}
TYPED |= {"Conv1d_stride": "2", "Conv1d_padding": "1", "Conv1d_dilation": "2", "dropout_shape": "2, 5"}
WALKED = ("Conv1d", "nll_loss", "dropout")


def test_the_operators_that_are_walked_have_arguments_of_every_kind() -> None:
    kinds = {each.kind for operator in OPERATORS.values() for each in operator.arguments}
    assert {each.kind for name in WALKED for each in OPERATORS[name].arguments} == kinds


def agrees(page: Page, name: str) -> bool:
    """Compare what is written with torch's tensors, or with its sentence where it refuses; return which it is."""
    root = page.locator(".one-operator")
    values = settings.read(instrument(f"operators.{name}").settings, root.evaluate(VALUES))
    read = read_input(OPERATORS[name], values)
    result = run(OPERATORS[name], read.values, read.seed, read.cells)
    if result.call is None:
        expect(page.locator(".one-operator .error")).to_contain_text(result.error)
        for invalid in result.invalid:
            expect(page.locator(".one-operator .why")).to_contain_text(i18n.translate_error("en", invalid))
        return False
    expected = {key: [float(x) for x in each.flatten()] for key, each in tensors_of(result).items()}
    for _attempt in range(100):
        numbers = {key: [*map(float, each)] for key, each in root.evaluate(TENSORS).items()}
        if numbers.keys() == expected.keys() and all(
            numbers[key] == pytest.approx(expected[key], rel=1e-6, abs=1e-7, nan_ok=True) for key in expected
        ):
            texts = root.evaluate(TEXTS)
            assert not any(numerals.wrong(texts[key], numbers[key]) for key in texts), (name, texts)
            return True
        reader.frames(page, 6)
    assert numbers == expected
    return True


@pytest.mark.long
@pytest.mark.parametrize("name", WALKED)
def test_every_argument_is_followed_by_torchs_tensors_or_by_its_own_sentence(visit, name: str) -> None:
    page = open_page(visit, f"operators_name={name}")
    operated = operate_all(page.locator(".one-operator"), lambda: agrees(page, name), TYPED, ("ask",))
    assert {f"{name}_{each.name}" for each in OPERATORS[name].arguments} | {"seed"} == {*operated}
    harness.no_traceback(page)


@pytest.mark.long
@pytest.mark.parametrize("width", [390, 1280])
def test_every_operator_writes_torchs_tensors(visit, width: int) -> None:
    """Half of the operators on a phone in Chinese, the others in a window in English, all on one page."""
    phone = width == 390
    names = [*OPERATORS][phone::2]
    page = open_page(
        visit, f"operators_name={names[0]}", width=width, touch=phone, language="zh" if phone else "en"
    )
    for before, name in itertools.pairwise([names[0], *names]):
        switch(page, before, name)
        expect(page.get_by_role("heading", name=OPERATORS[name].full_name, exact=True)).to_be_visible()
        expect(
            page.locator(f".one-operator [data-setting='{name}_{OPERATORS[name].arguments[0].name}']")
        ).to_be_visible()
        assert agrees(page, name), name
        expect(page.locator(".grid-cells button.open")).to_have_count(1)
        numbers_fit(page)
        assert 4.5 <= least_contrast(page, ".grid-cells [role=cell] > *") < 21
        formulas = page.locator(".one-operator .line")
        cut_off = formulas.evaluate_all(CUT_OFF)
        assert not cut_off, (name, cut_off)
        assert "\\" not in "".join(formulas.all_inner_texts()), name  # each command of LaTeX is known
        harness.no_traceback(page)


def switch(page: Page, before: str, name: str) -> None:
    """Choose another operator with the page's own controls."""
    family = list(FAMILIES).index(OPERATORS[name].family)
    if OPERATORS[before].family != OPERATORS[name].family:
        reader.rest(page)  # a run of the page closes an open list
        reader.choose(
            page.locator(".st-key-operators_choice").get_by_role("combobox"), page.get_by_role("option").nth(family)
        )
    page.locator(".st-key-operators_name button").filter(has_text=re.compile(f"^{name}$")).click()
