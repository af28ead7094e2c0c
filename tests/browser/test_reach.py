"""What a pointer and eyes reach, keys and ears reach too: on every part of every lesson."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import chromium as harness
from tests.browser import reader, spoken

pytestmark = pytest.mark.browser

# What is not on the screen that a lesson opens with; that is walked through in test_frame.py.
PARTS = [
    "tutorials?tutorials_tab=mnist",
    "linear_fit?linear_fit_lr=3&linear_fit_iterations=300",
    *(f"two_layers?two_layers_part={part}" for part in ("derivation", "mistakes", "timing", "sgd", "claims")),
    "operators?operators_name=softmax",
    "convolution?convolution_part=practice",
    "convolution?convolution_part=stack",
    "convolution?convolution_kind=max&convolution_in=3",
    "lenet?lenet_tab=experiments&lenet_exp=retain_graph",
    "lenet?lenet_tab=print",
    *(f"digits?digits_tab={tab}" for tab in ("epoch", "surprises", "browse")),
    "draw?draw_way=file",
]


@pytest.mark.long
@pytest.mark.parametrize("path", PARTS)
def test_a_screen_reader_hears_names_and_headings_in_its_language_on_every_part(visit, path: str) -> None:
    page: Page = visit(path)
    reader.rest(page)
    assert spoken.problems(page, "en") == []
    page.get_by_test_id("stSidebar").get_by_text("简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    reader.rest(page)
    assert spoken.problems(page, "zh") == []


def test_the_walk_for_a_screen_reader_hears_what_is_wrong(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(
        """<h1>One</h1><h3>Three</h3><button></button><button aria-label="**bold** name">x</button>
        <button>一个按钮</button><button>English</button><p role=img>3</p>
        <div aria-hidden=true><p role=img></p></div>"""
    )
    wrong = spoken.problems(page, "en")
    assert [each.split(":")[0] for each in wrong] == [
        *("no name", "no name", "markup", "language", "heading of level 3 below level 1")
    ]
    page.context.close()


# What plays by itself, and what says how far it is: after so many changes to that a screen reader has heard little.
PLAYS = {
    "linear_fit": "document.querySelector('.fit-bar output')?.textContent",
    "convolution": "document.querySelector('.window')?.dataset.focus",
}
IN_SHADOW = """(code) => {
  const shadows = (root) => [...root.querySelectorAll('*')].map((each) => each.shadowRoot).filter(Boolean);
  const all = (root) => [root, ...shadows(root).flatMap(all)];
  const of = new Function('document', `return ${code}`);
  const now = all(document).map(of).find((value) => value !== undefined);
  if (now !== undefined && now !== window.playedTest?.at(-1)) (window.playedTest ??= []).push(now);
  return window.playedTest?.length >= 12;
}"""


@pytest.mark.parametrize("path", PLAYS)
def test_what_plays_by_itself_does_not_talk_all_the_time(visit, path: str) -> None:
    page: Page = visit(path)
    reader.rest(page)
    spoken.listen(page)
    page.wait_for_function(IN_SHADOW, arg=PLAYS[path], polling=50)
    assert len(spoken.announcements(page)) <= 2, spoken.announcements(page)


def test_a_digit_that_writes_itself_is_said_when_it_rests(visit) -> None:
    page: Page = visit("")
    first = page.locator(".first")
    expect(first).to_have_attribute("data-rests", "true", timeout=60_000)
    reader.rest(page)
    spoken.listen(page)
    page.get_by_role("button", name="Another digit").press("Enter")
    expect(first).not_to_have_attribute("data-rests", "true")
    expect(first).to_have_attribute("data-rests", "true", timeout=60_000)
    answer = page.locator(".answer").inner_text()
    expect(page.locator(".first .left > .spoken")).to_have_text(answer)
    texts = [text for text in spoken.announcements(page) if text]
    assert texts[-1] == answer
    assert len(texts) <= 4  # a slow machine pauses while it writes


def test_the_focus_is_not_lost_when_a_run_of_the_page_makes_an_element_again(visit) -> None:
    page: Page = visit("digits")
    reader.rest(page)
    tab = page.get_by_role("tab").nth(1)
    tab.focus()
    tab.evaluate("(tab) => tab.replaceWith(tab.cloneNode(true))")
    expect(page.get_by_role("tab").nth(1)).to_be_focused()
    field = page.get_by_test_id("stMain").locator("input[type=number]").first
    field.focus()
    field.evaluate(
        """(field) => {
      const parent = field.parentElement, copy = field.cloneNode(true);
      field.remove();
      requestAnimationFrame(() => parent.append(copy));
    }"""
    )
    expect(page.get_by_test_id("stMain").locator("input[type=number]").first).to_be_focused()
    page.locator("h1").click()
    page.get_by_role("tab").nth(1).evaluate("(tab) => tab.replaceWith(tab.cloneNode(true))")
    reader.frames(page, 5)
    expect(page.get_by_role("tab").nth(1)).not_to_be_focused()  # where one points is where one is
    harness.no_traceback(page)


@pytest.mark.parametrize(("path", "count"), [("linear_fit", 3), ("two_layers", 2)])
def test_a_curve_that_is_painted_says_its_numbers(visit, path: str, count: int) -> None:
    page: Page = visit(path)
    reader.rest(page)
    main = page.get_by_test_id("stMain")
    pictures = main.locator("canvas[role=img], .ways-shapes")
    expect(pictures).to_have_count(count)
    for picture in pictures.all():
        expect(picture).to_have_attribute("aria-label", re.compile(r": .*\d"))
    if path == "linear_fit":
        page.get_by_role("slider", name="Iteration", exact=True).press("End")
        cell = main.locator(".fit-grid button").first
        expect(pictures.first).to_have_attribute("aria-label", re.compile(re.escape(cell.inner_text())))
    harness.no_traceback(page)


@pytest.mark.parametrize(("path", "count"), [("operators", 4), ("linear_fit", 4)])
def test_numbers_of_a_tensor_stand_in_rows_and_columns_for_a_screen_reader(visit, path: str, count: int) -> None:
    page: Page = visit(path)
    reader.rest(page)
    tables = [node for node in spoken.tree(page) if spoken.role_of(node) == "table" and spoken.name_of(node)]
    assert len(tables) >= count
    table = page.get_by_role("table", name="x" if path == "operators" else "True W", exact=True)
    rows = table.get_by_role("row").all()
    assert [row.get_by_role("cell").count() for row in rows] == ([3, 3] if path == "operators" else [2, 2, 2])
    harness.no_traceback(page)


# A choice of Streamlit's or ours: what is chosen, and one like it that is not.
CHOICES = {
    "operators": ("[role=radio][aria-checked=true]", "[role=radio][aria-checked=false]"),
    "lenet": (".walk button[aria-pressed=true]", ".walk .next"),
}


@pytest.mark.parametrize("path", CHOICES)
def test_what_is_chosen_is_seen_in_forced_colours(visit, path: str) -> None:
    page: Page = visit(path)
    page.emulate_media(forced_colors="active")
    reader.rest(page)
    ground = "(element) => getComputedStyle(element).backgroundColor"
    main = page.get_by_test_id("stMain")
    here, other = (main.locator(each).first.evaluate(ground) for each in CHOICES[path])
    assert here != other
