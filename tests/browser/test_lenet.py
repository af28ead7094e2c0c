"""The walk in a real browser: by keyboard from zero_grad to the new loss, cells opened, languages, a phone."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from core.live import settings
from core.live.lenet import settings as lenet_settings
from core.recognise import readers
from core.walk import setup, what_if
from core.walk import walk as walks
from core.walk.setup import Choice
from tests.browser import chromium as harness
from tests.browser import contrast, reader
from tests.browser.controls import VALUES, drag_slider, operate_all

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


NOISE = "lenet_input=randn&lenet_loss=mse_random"


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


def number(element: Locator) -> float:
    return float(element.inner_text().replace("−", "-"))


LOOKED = """(walk) => {
  const main = document.querySelector('[data-testid=stMain]');
  const text = (selector) => walk.querySelector(selector)?.innerText ?? '';
  const texts = (selector) => [...walk.querySelectorAll(selector)].map((found) => found.textContent);
  return { step: Number(walk.dataset.step), phase: text('.phase.now > span'),
    words: text('.words'), far: walk.querySelectorAll('.badge.far').length,
    lit: texts('.line.lit').join(' '), ends: texts('.legend'),
    wide: main.scrollWidth > main.clientWidth + 1 };
}"""
PHASES = {
    "en": ["zero_grad", "forward", "loss", "backward", "update", "new loss"],
    "zh": ["zero_grad", "前向", "损失", "反向", "更新", "新的损失"],
}


def walk_to_the_end(page: Page) -> list[dict]:
    """Press the right arrow at every step of the walk; return what the page showed at each."""
    page.keyboard.press("Home")
    steps = []
    for _ in range(page.locator(".tick").count()):
        steps.append(page.locator(".walk").evaluate(LOOKED))
        page.keyboard.press("ArrowRight")
    assert [look["step"] for look in steps] == list(range(len(steps)))
    assert not any(look["far"] for look in steps)  # hand and torch agree at every step
    assert not any(look["wide"] for look in steps)
    return steps


def phases_of(steps: list[dict]) -> list[str]:
    return list(dict.fromkeys(look["phase"] for look in steps))


def test_the_keyboard_leads_from_zero_grad_to_the_new_loss(walk) -> None:
    page = walk("?lenet_before=3")
    steps = walk_to_the_end(page)
    assert phases_of(steps) == PHASES["en"]
    forward = [look for look in steps if look["phase"] == "forward"]
    assert "conv1" in forward[0]["lit"] and all(look["lit"] for look in forward)
    assert all(look["ends"] and all(re.search(r"\d.*\d", ends) for ends in look["ends"]) for look in forward)
    last_words = steps[-1]["words"]
    before, after = (
        float(word.rstrip(".")) for word in last_words.split() if word[0].isdigit() and word[-1] != ","
    )
    assert after < before
    page.keyboard.press("Home")
    assert step_of(page) == 0


def test_a_cell_of_a_conv_gradient_opens_into_the_terms_that_torch_added(walk) -> None:
    page = walk(f"?{NOISE}")
    go_to(page, "ConvolutionBackward0 (conv2)")
    page.locator('[data-name="conv2.weight"] .pane.grad canvas').click(position={"x": 12, "y": 12})
    page.wait_for_selector(".opened .hand")
    assert "∂L/∂ conv2.weight[" in page.locator(".opened h2").inner_text()
    hand, torch = number(page.locator(".hand")), number(page.locator(".torch"))
    assert hand == pytest.approx(torch, rel=1e-4, abs=1e-7)
    terms = page.locator(".terms li")
    assert terms.count() == 10 * 10  # one for each place of the 10x10 output
    sources = {each.get_attribute("data-source") for each in page.locator(".source").all()}
    assert sources == {"input", "grad_output"}
    assert all(each.get_attribute("data-lit") == "100" for each in page.locator(".source").all())
    style_width = "canvas => parseFloat(canvas.style.width)"
    one = page.locator(".target canvas").evaluate(style_width)
    page.keyboard.press("Escape")
    expect(page.locator(".walk")).to_have_attribute("data-zoom", "2")
    every = page.locator('[data-name="conv2.weight"] .pane.grad canvas').evaluate(style_width)
    assert 96 * one > 4 * every  # 96 channels were drawn side by side; the opened one is enlarged
    page.keyboard.press("Escape")
    expect(page.locator(".walk")).to_have_attribute("data-zoom", "1")
    expect(page.locator(".network .picture canvas")).to_be_visible()


def test_the_whole_network_is_a_picture_that_fills_with_the_walk_and_turns_to_gradients_and_weights(walk) -> None:
    page = walk("?lenet_at=3")
    page.keyboard.press("Escape")
    network, reading = page.locator(".network"), page.locator(".picture .said")
    pressed = page.locator(".shows button[aria-pressed=true]")
    expect(network).to_have_attribute("data-shows", "values")
    expect(network).to_have_attribute("data-now", "2")  # max pooling
    page.keyboard.press("ArrowRight")  # the walk goes on, the picture stays
    expect(network).to_have_attribute("data-now", "3")
    picture = page.get_by_role("application", name="Picture of the network")
    picture.focus()
    for key in ("Home", "End", "ArrowLeft"):  # the probabilities, and the layer before them
        page.keyboard.press(key)
    expect(reading).to_contain_text(re.compile(r"^fc3 linear, unit \d+ of 10: .*84 units times their weights"))
    assert step_of(page) == 4  # the arrows moved in the picture
    page.keyboard.press("Enter")
    expect(page.locator(".picture")).to_have_attribute("data-closer", "true")
    page.keyboard.press("Escape")
    expect(page.locator(".picture")).to_have_attribute("data-closer", "false")
    page.get_by_role("button", name="Weights", exact=True).click()
    picture.focus()
    for key in ("Home", "ArrowRight"):
        page.keyboard.press(key)
    expect(reading).to_contain_text(re.compile(r"^Weight of conv1, 1 of 6, for map 1 that it reads, row 3, col"))
    for _phase in range(2):
        page.keyboard.press("PageDown")  # a key that the picture does not take is the walk's
    expect(pressed).to_have_text("Gradients")
    expect(network).to_have_attribute("data-now", "")  # the loss's own node: no layer has its gradient yet
    page.locator(".track").focus()
    go_to(page, "(fc2)")
    expect(network).to_have_attribute("data-now", "8")
    picture.focus()
    for key in ("Home", "End", "ArrowLeft"):
        page.keyboard.press(key)
    expect(reading).to_contain_text(re.compile(r"^Gradient of fc3 linear, unit \d+ of 10: "))
    page.get_by_role("button", name="Go to the step of fc3").click()
    expect(page.locator(".walk")).to_have_attribute("data-zoom", "2")
    assert "fc3" in page.locator(".where").inner_text()


def test_a_weight_under_the_lens_by_keyboard_alone(walk) -> None:
    page = walk("?lenet_opt=adam&lenet_before=2")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")  # into the first tensor
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(".opened .lines")
    assert page.locator(".opened h2").inner_text().startswith("conv1.weight[0, 0, 1, 0]")
    assert page.locator(".lines tr").count() == 6  # m, v, both corrected, the step, the new weight
    answers = page.locator(".opened .answer b").all_inner_texts()
    assert float(answers[0]) == pytest.approx(float(answers[1]), abs=1e-7)


@pytest.mark.long
def test_the_address_holds_the_choice_and_the_step(walk) -> None:
    page = walk("?lenet_network=mnist&lenet_loss=nll&lenet_at=4&lang=zh", width=390, touch=True)
    assert step_of(page) == 4
    expect(page.locator(".where")).to_contain_text("前向")
    expect(page.locator(".where")).to_contain_text("conv2d (conv2)")
    page.locator("button.next").click()
    expect(page.locator(".where")).to_contain_text("dropout2d")
    expect(page).to_have_url(page.url.replace("lenet_at=4", "lenet_at=5"))
    words, stage = page.locator(".words").bounding_box(), page.locator(".stage").bounding_box()
    assert words["y"] + words["height"] <= stage["y"]  # a phone reads what happens before it sees the tensors
    page.keyboard.press("Home")
    steps = walk_to_the_end(page)
    assert phases_of(steps) == PHASES["zh"]
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in look["words"]) for look in steps)


@pytest.mark.long
def test_play_takes_its_time_pauses_and_stops_and_the_mouse_scrubs(walk) -> None:
    page = walk(clock=True)
    pace, play = page.locator(".steer select"), page.locator("button.play")
    assert pace.input_value() == "2200"  # milliseconds a step: time to read a sentence
    ticks, track = page.locator(".tick"), reader.place(page.locator(".track"))
    last = ticks.count() - 1
    middle = track["y"] + track["height"] - 6
    tick = ticks.nth(20).bounding_box()
    page.mouse.move(tick["x"] + tick["width"] / 2, middle)
    page.mouse.down()
    assert step_of(page) == 20
    tick = ticks.nth(30).bounding_box()
    page.mouse.move(tick["x"] + tick["width"] / 2, middle, steps=4)
    assert step_of(page) == 30
    page.mouse.up()
    page.mouse.move(track["x"] + 3, middle)
    assert step_of(page) == 30  # let go: the pointer leads nowhere any more
    ticks.nth(last - 4).click()
    assert step_of(page) == last - 4
    reader.stop_time(page)
    pace.select_option("450")
    play.click()
    page.clock.run_for(449)
    assert step_of(page) == last - 4
    page.clock.run_for(1)
    assert step_of(page) == last - 3
    play.click()
    page.clock.run_for(10_000)
    assert step_of(page) == last - 3  # paused
    play.click()
    for step in (last - 2, last - 1, last):  # one by one, to the end
        page.clock.run_for(450)
        assert step_of(page) == step
    page.clock.run_for(10_000)
    assert step_of(page) == last
    expect(play).to_have_attribute("aria-pressed", "false")


@pytest.mark.long
def test_a_shape_is_predicted_then_shown_and_a_scale_is_per_map_or_shared(walk) -> None:
    page = walk("?lenet_at=1", clock=True)
    outputs = page.locator('.group[data-role="output"]')
    painted = "canvas => canvas.toDataURL()"
    shared = outputs.locator("canvas").first.evaluate(painted)
    page.locator('[data-option="shared"]').check()
    assert outputs.locator("canvas").first.evaluate(painted) != shared
    outputs.locator("canvas").first.hover(position={"x": 12, "y": 20})
    match = re.search(r"value (\S+) \(in this map: (\S+) … (\S+)\)", page.locator(".hover").inner_text())
    assert match, page.locator(".hover").inner_text()
    assert float(match[2]) <= round(float(match[1]), 2) + 0.01 and float(match[1]) <= float(match[3]) + 0.01
    page.locator('[data-option="shared"]').uncheck()
    assert outputs.locator("canvas").first.evaluate(painted) == shared
    page.locator('[data-option="ask"]').check()
    assert outputs.count() == 0 and "28" not in page.locator(".flowline").inner_text()
    page.locator(".shape-guess").fill("1, 6, 28, 28")
    page.locator(".shape-guess").press("Enter")
    expect(page.locator(".guess [role=status]")).to_have_text("Yes: 1×6×28×28")
    expect(outputs).to_have_count(1)
    page.keyboard.press("ArrowRight")
    page.locator(".shape-guess").fill("7")
    reader.stop_time(page)
    page.locator(".guess button").first.click()
    expect(page.locator(".guess [role=status]")).to_have_text("It is 1×6×28×28")
    page.locator("button.next").click()  # on before the answer is shown: the next one stays hidden
    page.clock.run_for(10_000)
    assert outputs.count() == 0
    page.locator(".guess button").last.click()
    assert outputs.count() == 1


def test_nonsense_in_the_address_is_no_traceback(walk) -> None:
    page = walk("?lenet_network=nobody&lenet_loss=magic&lenet_at=-7&lenet_lr=none&lenet_weights=../etc")
    assert step_of(page) == 1  # where a walk begins


def test_a_node_of_the_autograd_graph_leads_to_its_step(walk) -> None:
    page = walk(f"?{NOISE}")
    node = page.locator(".graph g[role=button]", has_text="MseLossBackward0")
    node.scroll_into_view_if_needed()
    node.click()
    expect(page.locator(".where")).to_contain_text("MseLossBackward0")
    page.locator(".graph aside button").click()
    expect(page.locator(".where")).to_be_in_viewport()
    page.locator(".graph g.leaf", has_text="conv1.weight").click()
    for fact in ("is_leaf", "requires_grad", "conv1.weight"):
        expect(page.locator(".graph aside")).to_contain_text(fact)


@pytest.mark.long
def test_an_experiment_runs_and_shows_the_real_error(walk) -> None:
    page = walk("?lenet_exp=retain_graph")
    page.get_by_role("tab", name="Experiments").click()
    page.get_by_role("button", name="Run it").click()
    expect(page.get_by_text("Trying to backward through the graph a second time")).to_be_visible()
    harness.no_traceback(page)


def test_the_walk_begins_with_a_digit_and_its_label(walk) -> None:
    page = walk()
    expect(page.locator(".where")).to_contain_text("2 /")
    expect(page.locator('.group[data-role="output"] canvas').first).to_be_in_viewport()  # the digit, filtered
    page.get_by_text("Input, weights, target and more").click()
    label = page.locator("[data-setting=target] option").first
    before = label.inner_text()
    assert page.get_by_role("spinbutton", name="Test image").input_value() == "0"
    for number in (1, 2, 7):
        page.get_by_role("spinbutton", name="Test image").fill(str(number))
        expect(label).to_have_text(f"label of the image: {setup.digit(number)[1]}")
    page.wait_for_url("**lenet_digit=7*")
    assert "lenet_target" not in page.url and before == f"label of the image: {setup.digit(0)[1]}"


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_an_opened_number_is_in_the_window_with_the_focus_and_its_zeros_folded(walk, size) -> None:
    page = walk(width=size[0], height=size[1], touch=size[0] < 800)
    go_to(page, "ConvolutionBackward0 (conv2)")
    cells = page.locator('[data-name="conv2.weight"] .pane.grad canvas')
    cells.scroll_into_view_if_needed()
    cells.click(position={"x": 50, "y": 12})  # of a map that is not dead: its terms are not all 0
    page.wait_for_selector(".opened .hand")
    title = page.locator(".opened h2")
    expect(title).to_be_focused()
    expect(title).to_be_in_viewport(ratio=1)
    assert title.bounding_box()["y"] >= page.locator(".bar").evaluate("(bar) => bar.getBoundingClientRect().bottom")
    terms = page.locator(".terms li")
    assert terms.count() == 100
    zeros = page.locator(".zeros .terms li")
    values = [number_of(text) for text in page.locator(".terms li > span:last-child").all_inner_texts() if text]
    assert len(values) == terms.count() - zeros.count() and all(values)  # zeros are folded away
    page.locator(".zeros summary").click()
    expect(zeros.first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".walk")).to_have_attribute("data-zoom", "2")


def number_of(text: str) -> float:
    return float(text.removeprefix("= ").replace("−", "-"))


def test_a_change_of_language_keeps_the_opened_number_and_says_it_again(walk) -> None:
    page = walk()
    page.locator('.group[data-role="output"] canvas').first.click(position={"x": 12, "y": 12})
    page.wait_for_selector(".opened .hand")
    title, step = page.locator(".opened h2").inner_text(), step_of(page)
    page.get_by_test_id("stSidebar").get_by_text("简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.locator(".opened .answer").first).to_contain_text("手算")
    assert (page.locator(".opened h2").inner_text(), step_of(page)) == (title, step)


def test_a_map_is_named_in_the_language_of_the_page(walk) -> None:
    page = walk(language="zh")
    maps = page.locator('.group[data-role="output"] canvas').first
    expect(maps).to_have_attribute("aria-label", "conv1 · conv2d, 数值, 1×6×28×28")


def test_back_and_forward_lead_to_the_step_that_was_seen(walk) -> None:
    page = walk()
    page.locator("button.next").click()
    page.locator("button.next").click()
    expect(page).to_have_url(re.compile("lenet_at=3"))
    page.get_by_test_id("stSidebar").get_by_role("link", name="Operators", exact=True).click()
    expect(page.locator("h1")).to_have_text("Operators")
    page.go_back()
    page.wait_for_selector(".walk[data-step='3']")
    page.go_back()
    page.wait_for_selector(".walk[data-step='1']")
    page.go_forward()
    page.wait_for_selector(".walk[data-step='3']")


def loss_with(changes: str) -> float:
    """The loss of the page's step as it opens, with the changes of its address."""
    loss = what_if.take(first_step(), what_if.read(changes)).walk.loss
    assert loss is not None
    return loss


def first_step() -> walks.Walk:
    """The page's step as it opens."""
    return walks.take(setup.prepare(Choice(input="digit", loss="cross_entropy", target=setup.digit(0)[1])))


def changes_of(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query).get("lenet_changes", [""])[0]


def loss_agrees(page: Page) -> None:
    """Wait until the loss on the screen is torch's of the changes in the address."""
    number_now, loss = page.locator(".before-after .now").first, loss_with(changes_of(page))
    for _ in range(100):
        if number(number_now) == pytest.approx(loss, rel=1e-6):
            return
        reader.frames(page, 3)
    assert number(number_now) == pytest.approx(loss, rel=1e-6)


ELEMENTS = ".track, .tick, .listing, .options, .tensors, .tensors canvas"
MARK = """(walk, selector) => {
  for (const each of walk.querySelectorAll(selector)) each.isOld = true;
  for (const each of walk.querySelectorAll('.listing')) each.scrollTop = 7;
}"""
UNMARKED = """(walk, selector) => [...walk.querySelectorAll(selector)].filter((each) => !each.isOld)
  .map((each) => each.textContent)"""
SCROLLED = "(walk) => [...walk.querySelectorAll('.listing')].map((each) => each.scrollTop)"
DRAWN = "(walk) => [...walk.querySelectorAll('canvas')].map((each) => each.toDataURL())"


def test_a_number_is_changed_by_hand_and_keys_and_torchs_loss_follows(walk) -> None:
    page = walk()
    output = page.locator('.group[data-role="output"] canvas').first
    reader.place(output)
    output.click(position={"x": 40, "y": 40})
    slider = page.locator(".what-if-cell input[type=range]")
    field = page.locator(".what-if-cell input[type=text]")
    value = field.input_value()
    page.get_by_text("Input, weights, target and more").click()
    digit = page.locator("[data-setting=digit]")
    digit.fill("5")
    expect(field).not_to_have_value(value)  # the number of another image, which the title has too
    assert number(page.locator(".opened .torch")) == pytest.approx(float(field.input_value()), rel=1e-6)
    expect(digit).to_be_focused()
    digit.fill("0")
    expect(field).to_have_value(value)
    box = reader.place(slider)
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, middle, steps=6)
    expect(page.locator(".what-if-bar")).to_be_visible()  # while the hand still holds the slider
    page.mouse.up()
    expect(page).to_have_url(re.compile("lenet_changes="))
    loss_agrees(page)
    first = changes_of(page)
    page.locator(".opened").evaluate(MARK, "canvas")
    before = page.locator(".opened .target").evaluate(DRAWN)
    page.keyboard.press("ArrowLeft")  # the slider has the focus: the keys are its own
    page.wait_for_function("(before) => decodeURIComponent(location.href).indexOf(before) < 0", arg=first)
    loss_agrees(page)
    assert page.locator(".opened").evaluate(UNMARKED, "canvas") == [], "the drawings stay"
    assert page.locator(".opened .target").evaluate(DRAWN) != before, "with the new numbers"
    assert step_of(page) == 1
    field.fill("-1,5")
    expect(page.locator(".opened h2")).to_contain_text("= -1.5")
    expect(page).to_have_url(re.compile(r"lenet_changes=\d+\.\d+%3A-1\.5$"))
    loss_agrees(page)
    assert contrast.faint(contrast.texts(page)) == []
    page.locator(".follows li button").nth(2).click()  # to a step that follows: after, before and their difference
    panes = page.locator('.group[data-role="output"] .pane')
    assert [pane.split()[-1] for pane in panes.evaluate_all("(all) => all.map((one) => one.className)")] == [
        "what_if",
        "before",
        "difference",
    ]
    expect(page.locator(".badge.what-if")).to_be_visible()
    page.reload()
    page.wait_for_selector(".what-if-bar:not([hidden])")
    page.locator(".what-if-bar .undo").click()
    expect(page.locator(".what-if-bar")).to_be_hidden()
    expect(page.locator(".pane.difference")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("lenet_changes="))


@pytest.mark.parametrize("cells", ['[data-role="input"] canvas', '[data-name="conv1.weight"] canvas'])
def test_a_pixel_and_a_weight_are_dragged_and_everything_downstream_follows(walk, cells: str) -> None:
    page = walk()
    maps = page.locator(cells).first
    reader.place(maps)
    maps.click(position={"x": 8, "y": 8})
    slider = page.locator(".what-if-cell input[type=range]")
    before = changes_of(page)
    drag_slider(page, slider, 0.9)
    expect(page).to_have_url(re.compile("lenet_changes="))
    assert changes_of(page) != before
    loss_agrees(page)
    step = what_if.take(first_step(), what_if.read(changes_of(page)))
    reached = [each for each in what_if.effects(step) if each.cells]
    expect(page.locator(".follows li")).to_have_count(len(reached))
    page.locator(".follows li button").last.click()
    expect(page.locator(".where")).to_contain_text("cross_entropy")
    harness.no_traceback(page)


def test_changes_that_are_none_of_this_step_are_a_sentence_and_can_be_reset(walk) -> None:
    page = walk("?lenet_changes=0.99999999:1&lang=zh")
    expect(page.locator(".what-if-bar")).to_contain_text("没有这个数")
    page.locator(".what-if-bar .reset").click()
    expect(page.locator(".what-if-bar")).to_be_hidden()


def step_with(page: Page, network: str = "lenet5") -> walks.Walk:
    """PyTorch's step with what the controls are set to."""
    offer = page.locator("[data-setting=weights] option").evaluate_all("(all) => all.map((each) => each.value)")
    declared = lenet_settings.of_network(network, offer or [lenet_settings.SEED])  # else no control
    values = settings.read(declared, page.locator(".step").evaluate(VALUES))
    choice = lenet_settings.choice_of(network, values)
    weights_there = readers.shipped().net.state_dict() if values["weights"] == lenet_settings.SHIPPED else None
    return walks.take(setup.prepare(choice, weights=weights_there))


@pytest.mark.long
def test_every_control_is_followed_by_torchs_step(walk) -> None:
    page = walk("?lenet_network=reader")  # the one that comes with weights
    page.keyboard.press("End")
    page.locator(".step details").evaluate_all("(all) => all.forEach((each) => { each.open = true; })")

    def agrees() -> bool:
        step = step_with(page, "reader")
        expect(page.locator(".tick")).to_have_count(len(step.steps))
        page.locator(".track").press("End")  # another loss has another number of steps
        if step.loss_after is not None:
            expect(page.locator(".words")).to_contain_text(f"{step.loss:.6g} before, {step.loss_after:.6g} after")
        return True

    targets = [f"target={each}" for each in range(10) if each != 3]  # one of them is enough
    operated = operate_all(page.locator(".step"), agrees, but=("input=drawing", *targets))
    assert {"input", "digit", "weights", "loss", "target", "opt", "lr", "seed", "before", "train", "xgrad"} <= {
        *operated
    }
    harness.no_traceback(page)


def step_agrees(page: Page) -> None:
    """Wait until the loss and one new weight on the screen are PyTorch's with the controls as they are."""
    step = step_with(page)
    expect(page.locator(".words")).to_contain_text(f"{step.loss:.6g} before, {step.loss_after:.6g} after")


def test_another_learning_rate_takes_its_numbers_into_the_drawings_that_are_there(walk) -> None:
    page = walk()
    page.keyboard.press("End")
    expect(page).to_have_url(re.compile("lenet_at="))
    drawing, tensors = page.locator(".walk"), page.locator(".tensors")
    page.locator(".pane.after canvas").hover(position={"x": 12, "y": 12})
    hover = page.locator(".hover").inner_text()
    rate = page.get_by_role("slider", name="Learning rate, logarithmic")
    drawing.evaluate(MARK, ELEMENTS)
    before, scrolled = tensors.evaluate(DRAWN), drawing.evaluate(SCROLLED)
    rate.press("ArrowRight")
    step_agrees(page)
    assert [text for text in drawing.evaluate(UNMARKED, ELEMENTS) if "lr=" not in text] == []
    now = tensors.evaluate(DRAWN)
    assert now[0] == before[0] and now[1] != before[1], "the output before is as it was, the one after is not"
    assert drawing.evaluate(SCROLLED)[1] == scrolled[1], "the network's code"
    expect(rate).to_be_focused()
    expect(page.locator(".hover")).not_to_have_text(hover)
    page.mouse.move(0, 0)
    now = tensors.evaluate(DRAWN)
    page.locator(".track").press("Home")
    page.locator(".track").press("End")
    assert tensors.evaluate(DRAWN) == now, "drawn again they are the same"


def test_each_choice_is_followed_by_torchs_step_and_the_page_is_told(walk) -> None:
    page = walk()
    page.keyboard.press("End")  # the new loss: of it all choices decide
    expect(page).to_have_url(re.compile("lenet_at="))
    page.locator("[data-setting=loss]").select_option("nll")
    step_agrees(page)
    page.locator("[data-setting=opt]").select_option("adam")
    step_agrees(page)
    page.get_by_role("slider", name="Learning rate, logarithmic").press("ArrowRight")
    step_agrees(page)
    page.get_by_text("Input, weights, target and more").click()
    page.locator("[data-setting=target]").select_option("4")
    page.locator("[data-setting=seed]").fill("3")
    step_agrees(page)
    page.locator("[data-setting=digit]").fill("5")
    expect(page.locator("[data-setting=target]")).to_have_value("label")  # the target follows the image
    step_agrees(page)
    page.locator("[data-setting=input]").select_option("drawing")
    expect(page.locator(".step > .why")).to_contain_text("draw a digit on the Draw page first")
    expect(page.locator(".walk")).to_be_hidden()
    page.locator("[data-setting=input]").select_option("randn")
    step_agrees(page)
    parameters = {"lenet_input=randn", "lenet_loss=nll", "lenet_opt=adam", "lenet_lr=0.013", "lenet_seed=3"}
    page.wait_for_url(lambda url: parameters <= set(urlsplit(url).query.split("&")))
    harness.settle(page)
    page.get_by_text("Show the code").click()
    expect(page.get_by_text("torch.optim.Adam(net.parameters(), lr=0.013)").first).to_be_visible()
    step_agrees(page)
    assert step_of(page) == len(step_with(page).steps) - 1
    harness.no_traceback(page)


def test_an_opened_number_stays_open_and_follows_another_loss(walk) -> None:
    page = walk(f"?{NOISE}")
    go_to(page, "ConvolutionBackward0 (conv2)")
    page.locator('[data-name="conv2.weight"] .pane.grad canvas').click(position={"x": 12, "y": 12})
    title = page.locator(".opened h2")
    expect(title).to_contain_text("conv2.weight[")
    name, value = title.inner_text().split(" = ")
    page.get_by_role("slider", name="Learning rate, logarithmic").press("ArrowRight")
    page.wait_for_url("**lenet_lr=*")
    expect(title).to_have_text(f"{name} = {value}")  # the rate decides nothing about it
    page.get_by_text("Input, weights, target and more").click()
    page.locator("[data-setting=seed]").fill("3")
    expect(title).to_contain_text(name)
    expect(title).not_to_have_text(f"{name} = {value}")
    index = tuple(int(each) for each in name.partition("[")[2].rstrip("]").split(", "))
    grad = step_with(page).record.grads["conv2.weight"]
    assert grad is not None
    assert number(page.locator(".torch")) == pytest.approx(grad[index].item(), rel=1e-4, abs=1e-9)
