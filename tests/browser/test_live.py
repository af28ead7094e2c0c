"""Instruments in a real browser: each control is followed by torch's number, and nothing undoes the hand."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from core import i18n
from core.convolution.layer import CLASSES
from core.errors import InvalidSetting
from core.live import settings
from core.live.convolution.run import run
from core.live.convolution.settings import SETTINGS
from tests.browser import chromium as harness
from tests.browser import reader
from tests.browser.controls import VALUES, drag, operate_all

pytestmark = pytest.mark.browser

START = "convolution_input=dice&convolution_size=9&convolution_in=2&convolution_out=2&convolution_pin=1,1"


def open_page(page: Page) -> None:
    """Wait for the instrument's first answer."""
    page.locator(".layer[data-answer]").wait_for()


def agrees(page: Page) -> bool:
    """Wait until the figure is that of the controls: shape, and the pinned number, are torch's.

    Where the settings are impossible, wait for the sentence that says so, and return False.
    """
    layer = page.locator(".layer")
    values = settings.read(SETTINGS, layer.evaluate(VALUES))
    try:
        scene = run(values, {})
    except InvalidSetting as error:
        expect(page.locator(".layer .why")).to_have_text(i18n.translate_error("en", error))
        return False
    output = min(int(values["filter"]), scene.layer.outputs - 1)
    expect(page.locator(".shapes")).to_contain_text("→ " + "×".join(map(str, scene.y.shape)) + " ")
    focus = page.locator(".window").get_attribute("data-focus") or ""
    i, j = map(int, focus.removeprefix("output:").split(","))
    expect(page.locator(".window .check")).to_have_attribute("data-torch", _as_js(scene.y[output, i, j].item()))
    return True


def _as_js(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("conv", ["size", "kernel", "stride", "padding", "dilation"]),
        ("transposed", ["stride", "padding", "dilation"]),
        ("max", ["kernel", "step"]),
        ("adaptive", ["target"]),
    ],
)
def test_each_control_that_is_dragged_is_followed_by_torchs_number(visit, kind: str, names: list[str]) -> None:
    page: Page = visit(f"convolution?{START}&convolution_kind={kind}&convolution_padding=1&convolution_kernel=2")
    open_page(page)
    for name in names:
        before = page.locator(f".control input[data-setting={name}]").input_value()
        drag(page, name, 0.4)
        after = page.locator(f".control input[data-setting={name}]").input_value()
        assert before != after, name
        agrees(page)
    page.wait_for_url(f"**convolution_{names[-1]}={after}*")  # and the page is told
    harness.no_traceback(page)


TEXTS = {"typed": "0 1 0;2 0 3;1 1 0;0 2 1", "cells": "1 0;0 2"}
ELSEWHERE = ("input=drawing", "input=upload", "weights=trained", "guess")  # a test below, and test_convolution.py


@pytest.mark.long
@pytest.mark.parametrize("kind", CLASSES)
def test_every_control_of_each_kind_of_layer_is_followed_by_torchs_number_or_by_the_sentence(
    visit, kind: str
) -> None:
    page: Page = visit(f"convolution?{START}&convolution_kind={kind}&convolution_apart=true")
    open_page(page)
    page.locator(".layer details").evaluate_all("(all) => all.forEach((each) => { each.open = true; })")
    layer = page.locator(".layer")
    alike = () if kind == "conv" else ("input", "weights")  # of every kind
    operated = operate_all(layer, lambda: agrees(page), TEXTS, ("kind", "apart", *alike, *ELSEWHERE))
    page.get_by_label("Separate height and width").press("Space")
    agrees(page)
    values = layer.evaluate(VALUES) | {"kind": kind}
    meant = {each.name for each in SETTINGS if not each.when or any(_holds(when, values) for when in each.when)}
    assert meant - {"guess", "kind", "apart", *alike} <= {*operated}
    assert kind != "conv" or {"typed", "digit", "cells", "seed", "b"} <= {*operated}
    harness.no_traceback(page)


def _holds(when, values) -> bool:
    return all(values[name] in possible for name, possible in when.items())


def test_keys_reach_every_control_and_each_has_a_name(visit) -> None:
    page: Page = visit(f"convolution?{START}")
    open_page(page)
    page.get_by_text("Channels, groups, bias").click()
    names = page.locator(".layer").evaluate(
        """(root) => [...root.querySelectorAll('[data-setting]')].filter((each) => each.checkVisibility())
        .map((input) => [input.dataset.setting, input.getAttribute('aria-label'), input.tabIndex])"""
    )
    assert len(names) >= 14
    assert all(label and index == 0 for _name, label, index in names), names
    for name in ("kernel", "stride", "out", "b"):
        page.locator(f".control input[data-setting={name}]").press("ArrowUp")
        agrees(page)
    page.get_by_label("Separate height and width").press("Space")
    page.get_by_role("slider", name="kernel_size ↔").press("ArrowRight")
    agrees(page)
    guess_the_height(page)
    harness.no_traceback(page)


def guess_the_height(page: Page) -> None:
    """By keys: nothing is shown before a guess, a wrong one is told the height, the right one shows the layer."""
    height = run(settings.read(SETTINGS, page.locator(".layer").evaluate(VALUES)), {}).y.shape[1]
    page.get_by_label("Let me guess the size first").press("Space")
    guess, verdict = page.get_by_label("What height comes out?"), page.locator(".layer .verdict")
    for part in (".window", ".shapes"):
        expect(page.locator(part)).to_be_hidden()
    guess.press_sequentially(str(height + 1))
    expect(verdict).to_contain_text(f"It is {height}: ")
    guess.press("ControlOrMeta+a")
    guess.press_sequentially(str(height))
    expect(verdict).to_contain_text("Right: ")
    agrees(page)


def test_what_the_hand_does_while_the_page_runs_is_never_undone(visit) -> None:
    """The page is told while a slider moves on: its answer, which is of before, must not set the slider back."""
    page: Page = visit(f"convolution?{START}")
    open_page(page)
    slider = page.get_by_role("slider", name="kernel_size")
    texts = []
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "ArrowRight", "ArrowRight"):
        slider.press(key)
        reader.frames(page, 17)  # the hand rests just long enough for a report
        texts.append(slider.input_value())
    assert texts == ["4", "5", "6", "5", "6", "7"]
    page.wait_for_url("**convolution_kernel=7*")
    harness.settle(page)
    assert slider.input_value() == "7"
    agrees(page)


def test_the_filters_of_a_network_are_chosen_on_a_slider_and_a_drawing_goes_into_the_layer(visit) -> None:
    page: Page = visit("convolution?convolution_weights=trained&convolution_input=drawing&convolution_pin=2,2")
    open_page(page)
    slider = page.get_by_role("slider", name="Filter (output channel)")
    slider.press("End")
    most = slider.get_attribute("max")
    assert most and int(most) > 4
    page.wait_for_url(f"**convolution_filter={most}*")
    expect(page.locator(".window")).to_have_attribute("data-focus", "output:2,2")  # the stroke meets it
    torch = page.locator(".window .check")
    before = torch.get_attribute("data-torch")
    pad = page.locator("canvas.upper-canvas")
    reader.rest(page)
    box = reader.place(pad)
    assert box["width"] <= 240
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 180, steps=8)
    page.mouse.up()
    expect(page.locator(".layer canvas[data-grid=input]")).to_be_visible()
    expect(torch).not_to_have_attribute("data-torch", before or "")
    harness.no_traceback(page)
