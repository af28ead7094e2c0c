"""A press right after a change of a control: link and button follow from what is in the hand, on every page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.browser import chromium as harness
from tests.browser import reader

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

# Types into a field, or moves a slider, and presses in the same task: no hand is faster.
CHANGES_AND_PRESSES = """(field, [value, pressed]) => {
  const deep = (root) => root.querySelector('[data-pressed]') ??
    [...root.querySelectorAll('*')].map((each) => each.shadowRoot && deep(each.shadowRoot)).find(Boolean);
  pressed.setAttribute('data-pressed', '');
  Object.getOwnPropertyDescriptor(field.constructor.prototype, 'value').set.call(field, value);
  for (const type of ['input', 'change']) field.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
  deep(document).dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, composed: true }));
  field.blur();
  deep(document).click();
}"""


def change_and_press(field: Locator, value: str, pressed: Locator) -> None:
    """Set the field and press the link or button at once."""
    field.focus()
    field.evaluate(CHANGES_AND_PRESSES, [value, pressed.element_handle()])


NETWORK = "1x28x28~conv-o4-k5~flatten~linear-o10"
ROWS = f"convolution?convolution_part=stack&convolution_stack={NETWORK}"


@pytest.mark.parametrize(("label", "landing"), [("Train it", "train"), ("Step through it", "lenet")])
def test_the_network_that_was_just_typed_is_the_one_that_the_link_carries(
    visit: Visit, label: str, landing: str
) -> None:
    page = visit(ROWS)
    field = page.locator(".rows .row").first.locator("input").first
    expect(field).to_have_value("4")
    reader.rest(page)
    change_and_press(field, "7", page.get_by_role("link", name=label))
    page.wait_for_url(f"**/{landing}?*conv-o7-k5*")
    harness.no_traceback(page)


def test_the_network_that_was_just_typed_as_text_is_the_one_that_the_link_carries(visit: Visit) -> None:
    page = visit(ROWS)
    page.get_by_text("The network as text").click()
    field = page.get_by_label("Input, then a row for each layer")
    expect(field).to_have_value(NETWORK)
    reader.rest(page)
    change_and_press(field, NETWORK.replace("o4", "o9"), page.get_by_role("link", name="Train it"))
    page.wait_for_url("**/train?*conv-o9-k5*")
    harness.no_traceback(page)


@pytest.mark.parametrize("after", [False, True])
def test_a_choice_counts_that_is_made_in_the_moment_in_which_a_drawing_tells(visit: Visit, after: bool) -> None:
    """One message has both, and names the fragment of the drawing; ``after`` an earlier one, or the first."""
    page = visit("convolution?convolution_input=dice")
    page.locator(".layer[data-answer]").wait_for()
    slider = page.locator("input[type=range][data-setting=kernel]")
    if after:
        slider.press("End")
        page.wait_for_url("**convolution_kernel=*")
    reader.rest(page)
    change_and_press(slider, "2", page.get_by_role("radio", name="Predict the size"))
    expect(page.locator(".layer")).to_have_count(0)
    page.wait_for_url("**convolution_part=practice*")
    harness.no_traceback(page)


INSTRUMENTS = {  # its address, what it shows when it has answered, a control, and a value for it
    "convolution": ("convolution_input=dice", ".layer[data-answer]", "[data-setting=kernel]", "4"),
    "operators": ("operators_name=Linear", ".one-operator[data-answer]", "[data-setting=Linear_in_features]", "5"),
    "two_layers": ("", ".lockstep[data-answer]", "[data-setting=iterations]", "40"),
    "linear_fit": ("linear_fit_iterations=60", ".fit[data-whole]", "[data-setting=batch]", "8"),
    "lenet": ("", ".walk[data-answer]", "[data-setting=seed]", "8"),
}


@pytest.mark.parametrize("lesson", INSTRUMENTS)
def test_what_was_changed_right_before_the_page_is_left_is_there_again(visit: Visit, lesson: str) -> None:
    query, ready, control, value = INSTRUMENTS[lesson]
    page = visit(f"{lesson}?{query}")
    page.locator(ready).first.wait_for()
    field = page.locator(control).first
    reader.rest(page)
    assert field.input_value() != value
    links = page.get_by_test_id("stSidebarNavLink")
    change_and_press(field, value, links.filter(has_text="The tutorials"))
    page.wait_for_url("**/tutorials*")
    harness.settle(page)
    links.and_(page.locator(f"[href$='/{lesson}']")).click()
    page.locator(ready).first.wait_for()
    expect(page.locator(control).first).to_have_value(value)
    harness.no_traceback(page)


def test_the_program_that_is_downloaded_is_that_of_what_is_in_the_hand(visit: Visit) -> None:
    page = visit("convolution?convolution_input=dice&convolution_kernel=3")
    page.locator(".layer[data-answer]").wait_for()
    page.get_by_text("Show the code").click()
    button = page.get_by_role("button", name="Download convolution.py")
    button.wait_for()
    reader.rest(page)
    with page.expect_download() as download:
        change_and_press(page.locator("input[type=range][data-setting=kernel]"), "5", button)
    assert "kernel_size=5" in Path(download.value.path()).read_text("utf-8")
    harness.no_traceback(page)


ONE_STROKE = "JSON.parse(sessionStorage.getItem('stepwise.draw')).objects.length === 1"
PRESSES_WHEN_LIFTED = "(undo) => addEventListener('mouseup', () => setTimeout(() => undo.click()), { once: true })"


def stroke(page: Page) -> None:
    """Draw a line on the canvas."""
    box = reader.place(page.locator("canvas.upper-canvas"))
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 200, steps=4)
    page.mouse.up()


def test_undo_takes_the_stroke_that_was_just_drawn(visit: Visit) -> None:
    page = visit("draw")
    pad = page.locator("canvas.upper-canvas")
    pad.wait_for()
    page.locator(".st-key-draw_clear button").click()
    reader.rest(page)
    strokes = page.evaluate("sessionStorage.getItem('stepwise.draw')")
    assert strokes and '"objects":[]' in strokes.replace(" ", "")
    stroke(page)
    page.wait_for_function(ONE_STROKE)
    reader.rest(page)
    page.locator(".st-key-draw_undo button").evaluate(PRESSES_WHEN_LIFTED)
    stroke(page)
    reader.rest(page)
    page.wait_for_function(ONE_STROKE)
    harness.no_traceback(page)


@pytest.mark.parametrize("hand", ["keys", "pointer"])
def test_a_slider_that_was_just_moved_counts_when_the_page_is_left_at_once(visit: Visit, hand: str) -> None:
    page = visit("draw")
    slider = page.locator("[data-testid=stSlider] input").first
    slider.wait_for(state="attached")
    reader.rest(page)
    before = slider.input_value()
    if hand == "keys":
        slider.focus()
        page.keyboard.press("ArrowRight")
    else:
        box = reader.place(page.locator("[data-testid=stSlider] [role=presentation], [data-testid=stSlider]").last)
        page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.7)
        page.mouse.down()
        page.mouse.up()
    after = slider.input_value()
    assert after != before
    leave = page.get_by_role("link", name="Runs").first
    leave.evaluate("(link) => link.click()")
    page.wait_for_url("**/runs*")
    reader.rest(page)
    page.get_by_role("link", name="Draw").first.click()
    page.wait_for_url("**/draw*")
    expect(page.locator("[data-testid=stSlider] input").first).to_have_value(after)
    harness.no_traceback(page)


def without_presses(message: BackMsg, fragment: str) -> bytes:
    """Return the message as another part of the page sends it, which runs ``fragment``; "": the whole page."""
    copy = BackMsg.FromString(message.SerializeToString())
    copy.rerun_script.fragment_id = fragment
    widgets = copy.rerun_script.widget_states.widgets
    for widget in [each for each in widgets if each.WhichOneof("value") == "json_trigger_value"]:
        widgets.remove(widget)
    return copy.SerializeToString()


def test_a_press_between_two_other_messages_is_heard(visit: Visit) -> None:
    """The first is served when the press comes, and the second, for the whole page, comes before the press is."""
    pressed: list[str] = []

    def between_others(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def pass_on(frame: bytes | str) -> None:
            message = BackMsg.FromString(frame) if isinstance(frame, bytes) else BackMsg()
            if not any('"start"' in each.json_trigger_value for each in message.rerun_script.widget_states.widgets):
                server.send(frame)
                return
            fragment = message.rerun_script.fragment_id
            pressed.append(fragment)
            for each in (without_presses(message, fragment), frame, without_presses(message, "")):
                server.send(each)

        route.on_message(pass_on)

    page = visit("", height=800)
    page.route_web_socket("**/_stcore/stream", between_others)
    page.reload()
    learn = page.locator(".learn")
    for _time in range(2):
        reader.rest(page)
        learn.locator(".main").click()
        expect(learn).to_have_attribute("data-learns", "true")
        learn.locator(".main").click()
        expect(learn).to_have_attribute("data-learns", "false")
    assert len(pressed) == 2 and all(pressed)
    harness.no_traceback(page)
