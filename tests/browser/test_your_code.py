"""The reader's own program in a real browser: run, explained, repaired, stopped; by keyboard, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.script.library import entries
from tests.browser import chromium as harness
from tests.browser import first_screen

pytestmark = pytest.mark.browser
SECRET = "sesame"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose secret is known."""
    runs = str(tmp_path_factory.mktemp("runs"))
    with harness.server({"STEPWISE_RUNS": runs, "STEPWISE_TOKEN": SECRET}) as address:
        yield address


def open_page(visit: Callable[..., Page], own: str, language: str = "en", width: int = 1280) -> Page:
    page = visit(f"your_code?token={SECRET}", width, language=language, at=own)
    page.wait_for_selector(".code-page[data-state]")
    return page


def finished(page: Page) -> None:
    page.wait_for_selector(".code-page[data-state=done]", timeout=90_000)
    harness.no_traceback(page)


def write(page: Page, text: str) -> None:
    page.locator(".code-page textarea").fill(text)


@pytest.mark.parametrize(("language", "words"), [("en", "nothing to run"), ("zh", "没有可以运行的程序")])
def test_run_on_an_empty_editor_says_what_to_do(
    visit: Callable[..., Page], own: str, language: str, words: str
) -> None:
    page = open_page(visit, own, language)
    write(page, " \n")
    page.locator(".code-page .run").click()
    expect(page.locator(".code-page .status")).to_contain_text(words)
    expect(page.locator(".code-page textarea")).to_be_focused()
    expect(page.locator(".code-page .run")).to_be_enabled()


@pytest.mark.parametrize(
    ("language", "words"), [("en", "This page runs programs on this computer"), ("zh", "只有启动 Stepwise 的人")]
)
def test_without_the_secret_nothing_runs_and_the_page_says_where_it_is(
    visit: Callable[..., Page], own: str, language: str, words: str
) -> None:
    page = visit("your_code?token=wrong", language=language, at=own)
    expect(page.get_by_text(words)).to_be_visible()
    assert page.locator(".code-page").count() == 0


def test_the_secret_leaves_the_address_and_a_reload_keeps_it(visit: Callable[..., Page], own: str) -> None:
    page = open_page(visit, own)
    assert SECRET not in page.url
    first_screen.shows(page, ".code-page .editor", ".code-page .run")
    write(page, "print(6 * 7)")
    page.reload()
    page.wait_for_selector(".code-page[data-state]")
    assert page.locator(".code-page textarea").input_value() == "print(6 * 7)"


def test_a_secret_that_is_written_by_hand_stays_in_the_tab_alone(visit: Callable[..., Page], own: str) -> None:
    page = visit("your_code", at=own)
    page.locator(".st-key-your_code_token input").focus()
    page.keyboard.type(SECRET)
    page.keyboard.press("Enter")
    page.wait_for_selector(".code-page[data-state]")
    assert SECRET not in page.url
    assert SECRET not in page.evaluate("JSON.stringify([localStorage, history.state, document.cookie])")
    assert SECRET not in page.content()
    assert not any(SECRET in str(cookie) for cookie in page.context.cookies())
    page.go_back()
    assert SECRET not in page.url


@pytest.mark.parametrize(("language", "why"), [("en", "rows of 1568 numbers"), ("zh", "每行 1568 个数")])
def test_by_keyboard_a_program_is_run_explained_repaired_and_run_again(
    visit: Callable[..., Page], own: str, language: str, why: str
) -> None:
    page = open_page(visit, own, language)
    page.locator(".code-page textarea").focus()
    page.keyboard.press("Control+Enter")
    finished(page)
    card = page.locator(".card.error")
    expect(card).to_contain_text(why)
    expect(card).to_contain_text("(16, 1352)")
    assert page.locator(".row.lit.error .m-error").all_inner_texts() == ["self.fc(x)"]
    card.get_by_role("button").last.focus()
    page.keyboard.press("Enter")
    assert "self.fc = nn.Linear(1352, 10)" in page.locator(".code-page textarea").input_value()
    assert page.locator(".row.lit").count() == 0
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".code-page:not([data-state=done])")
    finished(page)
    page.locator("[data-tab=result]").press("Enter")  # a program that is well opens at its steps
    expect(page.locator(".well")).to_be_visible()
    page.locator("[data-tab=prints]").press("Enter")
    expect(page.locator("#panel-prints")).to_contain_text("torch.Size([16, 10])")
    page.locator("[data-tab=steps]").hover()  # a tab under the pointer does not look like the open one
    lines = [page.locator(f"[data-tab={tab}]") for tab in ("steps", "prints")]
    colours = {tab.evaluate("tab => getComputedStyle(tab).borderBottomColor") for tab in lines}
    assert len(colours) == 2
    page.locator(".code-page textarea").focus()
    page.keyboard.press("Control+z")
    assert "nn.Linear(8 * 14 * 14, 10)" in page.locator(".code-page textarea").input_value()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_tabs_of_a_program_that_breaks_stand_in_one_row_on_a_phone(
    visit: Callable[..., Page], own: str, language: str
) -> None:
    page = open_page(visit, own, language, width=390)
    write(page, "raise NotImplementedError('not yet')")
    page.locator("button.run").click()
    finished(page)
    expect(page.locator(".card.error")).to_contain_text("NotImplementedError")
    tops = page.locator(".code-page [role=tab]").evaluate_all("tabs => tabs.map((tab) => tab.offsetTop)")
    assert len(tops) == 5 and len(set(tops)) == 1


def test_tab_indents_and_after_escape_it_leaves(visit: Callable[..., Page], own: str) -> None:
    page = open_page(visit, own)
    write(page, "")
    area = page.locator(".code-page textarea")
    area.focus()
    page.keyboard.type("if x:\npass")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("y")
    page.keyboard.press("Tab")
    assert area.input_value() == "if x:\n    pass\ny   "
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(area).not_to_be_focused()


def test_an_endless_loop_says_where_it_is_and_stops(visit: Callable[..., Page], own: str) -> None:
    page = open_page(visit, own)
    write(page, "print('begun')\nn = 0\nwhile True:\n    n += 1\n")
    page.locator("button.run").click()
    expect(page.locator(".prints")).to_contain_text("begun", timeout=90_000)
    page.locator("button.stop").click()
    finished(page)
    expect(page.locator(".note").first).to_contain_text("You stopped the program in line")


def test_a_file_is_opened_and_markup_in_it_stays_text(visit: Callable[..., Page], own: str, tmp_path: Path) -> None:
    page = open_page(visit, own)
    file = tmp_path / "mine.py"
    file.write_text("print('<img src=x onerror=alert(1)> 中文')\r\n", encoding="utf-8")
    page.locator(".file input").set_input_files(file)
    expect(page.locator(".code-page textarea")).to_have_value("print('<img src=x onerror=alert(1)> 中文')\n")
    page.locator("button.run").click()
    finished(page)
    assert page.locator(".prints").inner_text().strip() == "<img src=x onerror=alert(1)> 中文"
    assert page.locator(".code-page img").count() == 0


def test_a_module_alone_runs_again_with_another_shape(visit: Callable[..., Page], own: str) -> None:
    page = open_page(visit, own)
    write(page, (Path(__file__).parents[1] / "script" / "programs" / "healthy" / "module_alone.py").read_text())
    page.locator("button.run").click()
    finished(page)
    field = page.locator("input.shape")
    expect(field).to_have_value("2, 1, 28, 28")
    field.fill("5, 1, 28, 28")
    page.keyboard.press("Enter")
    page.wait_for_selector(".code-page:not([data-state=done])")
    finished(page)
    expect(field).to_have_value("5, 1, 28, 28")


@pytest.mark.parametrize(
    ("language", "leaf", "by_hand"),
    [("en", "This gradient is added to", "by hand"), ("zh", "这个梯度加到", "手算")],
)
def test_the_steps_are_walked_by_keyboard_to_a_cells_arithmetic_and_the_backward_pass(
    visit: Callable[..., Page], own: str, language: str, leaf: str, by_hand: str
) -> None:
    page = visit(f"your_code?token={SECRET}&your_code_program=lenet", 390, 844, language=language, at=own)
    page.wait_for_selector(".code-page[data-state]")
    page.locator(".code-page textarea").focus()
    page.keyboard.press("Control+Enter")
    finished(page)
    page.locator(".moments").focus()
    while page.locator(".what h3").inner_text() != "conv2d":
        page.keyboard.press("ArrowRight")
    page.locator(".what canvas.opens").last.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    opening = page.locator(".opening")
    expect(opening.locator(".answer")).to_contain_text(by_hand, timeout=30_000)
    expect(opening.locator("h4")).to_contain_text("conv2d[0, 0, 1, 0] = ")
    assert float(opening.locator(".hand").inner_text().replace("\u2212", "-")) == pytest.approx(
        float(opening.locator(".torch").inner_text().replace("\u2212", "-")), rel=1e-4, abs=1e-6
    )
    page.locator(".moments").focus()
    for _ in range(120):
        page.keyboard.press("ArrowRight")
        if page.locator(".what.back", has_text=leaf).count():
            break
    assert page.locator(".what.back h3").inner_text().startswith("torch::autograd::AccumulateGrad")
    assert page.locator(".row.lit").count() == 1
    assert page.locator(".variable").count() > 3
    page.locator("[data-tab=steps]").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("[data-tab=network]").get_attribute("aria-selected") == "true"
    stage = page.locator(".network-frame .stage")
    for n, words in enumerate(("conv1 conv2d", "conv1 conv2d", "conv1")):  # values, gradients, weights of one place
        stage.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        expect(page.locator(".network-frame .said")).to_contain_text(words)
        page.locator(".networks [aria-pressed]").nth((n + 1) % 3).press("Enter")
    page.locator("[data-tab=network]").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("[data-tab=curves]").get_attribute("aria-selected") == "true"
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth + 1"), "nothing is wider than a phone"


@pytest.mark.parametrize(
    ("language", "link", "breaks"),
    [
        ("en", "Open in Your code", "# it breaks here: RuntimeError"),
        ("zh", "在“你的代码”中打开", "# 程序在这里出错：RuntimeError"),
    ],
)
def test_a_program_of_the_library_opens_and_its_run_is_downloaded(
    visit: Callable[..., Page], own: str, language: str, link: str, breaks: str
) -> None:
    page = open_page(visit, own, language)
    page.goto(f"{own}/what_goes_wrong?what_goes_wrong_entry=01_in_features")
    page.get_by_role("link", name=link).click()
    expect(page.locator(".code-page textarea")).to_have_value(entries()["01_in_features"].program)
    page.locator(".code-page textarea").focus()
    page.keyboard.press("Control+Enter")
    finished(page)
    contents = {}
    for key in ("your_code_html", "your_code_annotated"):
        with page.expect_download() as download:
            page.locator(f".st-key-{key} button").click()
        contents[download.value.suggested_filename] = Path(download.value.path()).read_text(encoding="utf-8")
    assert contents["run.html"].startswith("<!doctype html>") and f'lang="{language}"' in contents["run.html"]
    assert breaks in contents["program.py"]
    assert not any(SECRET in text for text in contents.values())


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "are in no optimizer, so they never change"), ("zh", "却不在任何优化器里")],
)
def test_by_keyboard_a_finding_leads_to_its_line_and_another_network_is_chosen(
    visit: Callable[..., Page], own: str, language: str, words: str
) -> None:
    page = open_page(visit, own, language)
    program = entries()["31_decoder_left_out"].program
    write(page, program)
    page.locator(".code-page textarea").focus()
    page.keyboard.press("Control+Enter")
    finished(page)
    card = page.locator(".card.finding[data-key=not_in_optimizer]")
    expect(card).to_contain_text(words)
    expect(card).to_contain_text("decoder.weight, decoder.bias")
    tab = page.locator("[role=tab][aria-selected=true]")
    tab.focus()
    assert tab.get_attribute("data-tab") == "result"
    page.keyboard.press("Tab")  # into the panel, to the first thing that can be pressed there
    link = card.locator(".line-link")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    line = program.splitlines().index("    optimizer.step()")
    before = "area => area.value.slice(0, area.selectionStart).split('\\n').length - 1"
    assert page.locator(".code-page textarea").evaluate(before) == line
    tab.focus()
    while page.locator("[data-tab=network]").get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowRight")
    choice = page.locator(".networks select")
    page.keyboard.press("Tab")
    expect(choice).to_be_focused()
    assert "encoder" in choice.locator("option:checked").inner_text()
    page.keyboard.press("ArrowDown")
    assert "decoder" in choice.locator("option:checked").inner_text()
    expect(choice).to_be_focused()
    stage = page.locator(".network-frame .stage")
    stage.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".network-frame .said")).not_to_be_empty()
