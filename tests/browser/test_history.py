"""Back and forward lead to what was seen, on every page; a reload and a link too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from pages.shared.lessons import LESSONS
from tests.browser import chromium as harness
from tests.browser import reader

pytestmark = pytest.mark.browser

# Settings of each page that are not where it starts: bound by Streamlit, chosen, and read by hand.
ASKED = {
    "": "",
    "tutorials": "",
    "linear_fit": "linear_fit_lr=0.05&linear_fit_iterations=200&linear_fit_optimizer=Adam"
    "&linear_fit_across=W%5B1%2C0%5D",
    "two_layers": "two_layers_N=8&two_layers_D_in=20&two_layers_H=6&two_layers_D_out=3&two_layers_iterations=20"
    "&two_layers_part=mistakes&two_layers_mistake=5",
    "operators": "operators_name=bmm&operators_cell=output.3&operators_seed=4",
    "convolution": "convolution_input=counting&convolution_size=9&convolution_kernel=1"
    "&convolution_kind=max&convolution_pin=2%2C1",
    "lenet": "lenet_network=mnist&lenet_seed=3&lenet_at=4&lenet_tab=experiments",
    "digits": "digits_digit=3",
    "train": "train_batch_size=32&train_network=lenet5",
    "runs": "runs_words=abc&runs_log=true",
    "experiments": "experiments_question=dropout&experiments_seeds=2&experiments_base_epochs=7",
    "draw": "draw_centred=false&draw_way=file",
    "your_code": "",
    "what_goes_wrong": "",
}
SEEN = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  const roots = [main, ...[...main.querySelectorAll('*')].map((each) => each.shadowRoot).filter(Boolean)];
  const shown = (selector) =>
    roots.flatMap((root) => [...root.querySelectorAll(selector)]).filter((each) => each.checkVisibility());
  return {
    address: location.pathname + '?' + [...new URLSearchParams(location.search)].sort().join('&'),
    fields: shown('input:not([type=file]), textarea, select').map(
      (each) => (['checkbox', 'radio'].includes(each.type) ? each.checked : each.value)),
    sliders: shown('[role=slider]').map((each) => each.textContent + each.getAttribute('aria-valuetext')),
    pressed: shown('[aria-checked=true], [aria-pressed=true], [role=tab][aria-selected=true]').map(
      (each) => each.innerText),
    said: shown('[data-testid=stAlert]').map((each) => each.innerText),
    title: main.querySelector('h1').innerText,
  };
}"""


def drawing_of(page: Page) -> dict:
    """What the page shows, once it has come to rest."""
    reader.rest(page)
    reader.rest(page, SEEN)
    return page.evaluate(SEEN)


@pytest.mark.long
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_back_forward_and_a_reload_show_what_was_seen(visit, lesson) -> None:
    page = visit(f"{lesson.url_path}?{ASKED[lesson.url_path]}")
    drawing = drawing_of(page)
    for name in ASKED[lesson.url_path].split("&"):
        assert name.partition("=")[0] in drawing["address"]
    page.reload()
    assert drawing_of(page) == drawing
    other = "The digits" if lesson.name != "digits" else "Operators"
    page.get_by_test_id("stSidebar").get_by_role("link", name=other, exact=True).click()
    expect(page.locator("h1")).to_have_text(other)
    there = drawing_of(page)
    page.go_back()
    expect(page.locator("h1")).to_have_text(drawing["title"])
    assert drawing_of(page) == drawing
    page.go_forward()
    expect(page.locator("h1")).to_have_text(other)
    assert drawing_of(page) == there
    harness.no_traceback(page)


def test_back_to_a_page_that_was_left_as_it_starts_shows_its_starting_settings(visit) -> None:
    page = visit("convolution")
    drawing = drawing_of(page)
    assert not drawing["said"]
    page.get_by_test_id("stSidebar").get_by_role("link", name="Operators", exact=True).click()
    expect(page.locator("h1")).to_have_text("Operators")
    drawing_of(page)
    page.go_back()
    expect(page.locator("h1")).to_have_text("Convolution")
    assert drawing_of(page) == drawing


def test_one_press_of_back_undoes_one_choice_and_leaving_a_page_is_one_entry(visit) -> None:
    page = visit("convolution")
    drawing_of(page)
    page.get_by_role("slider", name="kernel_size").press("ArrowRight")
    page.wait_for_url("**convolution_kernel=4*")
    wider = drawing_of(page)
    page.get_by_role("combobox", name="Layer").select_option("MaxPool2d")
    page.wait_for_url("**convolution_kind=max*")
    pooling = drawing_of(page)
    entries = page.evaluate("history.length")
    page.get_by_test_id("stSidebar").get_by_role("link", name="Operators", exact=True).click()
    expect(page.locator("h1")).to_have_text("Operators")
    drawing_of(page)
    assert page.evaluate("history.length") == entries + 1
    page.get_by_test_id("stSidebar").get_by_role("link", name="Convolution", exact=True).click()
    expect(page.locator("h1")).to_have_text("Convolution")
    assert drawing_of(page) == pooling  # the session keeps what was set
    assert page.evaluate("history.length") == entries + 2
    page.go_back()
    expect(page.locator("h1")).to_have_text("Operators")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Convolution")
    assert drawing_of(page) == pooling
    page.go_back()
    assert drawing_of(page) == wider


def test_the_least_value_of_each_slider_survives_a_reload(visit) -> None:
    page = visit(
        "convolution?convolution_weights=random&convolution_size=9&convolution_input=dice&convolution_padding=2&convolution_dilation=2&convolution_stride=2"
    )
    started = drawing_of(page)
    for name in ("kernel_size", "stride", "padding in cells", "dilation", "Size"):
        slider = page.locator(f"input[type=range][aria-label='{name}']:visible")
        slider.press("Home")
        expect(slider).to_have_value(slider.get_attribute("min") or "")
    least = drawing_of(page)
    assert least["address"] != started["address"]
    page.reload()
    assert drawing_of(page) == least
