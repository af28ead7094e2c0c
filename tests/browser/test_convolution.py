"""The Convolution page in a real browser: the window answers to pointer and keys, the numbers are torch's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from playwright.sync_api import Locator, Page, expect

from core.convolution import inputs, kernels
from tests.browser import reader
from tests.browser.chromium import no_traceback

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

NUMBERS = "convolution_input=dice&convolution_size=7&convolution_b=1"


def window(page: Page) -> Locator:
    """The drawing, once it is there."""
    windows = page.locator(".window")
    windows.wait_for()
    page.wait_for_selector(".window .sum .check")
    return windows


def point(page: Page, grid: str, row: float, column: float, rows: int, columns: int) -> tuple[float, float]:
    """The middle of a cell of a grid on the screen; the grid has that many rows and columns, padding included."""
    box = reader.place(page.locator(f"canvas[data-grid={grid}]").first)
    return box["x"] + (column + 0.5) * box["width"] / columns, box["y"] + (row + 0.5) * box["height"] / rows


def test_it_plays_hover_takes_over_a_click_pins_arrows_step_and_escape_plays(visit: Visit) -> None:
    page = visit(f"convolution?{NUMBERS}")
    drawing = window(page)
    expect(drawing).to_have_attribute("data-mode", "play")
    first = drawing.get_attribute("data-focus")
    expect(drawing).not_to_have_attribute("data-focus", first or "")  # it moves by itself
    x, y = point(page, "output", 2, 2, 5, 5)
    page.mouse.move(x, y)
    expect(drawing).to_have_attribute("data-mode", "hover")
    expect(drawing).to_have_attribute("data-focus", "output:2,2")
    page.mouse.click(x, y)
    expect(drawing).to_have_attribute("data-mode", "pin")
    drawing.focus()
    page.keyboard.press("ArrowRight")
    expect(drawing).to_have_attribute("data-focus", "output:2,3")
    page.keyboard.press("ArrowDown")
    expect(drawing).to_have_attribute("data-focus", "output:3,3")
    page.wait_for_url("**convolution_pin=3%2C3*")  # and the address keeps it
    page.keyboard.press("Escape")
    expect(drawing).to_have_attribute("data-mode", "play")
    no_traceback(page)


def test_an_input_cell_lights_every_output_it_touched_and_a_weight_all_its_uses(visit: Visit) -> None:
    page = visit(f"convolution?{NUMBERS}&convolution_pin=0,0")
    drawing = window(page)
    page.keyboard.press("Escape")
    page.mouse.click(*point(page, "input", 3, 3, 7, 7))
    expect(drawing).to_have_attribute("data-focus", "input:3,3")
    expect(drawing).to_have_attribute("data-lit", "9")  # the middle cell lies in 3x3 windows
    page.mouse.click(*point(page, "input", 0, 0, 7, 7))
    expect(drawing).to_have_attribute("data-lit", "1")
    page.mouse.click(*point(page, "weight", 0, 1, 3, 3))
    expect(drawing).to_have_attribute("data-lit", "25")  # every output uses every weight


def test_keys_light_an_input_cell_and_a_weight_as_the_pointer_does_and_say_what_they_did(visit: Visit) -> None:
    page = visit(f"convolution?{NUMBERS}&convolution_pin=0,0")
    drawing = window(page)
    drawing.focus()
    for key in ("Enter", *["ArrowDown"] * 3, *["ArrowRight"] * 3):
        page.keyboard.press(key)
    expect(drawing).to_have_attribute("data-focus", "input:3,3")
    expect(drawing).to_have_attribute("data-lit", "9")
    expect(drawing.locator(".live")).to_contain_text("Input row 3, column 3")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    expect(drawing).to_have_attribute("data-focus", "weight:0,1")
    expect(drawing).to_have_attribute("data-lit", "25")
    expect(drawing.locator(".live")).to_contain_text("is used for 25 outputs")
    page.keyboard.press("Enter")
    expect(drawing).to_have_attribute("data-focus", "output:0,0")
    page.keyboard.press("Escape")
    expect(drawing).to_have_attribute("data-mode", "play")


CASES = {
    "conv": ("convolution_pin=1,2", (1, 2), lambda x, w: F.conv2d(x, w, torch.ones(1))),
    "channels": (
        "convolution_in=3&convolution_padding=2&convolution_stride=2&convolution_dilation=2&convolution_pin=0,3",
        (0, 3),
        lambda x, w: F.conv2d(x, w, torch.ones(1), stride=2, padding=2, dilation=2),
    ),
    "transposed": (
        "convolution_kind=transposed&convolution_stride=2&convolution_padding=1&convolution_pin=4,5",
        (4, 5),
        lambda x, w: F.conv_transpose2d(x, w, torch.ones(1), stride=2, padding=1),
    ),
    "max": (
        "convolution_kind=max&convolution_padding=1&convolution_pin=2,1",
        (2, 1),
        lambda x, _w: F.max_pool2d(x, 3, 2, 1),
    ),
    "avg": (
        "convolution_kind=avg&convolution_ceil=true&convolution_pin=1,1",
        (1, 1),
        lambda x, _w: F.avg_pool2d(x, 3, 2, 0, True),
    ),
    "adaptive": (
        "convolution_kind=adaptive&convolution_pin=2,0",
        (2, 0),
        lambda x, _w: F.adaptive_avg_pool2d(x, 3),
    ),
}


@pytest.mark.long
def test_the_written_sum_is_torchs_value_and_is_read_aloud_for_every_kind_of_layer(
    visit: Visit, address: str
) -> None:
    page = visit(f"convolution?{NUMBERS}&convolution_pin=0,0")
    for name, (query, (i, j), run) in CASES.items():
        page.goto(f"{address}/convolution?{NUMBERS}&{query}")
        drawing = window(page)
        expect(drawing).to_have_attribute("data-focus", f"output:{i},{j}")
        channels = 3 if name == "channels" else 1
        x = inputs.pattern("dice", channels, 7, 7)
        y = run(x, kernels.weights("sobel_x", (1, channels, 3, 3)))[0]
        check = drawing.locator(".check")
        assert float(check.get_attribute("data-torch") or "nan") == y[i, j].item(), name
        assert float(check.get_attribute("data-result") or "nan") == pytest.approx(y[i, j].item(), abs=1e-5), name
        assert "good" in (check.get_attribute("class") or ""), name
        expect(drawing.locator(".live")).to_contain_text("=")


def test_hover_and_keys_are_answered_before_the_event_returns(visit: Visit) -> None:
    """No server and no later frame stands between: how long it takes is measured by benchmarks/instant.py."""
    page = visit(
        "convolution?convolution_input=dice&convolution_b=1&convolution_size=28&convolution_kernel=5&convolution_pin=3,3"
    )
    rows = window(page).evaluate(
        """(root) => {
          const seen = [];
          const told = (event, target) => {
            target.dispatchEvent(event);
            seen.push([root.dataset.focus, Number(root.querySelector('.check')?.dataset.torch)]);
          };
          for (let n = 0; n < 40; n++) {
            const key = n % 2 ? 'ArrowDown' : 'ArrowRight';
            told(new KeyboardEvent('keydown', { key, bubbles: true }), root);
          }
          root.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
          for (const canvas of root.querySelectorAll('canvas')) {
            const box = canvas.getBoundingClientRect();
            for (let n = 0; n < 5; n++) {
              const [clientX, clientY] = [box.x + (n + 0.5) / 5 * box.width, box.y + (n + 0.5) / 5 * box.height];
              told(new PointerEvent('pointermove', { clientX, clientY, bubbles: true }), canvas);
            }
          }
          return seen;
        }"""
    )
    y = F.conv2d(inputs.pattern("dice", 1, 28, 28), kernels.weights("sobel_x", (1, 1, 5, 5)), torch.ones(1))[0]
    keyed = [(3 + n // 2, 3 + (n + 1) // 2) for n in range(1, 41)]
    assert rows[:40] == [[f"output:{i},{j}", pytest.approx(y[i, j].item(), abs=1e-5)] for i, j in keyed]
    hovered = [focus for focus, _torch in rows[40:]]
    assert hovered[5:10] == [f"weight:{n},{n}" for n in range(5)]
    for name, size, cells in (("input", 28, hovered[:5]), ("output", 24, hovered[10:])):
        assert cells == [f"{name}:{at},{at}" for at in (int((n + 0.5) / 5 * size) for n in range(5))]


def test_a_slider_gives_a_new_figure_without_a_new_mount(visit: Visit) -> None:
    page = visit(f"convolution?{NUMBERS}")
    drawing = window(page)
    drawing.evaluate("(root) => { root.dataset.mark = 'same'; }")
    slider = page.get_by_role("slider", name="kernel_size")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(drawing.locator("figcaption").nth(1)).to_contain_text("4×4")
    expect(drawing).to_have_attribute("data-mark", "same")
    page.wait_for_url("**convolution_kernel=4*")


def test_while_something_else_is_used_the_window_stands_still(visit: Visit) -> None:
    page = visit("convolution?convolution_size=28&convolution_input=digit&convolution_kernel=5", clock=True)
    drawing = window(page)
    reader.stop_time(page)
    page.keyboard.press("Shift")
    page.clock.run_for(100)  # a move that had begun
    first = drawing.get_attribute("data-focus")
    for _ in range(20):
        page.keyboard.press("Shift")
        page.clock.run_for(100)
        assert drawing.get_attribute("data-focus") == first
    page.clock.run_for(5_000)
    assert drawing.get_attribute("data-focus") != first  # and it goes on by itself


def test_the_code_is_folded_away_follows_the_slider_when_open_and_nothing_else_is_sent(visit: Visit) -> None:
    page = visit(f"convolution?{NUMBERS}")
    window(page)
    code = page.locator(".st-key-convolution_code_fold [data-testid=stCode]")
    assert code.count() == 0
    page.get_by_text("Show the code").click()
    expect(code).to_contain_text("kernel_size=3")
    page.get_by_role("slider", name="kernel_size").press("ArrowRight")
    expect(page.get_by_text("7×7 → 1×4×4")).to_be_visible()
    expect(code).to_contain_text("kernel_size=4")
    no_traceback(page)


def test_the_famous_mistake_is_mended_with_one_press_and_shapes_follow_the_typing(visit: Visit) -> None:
    page = visit(
        "convolution?convolution_part=stack&convolution_stack=1x28x28~conv-o6-k5~max-k2~flatten~linear-i400-o10",
        width=390,
    )
    problem = page.locator(".problem")
    expect(problem).to_contain_text("6·12·12 = 864")
    expect(problem).to_contain_text("(1x864 and 400x10)")  # PyTorch's own message beside it
    expect(page.locator(".drawn")).to_have_count(0)  # what cannot be built has no picture
    problem.get_by_role("button").click()
    expect(problem).to_have_count(0)
    expect(page.locator(".drawn .stage canvas")).to_be_visible()
    page.locator(".drawn .stage").focus()
    for layer in ("-1", "0"):
        page.keyboard.press("ArrowRight")
        expect(page.locator(".drawn .picture")).to_have_attribute("data-layer", layer)
    expect(page.locator(".drawn .said")).to_contain_text("conv1 conv2d, map 1 of 6")
    expect(page.locator(".gives").last).to_contain_text("10")
    page.wait_for_url("**linear-i864-o10*")
    page.locator(".row input").nth(1).fill("3")  # the kernel of the first layer
    expect(page.locator(".gives").first).to_contain_text("6×26×26")
    no_traceback(page)


@pytest.mark.long
def test_a_network_built_here_is_trained_and_stepped_through(visit: Visit) -> None:
    network = "stack:1x28x28~conv-o4-k5~max-k4~relu~flatten~linear-i144-o10"
    page = visit(
        "convolution?convolution_part=stack&convolution_stack=1x28x28~conv-o4-k5~max-k4~relu~flatten~linear-i144-o10"
    )
    page.get_by_role("link", name="Train it").click()
    expect(page.get_by_test_id("stMain").get_by_text("in_features=144").first).to_be_visible()
    page.get_by_test_id("stMain").get_by_role("button", name="One batch", exact=True).click()
    numbers = page.get_by_test_id("run-numbers")
    expect(numbers.locator("dd").first).to_have_text("paused", timeout=60_000)
    expect(numbers.get_by_text("1 / ")).to_be_visible()
    page.get_by_test_id("stMain").get_by_role("button", name="Stop", exact=True).click()
    expect(numbers.locator("dd").first).to_have_text("stopped", timeout=60_000)
    no_traceback(page)

    page = visit("convolution?convolution_part=stack&convolution_stack=" + network.removeprefix("stack:"))
    page.get_by_role("link", name="Step through it").click()
    expect(page.get_by_role("heading", name="LeNet, step by step")).to_be_visible()
    page.wait_for_selector(".walk[data-step]")
    page.wait_for_url("**lenet_network=stack*")  # what is no choice would be out of the address by now
    no_traceback(page)


def test_a_network_in_the_address_comes_back_in_chinese_too(visit: Visit) -> None:
    page = visit(
        "convolution?convolution_part=stack&convolution_stack=1x28x28~conv-o4-k7~flatten~linear-o10", language="zh"
    )
    expect(page.locator(".gives").nth(0)).to_contain_text("4×22×22")
    expect(page.locator(".gives").nth(0)).to_contain_text("个参数")
    expect(page.locator(".reach")).to_be_visible()
    no_traceback(page)


def test_a_tap_pins_on_a_phone(visit: Visit) -> None:
    page = visit(f"convolution?{NUMBERS}", width=390, touch=True, theme="dark")
    drawing = window(page)
    expect(drawing.locator(".bar .hint")).to_have_text("Touch any cell to see its sum.")
    page.touchscreen.tap(*point(page, "output", 1, 1, 5, 5))
    expect(drawing.locator(".bar .hint")).to_have_text("Pinned. Touch another cell, or Play.")
    expect(drawing).to_have_attribute("data-mode", "pin")
    expect(drawing).to_have_attribute("data-focus", "output:1,1")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_key_held_down_on_a_slider_keeps_the_page_the_focus_and_the_drawing(visit: Visit) -> None:
    page = visit(
        "convolution?convolution_input=digit&convolution_size=28&convolution_kernel=5"
    )  # a figure of more than 10 kB
    drawing = window(page).element_handle()
    slider = page.get_by_role("slider", name="kernel_size")
    slider.focus()
    for n in range(60):
        page.keyboard.down("ArrowRight" if n % 8 < 4 else "ArrowLeft")
        reader.frames(page, 2)  # a reader sees each of them
    page.keyboard.up("ArrowLeft")
    page.keyboard.press("End")
    expect(page.locator(".window figcaption").nth(1)).to_contain_text("11×11")
    no_traceback(page)
    expect(slider).to_be_focused()
    assert drawing.evaluate("(root) => root.isConnected")
    assert drawing.evaluate("(root) => root === root.getRootNode().querySelector('.window')")


def test_the_page_begins_with_a_picture_that_has_edges(visit: Visit) -> None:
    page = visit("convolution")
    caption = page.locator(".window figcaption").first
    picture = page.get_by_role("combobox", name="Input")
    expect(caption).to_contain_text("28×28")
    expect(picture).to_have_value("digit")
    expect(page.get_by_text("28×28 → 1×26×26")).to_be_visible()
    picture.select_option("numbers 0 to 9")  # small enough to be read
    expect(caption).to_contain_text("7×7")
    picture.select_option("a digit")  # and a digit is shown whole
    expect(caption).to_contain_text("28×28")
    no_traceback(page)


@pytest.mark.parametrize(
    ("query", "why"),
    [
        (
            "convolution_size=5&convolution_kernel=9&convolution_padding=1",
            "kernel 9 is larger than the padded input 7",
        ),
        ("convolution_kernel=1", "an edge is a difference"),
        ("convolution_kind=max&convolution_kernel=2&convolution_padding=2", "padding"),
    ],
)
def test_settings_that_cannot_be_show_what_goes_in_the_window_and_why(visit: Visit, query: str, why: str) -> None:
    page = visit(f"convolution?{query}")
    expect(page.get_by_role("alert")).to_contain_text(why)
    drawing = page.locator(".window")
    expect(drawing).to_have_attribute("data-apart", "true")
    grids = drawing.locator("canvas").locator("visible=true")
    expect(grids).to_have_count(2)  # the padded input and the window, in one scale
    page.mouse.move(*[side + 20 for side in list(reader.place(grids.first).values())[:2]])
    if "convolution_kernel=9" in query:
        wide, kernel = (grid.bounding_box()["width"] for grid in grids.all())
        assert (kernel - 2) / (wide - 2) == pytest.approx(9 / 7, rel=0.02)
        page.get_by_role("slider", name="kernel_size").press("Home")
        page.get_by_role("slider", name="kernel_size").press("ArrowRight")
        expect(drawing).to_have_attribute("data-apart", "false")
        expect(grids).to_have_count(3)
    no_traceback(page)


def test_nothing_asks_for_frames_while_nothing_moves(visit: Visit) -> None:
    page = visit("convolution", clock=True)
    window = page.locator(".window")
    expect(window).to_have_attribute("data-mode", "play")
    reader.stop_time(page)
    page.evaluate(
        """() => {
          const ask = window.requestAnimationFrame;
          window.frames = 0;
          window.requestAnimationFrame = (callback) => {
            if (new Error().stack.includes('convolution/sliding_window.js')) window.frames += 1;
            return ask.call(window, callback);
          };
        }"""
    )

    def frames(milliseconds: int) -> int:
        page.evaluate("window.frames = 0")
        page.clock.run_for(milliseconds)
        return page.evaluate("window.frames")

    assert frames(2_500) > 0
    window.get_by_role("button").first.click()
    expect(window).to_have_attribute("data-mode", "pin")
    frames(100)  # those asked for before
    assert frames(5_000) == 0
    window.get_by_role("button").first.click()
    expect(window).to_have_attribute("data-mode", "play")
    assert frames(2_500) > 0
