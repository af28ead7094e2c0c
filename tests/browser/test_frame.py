"""The frame in a real browser: addresses, languages, themes, nothing from outside."""

from __future__ import annotations

import math
import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, WebSocketRoute, expect

from benchmarks.browser import WatchedPage
from pages.shared import scripts
from pages.shared.lessons import LESSONS
from tests.browser import axe, first_screen, keyboard, layout, reader, spoken, touch
from tests.browser import chromium as harness
from tests.browser.contrast import TEXTS, faint, texts

pytestmark = pytest.mark.browser


def test_the_first_request_to_a_fresh_server_shows_the_page_and_obeys_the_first_click(browser: Browser) -> None:
    with harness.server() as address:
        page = harness.open_page(browser, f"{address}/runs")
        expect(page.get_by_role("radiogroup", name="Language / 语言")).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_count(0)  # "Page not found"
        expect(page.locator("h1")).to_have_count(1)
        page.get_by_text("简体中文").click()
        expect(page.get_by_role("link", name="训练", exact=True).first).to_be_visible()
        page.wait_for_url("**lang=zh*")
        page.context.close()


PAPER = "getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme"


def can_be_read(page: Page) -> None:
    """Every text of the page as it stands has enough contrast in both themes."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_function(f"(theme) => {PAPER} === theme", arg=theme)
        reader.rest(page)  # drawings are painted again
        texts_there = texts(page)
        assert len(texts_there) > 20
        assert faint(texts_there) == []


# Of each page the picture and the main control; where nothing is drawn before a press, the control alone. Of
# Runs with runs, and of Your code with its secret, there are tests beside those of the pages.
FIRST_SCREENS = {
    "home": (".first .stage", ".first .learn .main"),
    "tutorials": (".st-key-tutorials_steps", "[role=tab] >> nth=4"),
    "linear_fit": (".fit-surface", ".fit-play"),
    "two_layers": (".ways-chart canvas", "input[data-setting=H]"),
    "operators": (".grid-row", ".grid-row input"),
    "convolution": (".window .grids", "input[data-setting=stride]"),
    "lenet": (".walk .tensors canvas", ".walk .next"),
    "your_code": ("", "input[type=password]"),
    "what_goes_wrong": ("[data-testid=stCode]", "[role=radiogroup]"),
    "digits": ("figure", "input[type=number]"),
    "train": (".st-key-train_chart .live-chart-plot", "[data-testid=stBaseButton-primary]"),
    "runs": ("", "[data-testid=stPageLink]"),
    "experiments": ("", "[data-testid=stBaseButton-primary]"),
    "draw": (".picture .stage", ".st-key-draw_canvas_frame"),
}


@pytest.mark.long
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_lesson_fits_a_phone_asks_for_nothing_from_outside_and_can_be_read_by_everyone_on_paper_too(
    visit, address: str, lesson
) -> None:
    requests: list[str] = []
    page = visit(lesson.url_path, width=390, touch=True, requests=requests)
    expect(page.locator("h1")).to_have_count(1)
    expect(page).to_have_title(f"{lesson.title} · Stepwise" if lesson.url_path else "Stepwise")
    reader.rest(page)  # drawings come after the words
    WatchedPage(page).complete()  # the benchmarks wait for this
    harness.no_traceback(page)
    outside = [
        url for url in requests if not url.startswith((address, "data:", "blob:", address.replace("http", "ws")))
    ]
    assert requests
    assert not outside
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth + 1")
    page.set_viewport_size({"width": 390, "height": 844})
    assert touch.problems(page) == []
    first_screen.shows(page, *FIRST_SCREENS[lesson.name])
    page.set_viewport_size({"width": 1280, "height": 900})
    can_be_read(page)
    assert axe.violations(page) == []
    is_printed_dark_on_white(page)  # dark is the theme that was read last
    page.add_style_tag(content="html { font-size: 200% !important; }")  # as a reader enlarges the text
    reader.rest(page)
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth + 1")


@pytest.mark.long
@pytest.mark.parametrize(("language", "walked"), [("en", (1280, 800)), ("zh", (390, 844))])
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_no_text_is_cut_off_or_in_the_other_language_and_the_tab_key_reaches_every_control_in_sight(
    visit, lesson, language: str, walked: tuple[int, int]
) -> None:
    page = visit(lesson.url_path, width=1280, height=800, language=language)
    problems = {}
    for size in [*(size for size in first_screen.SIZES if size != walked), walked]:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        reader.rest(page)
        problems[size] = layout.problems(page, language)
    assert {size: each for size, each in problems.items() if each} == {}
    if language == "zh":
        assert axe.violations(page) == []  # the English page has a test above
    assert spoken.problems(page, language) == []
    reached, wrong = keyboard.walk(page)
    assert len(reached) > 5
    assert wrong == []


def test_the_walk_by_keyboard_sees_what_has_no_name_is_out_of_sight_or_is_not_reached(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(
        """<main data-testid=stMain><button>good</button><button class=bare></button>
        <button class=away style="position: fixed; left: -900px">away</button>
        <div role=button tabindex=-1>for a pointer</div></main>"""
    )
    reached, problems = keyboard.walk(page)
    assert reached == ['button "good"', 'button.bare ""', 'button.away "away"']
    assert [problem.split(":")[0] for problem in problems] == ["not on the screen", "no name", "Tab does not reach"]
    page.context.close()


def test_the_menu_can_be_read_in_both_themes(visit) -> None:
    page = visit("runs")
    expect(page.get_by_test_id("stSidebar").get_by_role("link", name="Train", exact=True)).to_be_in_viewport()
    can_be_read(page)
    assert axe.violations(page) == []


def test_the_language_stays_when_one_goes_to_another_page_or_reloads(visit) -> None:
    page = visit("", language="en")
    page.get_by_text("简体中文").click()
    expect(page.get_by_role("link", name="训练", exact=True).first).to_be_visible()
    page.wait_for_url("**lang=zh*")
    page.get_by_role("link", name="卷积", exact=True).first.click()
    harness.settle(page)
    expect(page.get_by_role("link", name="训练", exact=True).first).to_be_visible()
    page.reload()
    harness.settle(page)
    expect(page.get_by_role("link", name="训练", exact=True).first).to_be_visible()


def opened_at(address: str, context: BrowserContext, path: str, **size: int) -> Page:
    page = harness.open_in(context, f"{address}/{path}", **size)
    page.wait_for_selector(".st-key-frame", state="attached")
    page.wait_for_function("document.documentElement.lang !== ''")
    return page


def test_a_theme_and_a_language_picked_by_hand_hold_on_every_page_and_after_a_reload(browser, address) -> None:
    context = harness.person(browser, language="zh")
    page = opened_at(address, context, "convolution")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page).to_have_title("卷积 · Stepwise")
    page.get_by_test_id("stMainMenu").click()
    page.get_by_test_id("stMainMenuPopover").get_by_text("Dark").click()
    page.wait_for_function(f"{PAPER} === 'dark'")
    page.keyboard.press("Escape")
    page.get_by_test_id("stSidebar").get_by_text("English", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_title("Convolution · Stepwise")
    page.reload()
    page.wait_for_function(f"{PAPER} === 'dark'")
    other = opened_at(address, context, "operators")  # by its address, without ?lang=
    other.wait_for_function(f"{PAPER} === 'dark'")
    expect(other.locator("h1")).to_have_text("Operators")
    expect(other.locator("html")).to_have_attribute("lang", "en")
    assert "lang=" not in other.url
    other.get_by_test_id("stMainMenu").click()
    other.get_by_test_id("stMainMenuPopover").get_by_text("Light").click()
    other.wait_for_function(f"{PAPER} === 'light'")
    other.goto(f"{address}/convolution?lang=zh")  # what a link asks for comes before what was picked
    other.wait_for_function(f"{PAPER} === 'light'")
    expect(other).to_have_title("卷积 · Stepwise")
    context.close()


# The mean of all that is grey on a canvas, 0 … 255; NaN while nothing is.
GREY = """(canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let [sum, count] = [0, 0];
  for (let at = 0; at < data.length; at += 4) {
    const colour = data.slice(at, at + 3);
    if (data[at + 3] < 200 || Math.max(...colour) - Math.min(...colour) > 25) continue;
    sum += colour[0];
    count += 1;
  }
  return sum / count;
}"""
DRAWN = {
    "": ".first .stage canvas",
    "linear_fit": "canvas >> nth=0",
    "two_layers": ".ways-chart canvas",
    "convolution?convolution_part=stack": ".drawn .stage canvas",
    "draw": ".picture .stage canvas",
}


@pytest.mark.parametrize("path", DRAWN)
def test_what_is_painted_is_painted_again_when_the_theme_changes(visit, path: str) -> None:
    page = visit(path)
    canvas = page.get_by_test_id("stMain").locator(DRAWN[path])
    greys = []
    for theme in ("light", "dark", "light"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_function(f"{PAPER} === '{theme}'")
        reader.rest(page)
        while math.isnan(grey := canvas.evaluate(GREY)):  # not painted yet
            reader.frames(page, 5)
        greys.append(grey)
    light, dark, again = greys
    assert abs(light - dark) > 60 and abs(again - light) < 30, greys


CHOSEN = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  const roots = [main, ...[...main.querySelectorAll('*')].map((each) => each.shadowRoot).filter(Boolean)];
  const chosen = '[data-testid=stSelectbox] input, [aria-checked=true], [aria-pressed=true], select option:checked,'
    + '[role=tab][aria-selected=true]';
  const shown = roots.flatMap((root) => [...root.querySelectorAll(chosen)]);
  return shown.map((each) => (each.tagName === 'OPTION' ? each.label : each.value || each.innerText));
}"""
CHOICES = {
    "convolution": "convolution_kind=max&convolution_input=counting",
    "lenet": "lenet_loss=mse_onehot&lenet_opt=hand&lenet_tab=experiments&lenet_exp=retain_graph",
    "linear_fit": "linear_fit_iterations=50",
    "two_layers": "two_layers_part=mistakes",
    "operators": "operators_name=pad&operators_cell=output.1",
}


@pytest.mark.long
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_change_of_language_changes_every_word_that_is_chosen_and_no_choice(visit, lesson) -> None:
    query = CHOICES.get(lesson.url_path, "")
    there, fresh = (visit(f"{lesson.url_path}?{query}{more}", still=True) for more in ("", "&lang=zh"))
    for page in (fresh, there):
        page.bring_to_front()  # one in the background has two frames a second
        reader.rest(page, CHOSEN)
    before = there.url.partition("?")[2]
    there.get_by_test_id("stSidebar").get_by_text("简体中文").click()
    expect(there.locator("html")).to_have_attribute("lang", "zh-CN")
    reader.rest(there, CHOSEN)
    assert there.evaluate(CHOSEN) == fresh.evaluate(CHOSEN)
    typed = there.locator("textarea").evaluate_all("(all) => all.map(({ value }) => `language: ${value}`)")
    problems = [each for each in layout.problems(there, "zh") if each.startswith("language")]
    assert set(problems) <= set(typed)  # what stands in a field is the user's
    assert spoken.problems(there, "zh") == []
    assert set(filter(None, before.split("&"))) <= set(there.url.partition("?")[2].split("&"))


def test_a_menu_that_was_closed_in_a_narrow_window_is_open_again_in_a_wide_one(visit) -> None:
    page = visit("train")
    menu = page.get_by_test_id("stSidebar")
    reader.rest(page)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(menu).to_have_attribute("data-collapsed", "true")
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(menu).to_have_attribute("data-collapsed", "false")
    menu.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(menu).to_have_attribute("data-collapsed", "true")
    page.close()
    page = visit("train")
    reader.rest(page)
    expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "false")


def test_the_menu_of_a_phone_closes_when_a_page_is_chosen_or_touched_and_is_closed_at_first(
    browser, address
) -> None:
    context = harness.person(browser, touch=True)
    page = opened_at(address, context, "", width=390, height=844)
    menu = page.get_by_test_id("stSidebar")
    reader.rest(page)  # the frame closes the menu once, when it comes
    page.get_by_test_id("stExpandSidebarButton").tap()
    expect(menu).to_have_attribute("data-collapsed", "false")
    menu.get_by_role("link", name="Convolution", exact=True).tap()
    expect(page.locator("h1")).to_have_text("Convolution")
    expect(menu).to_have_attribute("data-collapsed", "true")
    page.get_by_test_id("stExpandSidebarButton").tap()
    expect(menu).to_have_attribute("data-collapsed", "false")
    page.touchscreen.tap(380, 500)  # the page beside it
    expect(menu).to_have_attribute("data-collapsed", "true")
    page.get_by_test_id("stExpandSidebarButton").tap()
    expect(menu).to_have_attribute("data-collapsed", "false")
    page.reload()
    expect(page.locator("h1")).to_have_text("Convolution")
    expect(menu).to_have_attribute("data-collapsed", "true")
    context.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_languages_are_seen_at_once_above_all_lessons_of_the_menu(visit, language: str) -> None:
    page: Page = visit("linear_fit", language=language)
    menu = page.get_by_test_id("stSidebar")
    for width, height in ((1280, 800), (1024, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        if menu.get_attribute("data-collapsed") == "true":
            page.get_by_test_id("stExpandSidebarButton").click()
        expect(menu).to_have_attribute("data-collapsed", "false")
        places = [reader.place(menu.get_by_text(name, exact=True)) for name in ("English", "简体中文")]
        lesson = reader.place(menu.get_by_role("link").first)
        edge = reader.place(menu.get_by_test_id("stSidebarCollapseButton"))
        for each in places:
            assert each["y"] >= 0 and each["y"] + each["height"] <= lesson["y"], (width, each)
            assert each["x"] + each["width"] <= edge["x"], (width, each)
        assert places[0]["x"] + places[0]["width"] <= places[1]["x"], width
        assert menu.get_by_test_id("stSidebarContent").evaluate("(each) => each.scrollTop") == 0


def test_the_menu_of_a_wide_screen_stays_where_it_is(visit) -> None:
    page = visit("", clock=True)
    page.get_by_test_id("stSidebar").get_by_role("link", name="Operators", exact=True).click()
    expect(page.locator("h1")).to_have_text("Operators")
    reader.stop_time(page)
    page.locator("h1").click()
    page.clock.run_for(1_000)  # the menu of a phone would have closed
    expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "false")


@pytest.mark.parametrize("file", ["draw", "train", "lenet"])
def test_a_card_of_the_first_page_leads_on_wherever_it_is_touched(visit, file: str) -> None:
    page = visit("")
    reader.rest(page)
    card = page.locator(f".st-key-home_card_{file}")
    box = reader.place(card)
    card.click(position={"x": box["width"] / 2, "y": box["height"] - 8}, force=True)  # the link lies over its card
    lesson = next(lesson for lesson in LESSONS if lesson.name == file)
    expect(page.locator("h1")).to_have_text(lesson.title)


def test_a_link_looks_like_one_and_shows_the_focus(visit) -> None:
    page = visit("convolution?convolution_part=stack")
    link = page.get_by_test_id("stMain").get_by_role("link", name="Train it")
    reader.rest(page)
    assert link.locator("p").evaluate("(p) => getComputedStyle(p).textDecorationLine") == "underline"
    for each in (link, page.get_by_test_id("stSidebar").get_by_role("link", name="Operators", exact=True)):
        each.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        expect(each).to_be_focused()
        assert each.evaluate("(a) => parseFloat(getComputedStyle(a).outlineWidth)") >= 2


def test_on_paper_there_is_the_lesson_without_menu_and_buttons(visit) -> None:
    page = visit("convolution?convolution_part=practice")
    expect(page.get_by_role("button", name="Another at this level")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.get_by_role("button", name="Another at this level")).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()


ON_PAPER = {  # of a page, what is there to be pressed, and buttons that show something
    "": (".first .learn .main", ".picture .stage canvas"),
    "linear_fit": (".fit-play", ".fit-grid button"),
    "operators": ("input[type=range]", ".grid-cells button"),
    "convolution": (".window .play", ".window .grids"),
    "convolution?convolution_part=stack": (".rows .add", ".rows select"),
    "lenet": (".walk .steer button", ".walk [data-zoom]"),
}


@pytest.mark.parametrize(("path", "parts"), ON_PAPER.items(), ids=ON_PAPER)
def test_what_cannot_be_pressed_on_paper_is_not_printed_by_a_drawing(
    visit, path: str, parts: tuple[str, str]
) -> None:
    page = visit(path)
    main = page.get_by_test_id("stMain")
    presses, contents = (main.locator(part) for part in parts)
    expect(contents.first).to_be_visible()
    reader.rest(page)
    assert presses.count() > 0
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(contents.first).to_be_visible()
    for each in [*presses.all(), *main.locator("input[type=range]").all()]:
        expect(each).to_be_hidden()


# The sizes at once when paper is narrower: no observer of sizes is asked while a browser prints.
NARROWER = """(chart) => {
  chart.parentElement.style.width = '240px';
  const box = (selector) => chart.querySelector(selector).getBoundingClientRect();
  const [layer, plot] = [box('.main-svg'), box('.nsewdrag')];
  return [layer.width, layer.width / layer.height, plot.right - layer.left];
}"""


def test_a_chart_is_no_wider_than_the_paper(visit) -> None:
    page = visit("train?run=new&train_dataset=digits")
    chart = page.locator(".st-key-train_chart .live-chart-plot")
    expect(chart.locator(".nsewdrag")).to_be_attached()
    reader.rest(page)
    before = chart.locator(".main-svg").first.bounding_box()
    assert before
    assert before["width"] > 300
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    width, ratio, right = chart.evaluate(NARROWER)
    assert width == pytest.approx(240, abs=1)
    assert ratio == pytest.approx(before["width"] / before["height"], rel=0.02)
    assert right < 240
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.set_viewport_size({"width": 900, "height": 800})
    reader.rest(page)
    layer = chart.locator(".main-svg").first  # it is drawn for the window again, and no longer scaled
    expect(layer).not_to_have_attribute("viewBox", re.compile("."))


def test_the_picture_of_a_network_keeps_its_proportions_on_paper(visit) -> None:
    page = visit("")
    picture = page.locator(".first .stage canvas")
    expect(picture).to_be_visible()
    assert picture.evaluate("(canvas) => getComputedStyle(canvas).objectFit") == "contain"


# Text and pictures as they are when the browser, which is about to print, has told the page.
PRINTED = f"""() => addEventListener('beforeprint', () => {{
  for (const each of document.querySelectorAll('[data-testid=stSidebar], [data-testid=stHeader]')) each.remove();
  const mean = (canvas) => {{
    const {{ data }} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const painted = Array.from({{ length: data.length / 4 }}, (_, n) => 4 * n).filter((n) => data[n + 3] > 200);
    const sum = painted.reduce((all, n) => all + data[n] + data[n + 1] + data[n + 2], 0);
    return painted.length > 0.5 * data.length / 4 ? sum / painted.length / 765 : 1;
  }};
  const pictures = [];
  const walk = (root) => {{
    for (const each of root.querySelectorAll('*')) {{
      if (each.shadowRoot) walk(each.shadowRoot);
      const shows = each.tagName === 'CANVAS' && each.width && each.checkVisibility();
      if (shows && !each.matches('.fit-surface')) pictures.push(mean(each)); // that one is blue in either theme
    }}
  }};
  walk(document);
  window.printedTest = [({TEXTS})(), pictures, getComputedStyle(document.body).backgroundColor];
}})"""


def is_printed_dark_on_white(page: Page) -> None:
    """A page in a dark theme is printed dark on white, and is dark again afterwards."""
    page.evaluate(PRINTED)
    page.pdf()
    texts_there, pictures, ground = page.evaluate("window.printedTest")
    assert ground == "rgb(255, 255, 255)"
    assert len(texts_there) > 5
    assert faint([tuple(each) for each in texts_there]) == []
    assert [mean for mean in pictures if mean < 0.5] == []
    assert page.evaluate(PAPER) == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != ground


# Two elements with colours of the theme, one in the other: the inner one is told first that the page is printed.
NESTED = """async (module) => {
  const { onTheme } = await import(module);
  document.head.insertAdjacentHTML('beforeend', `<style>
    .outer { color: rgb(250, 250, 250); } [data-printing=true] .outer { color: rgb(1, 1, 1); }</style>`);
  document.body.insertAdjacentHTML('beforeend', '<p class="outer"><b class="inner">text</b></p>');
  const [outer, inner] = ['.outer', '.inner'].map((each) => document.querySelector(each));
  const colours = () => [outer, inner].map((each) => getComputedStyle(each).color);
  for (const each of [inner, outer]) onTheme(each, colours);
  colours();
  const after = (name) => (window.dispatchEvent(new Event(name)), colours());
  return [after('beforeprint'), after('afterprint')];
}"""


def test_what_stands_in_something_else_that_is_printed_is_dark_on_white_at_once(visit, address: str) -> None:
    page = visit("tutorials", theme="dark")
    reader.rest(page)
    colours = page.evaluate(NESTED, f"{address}/{scripts.path_of('lib/theme')}")
    assert colours == [["rgb(1, 1, 1)"] * 2, ["rgb(250, 250, 250)"] * 2]


@pytest.mark.parametrize("path", ["", "train"])
def test_while_a_page_runs_again_what_can_be_pressed_does_not_look_as_if_it_could_not(
    browser: Browser, address: str, path: str
) -> None:
    context = harness.person(browser)
    page = context.new_page()
    holds: list[int] = []

    def hold(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            if not holds or holds[0] > 0:
                socket.send(message)
            if holds:
                holds[0] -= 1

        server.on_message(pass_on)

    page.route_web_socket("**/_stcore/stream", hold)
    page.goto(f"{address}/{path}")
    reader.rest(page)
    start = page.get_by_role("button", name="Start").first
    expect(start).to_be_visible()
    holds.append(8)  # messages until the page stands still within its run
    page.get_by_text("Projector mode").click()
    stale = page.locator("[data-stale=true]")
    page.wait_for_function("[...document.querySelectorAll('[data-stale=true]')].some((each) => each.innerText)")
    page.wait_for_function(  # Streamlit fades what is only read
        "[...document.querySelectorAll('[data-stale=true]')].some((each) => getComputedStyle(each).opacity < 0.4)"
    )
    pressed = stale.filter(has=page.get_by_role("button"))
    assert pressed.count() > 0
    assert (
        pressed.evaluate_all("(all) => all.map((each) => getComputedStyle(each).opacity)")
        == ["1"] * pressed.count()
    )
    context.close()


SETTINGS = {
    "linear_fit": (
        "linear_fit_batch=5000&linear_fit_optimizer=Adagrad",
        ["linear_fit_batch=5000", "linear_fit_optimizer=Adagrad"],
    ),
    "operators": (
        "operators_name=conv9d&operators_seed=-1&operators_cell=output.99",
        ["operators_name=conv9d", "operators_seed=-1", "operators_cell=output.99"],
    ),
    "convolution": (
        "convolution_size=500&convolution_kind=magic&convolution_pin=99,99&convolution_b=inf",
        ["convolution_size=500", "convolution_kind=magic", "convolution_pin=99,99", "convolution_b=inf"],
    ),
    "lenet": (
        "lenet_network=nobody&lenet_seed=-4&lenet_at=700",
        ["lenet_network=nobody", "lenet_seed=-4", "lenet_at=700"],
    ),
    "draw": ("draw_way=magic", ["draw_way=magic"]),
}


@pytest.mark.parametrize("path", SETTINGS)
def test_what_the_address_asks_for_and_the_page_does_not_offer_is_said(visit, path: str) -> None:
    query, value = SETTINGS[path]
    page = visit(f"{path}?{query}")
    notice = page.get_by_test_id("stAlert").first
    for each in value:
        expect(notice).to_contain_text(f"The address asks for {each}")
    harness.no_traceback(page)
    page.get_by_test_id("stSidebar").get_by_text("简体中文").click()  # said once
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.get_by_text("地址里的")).to_have_count(0)


def test_a_chinese_browser_is_greeted_in_chinese(visit) -> None:
    page = visit("", language="zh")
    expect(page.get_by_text("一次一个运算").first).to_be_visible()


# Of the lists that a browser draws itself, what is chosen and wider than its room; an arrow stands beside it.
CUT = """(all) => all.flatMap((list) => {
  const { font, paddingLeft, paddingRight } = getComputedStyle(list);
  const pen = Object.assign(document.createElement('canvas').getContext('2d'), { font });
  const [text, arrow] = [list.selectedOptions[0].label, 16];
  const room = list.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) - arrow;
  return list.checkVisibility() && pen.measureText(text).width > room ? [text] : [];
})"""


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("lenet", "en"),
        ("lenet?lenet_loss=mse_random", "en"),
        ("lenet?lenet_loss=mse_random", "zh"),
        ("convolution", "zh"),
    ],
)
def test_what_is_chosen_can_be_read_on_the_screen_of_a_classroom(visit, path: str, language: str) -> None:
    page = visit(path, width=1024, height=768, language=language)
    reader.rest(page)
    cut = page.locator("[data-testid=stSelectbox] input").evaluate_all(
        "(all) => all.filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.value)"
    )
    assert cut == []
    assert page.get_by_test_id("stMain").locator("select").evaluate_all(CUT) == []


def test_a_projector_has_large_type_no_menu_and_a_clicker_that_goes_through_the_lessons(visit) -> None:
    page = visit("runs", width=1024, height=768)
    menu, title = page.get_by_test_id("stSidebar"), page.locator("h1")
    size = "getComputedStyle(document.querySelector('h1')).fontSize"
    expect(title).to_have_text("Runs")
    before = page.evaluate(size)
    menu.get_by_text("Projector mode").click()
    expect(menu).to_be_hidden()
    assert float(page.evaluate(size)[:-2]) > 1.2 * float(before[:-2])
    page.keyboard.press("PageDown")
    expect(title).to_have_text("Experiments")
    expect(menu).to_be_hidden()
    page.keyboard.press("PageUp")
    expect(title).to_have_text("Runs")
    page.get_by_role("button", name="End projector mode").click()
    expect(menu).to_be_visible()
    expect(menu.get_by_role("switch", name="Projector mode")).to_be_focused()  # where it was begun
    page.keyboard.press("PageDown")  # scrolls, as ever
    expect(title).to_have_text("Runs")


def test_on_a_phone_the_network_of_lenet_and_its_steps_are_on_the_first_screen(visit) -> None:
    page = visit("lenet", width=390, height=844, touch=True)
    page.locator(".walk[data-answer]").wait_for()
    page.get_by_role("button", name="Network", exact=True).tap()
    network = page.locator(".network canvas")
    network.wait_for()
    page.get_by_test_id("stMain").evaluate("(main) => main.scrollTo(0, 0)")
    reader.rest(page)
    box = network.bounding_box()
    assert box and box["height"] > 300 and box["y"] + box["height"] <= 844
    expect(page.locator(".walk .next")).to_be_in_viewport(ratio=1)
    choices = page.locator(".step > .controls").bounding_box()
    assert choices and choices["y"] >= box["y"] + box["height"]  # below the picture


def test_on_a_projector_the_whole_network_of_lenet_is_seen_without_scrolling(visit) -> None:
    page = visit("lenet", width=1024, height=768)
    page.locator(".walk[data-answer]").wait_for()
    page.get_by_text("Projector mode").click()
    page.get_by_role("button", name="Network", exact=True).click()
    network = page.locator(".network canvas")
    network.wait_for()
    reader.rest(page)
    box = network.bounding_box()
    assert box and box["height"] > 320 and box["y"] + box["height"] <= 768
    choices = page.locator(".step > .controls").bounding_box()
    assert choices and choices["y"] >= box["y"] + box["height"]  # below the picture


LIGHTNESS = """(canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let [sum, count] = [0, 0];
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] < 255) continue;
    sum += (data[at] + data[at + 1] + data[at + 2]) / 3 / 255;
    count += 1;
  }
  return sum / count;
}"""


@pytest.mark.parametrize(
    ("path", "canvas"),
    [("convolution?convolution_input=digit", "canvas[data-grid=input]"), ("lenet", ".group canvas.tensor")],
)
def test_maps_of_values_have_the_ground_of_the_theme(visit, path: str, canvas: str) -> None:
    light, dark = (
        visit(path, theme=theme).locator(canvas).first.evaluate(LIGHTNESS) for theme in ("light", "dark")
    )
    assert dark < 0.4 < 0.7 < light


@pytest.mark.parametrize(
    ("path", "picture"), [("digits", ".sw-way img.sw-signed"), ("draw", ".sw-figure img.sw-signed")]
)
def test_pictures_of_values_have_the_ground_of_the_theme(visit, path: str, picture: str) -> None:
    for theme, ground in (("light", "rgb(247, 247, 247)"), ("dark", "rgb(29, 33, 41)")):
        image = visit(path, theme=theme).locator(picture).first
        expect(image).to_have_css("background-color", ground)


@pytest.mark.parametrize(("theme", "colour"), [("light", "rgb(31, 111, 235)"), ("dark", "rgb(91, 157, 255)")])
def test_what_is_not_filled_of_a_slider_is_dark_in_a_dark_theme(visit, theme: str, colour: str) -> None:
    """A browser draws it light beside a colour that is too dark."""
    slider = visit("convolution", theme=theme).locator("input[type=range]").first
    expect(slider).to_have_css("accent-color", colour)


def test_the_program_of_a_mistake_is_seen_whole_on_the_screen_of_a_classroom(visit) -> None:
    page = visit("what_goes_wrong", width=1024, height=768)
    program = page.locator("[data-testid=stCode] pre").first
    program.wait_for()
    assert program.evaluate("element => element.scrollWidth <= element.clientWidth + 1")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_words_in_an_empty_chart_are_beside_its_axis(visit, language: str) -> None:
    page = visit("train?run=new", width=390, height=844, language=language)
    note = page.locator(".live-chart-note")
    expect(note).to_be_visible()
    ticks = page.locator(".live-chart-plot .ytick text")
    ticks.first.wait_for()
    left, axis = note.evaluate(
        """(note) => {
      const range = document.createRange();
      range.selectNodeContents(note);
      const ticks = [...document.querySelectorAll('.live-chart-plot .ytick text')];
      const ends = ticks.map((each) => each.getBoundingClientRect().right);
      return [range.getBoundingClientRect().left, Math.max(...ends)];
    }"""
    )
    assert left >= axis


ENGLISH = """() => [...document.querySelectorAll('[data-testid=stApp] *, [data-testid=stMainMenuPopover] *')]
  .flatMap((each) => [each.getAttribute('aria-label'), each.getAttribute('placeholder')])
  .filter((name) => /^[ -~]*[A-Z][a-z]+( [a-z]+)+[ -~]*$/.test(name ?? '') || /^Help for/.test(name ?? ''))"""


def test_the_menu_and_names_of_streamlit_are_in_the_readers_language_and_follow_it(visit) -> None:
    page: Page = visit("train", language="zh")
    reader.rest(page)
    help_of_name = page.get_by_role("button", name="训练的名称的说明")
    expect(help_of_name).to_have_count(1)
    assert page.evaluate(ENGLISH) == []
    expect(page.get_by_test_id("stSkipToContent")).to_have_text("跳到正文")
    page.get_by_test_id("stMainMenu").click()
    menu = page.get_by_test_id("stMainMenuPopover")
    for word in ("系统", "浅色", "深色", "打印", "录屏"):
        expect(menu).to_contain_text(word)
    menu.get_by_text("深色").click()
    page.wait_for_function(f"{PAPER} === 'dark'")
    page.keyboard.press("Escape")
    page.get_by_text("English", exact=True).click()
    expect(page.get_by_role("button", name="Help for Name of the run")).to_have_count(1)
    page.get_by_test_id("stMainMenu").click()
    for word in ("System", "Light", "Dark", "Print", "Record screen"):
        expect(menu).to_contain_text(word)
    menu.get_by_text("System").click()
    harness.no_traceback(page)


UPLOADERS = "[...document.querySelectorAll('[data-testid=stFileUploader]')]"
ENGLISH_OF_UPLOADERS = """() => UPLOADERS.flatMap((uploader) => {
  const texts = document.createTreeWalker(uploader, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    if (!texts.currentNode.parentElement.closest('[aria-hidden=true]')) found.push(texts.currentNode.data);
  }
  for (const each of uploader.querySelectorAll('[aria-label]')) found.push(each.ariaLabel);
  return found.filter((text) => /[a-z]{3,}/.test(text) && !/\\p{Script=Han}/u.test(text));
})""".replace("UPLOADERS", UPLOADERS)


@pytest.mark.parametrize(
    ("path", "label"), [("draw", "上传图片"), ("runs", "导入训练"), ("train", "从自己的文件开始")]
)
def test_what_streamlit_writes_where_a_file_is_taken_is_in_the_readers_language(
    visit, path: str, label: str
) -> None:
    page: Page = visit(path, language="zh")
    reader.rest(page)
    page.get_by_test_id("stMain").get_by_text(label).first.click()
    uploader = page.get_by_test_id("stFileUploader").first
    expect(uploader).to_contain_text("每个文件最大 5MB")
    file = {"name": "1.zip", "mimeType": "application/zip", "buffer": b"nothing"}
    uploader.locator("input[type=file]").set_input_files(file if path == "runs" else [])
    if path == "runs":
        expect(uploader.get_by_role("button", name="移除 1.zip")).to_be_visible()
        reader.rest(page)
    assert [text for text in page.evaluate(ENGLISH_OF_UPLOADERS) if not re.search(r"\.(pth|zip)", text)] == []


@pytest.mark.parametrize("path", ["", "convolution?convolution_part=stack"])
def test_the_picture_of_a_network_is_named_for_a_screen_reader(visit, path: str) -> None:
    page: Page = visit(path)
    page.locator(".picture .stage canvas").wait_for()
    reader.rest(page)
    names = [(spoken.role_of(node), spoken.name_of(node)) for node in spoken.tree(page)]
    assert ("application", "Picture of the network") in names
