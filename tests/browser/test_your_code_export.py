"""A run that is opened from disk: nothing is requested, it steps both ways, and its text stays text."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.script import html
from core.script.exported_cells import pack_cells
from core.script.payload import of_record
from core.script.run import Runner
from tests.browser import chromium as harness

pytestmark = pytest.mark.browser
LENET = Path(__file__).resolve().parents[2] / "core" / "script" / "examples" / "programs" / "lenet.py"
HOSTILE = """\
text = "</script><script>window.taken = 1</script><img src=x onerror='window.taken = 1'> ' \\" -->"
names = {"<b>": text}
print(text)
raise ValueError(text)
"""


def open_file(browser: Browser, file: Path, language: str, width: int) -> tuple[Page, list[str]]:
    context = harness.person(browser, "dark" if language == "zh" else "light", language)
    page, requests = context.new_page(), list[str]()
    page.on("request", lambda request: requests.append(request.url))
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(file.as_uri())
    page.wait_for_selector(".viewer")
    return page, requests


def test_a_run_opens_from_disk_in_both_languages_and_is_walked(browser: Browser, tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.py"
    hostile.write_text(HOSTILE, encoding="utf-8")
    runner = Runner()
    try:
        records = {path: runner.run(path) for path in (LENET, hostile)}
    finally:
        runner.close()
    data = {path: of_record(record, path.read_text(encoding="utf-8")) for path, record in records.items()}
    cells = pack_cells(records[LENET].calls, records[LENET].gradients, "en")
    file = tmp_path / "run.html"
    for language, width, words in (("en", 1280, "Steps"), ("zh", 390, "步骤")):
        file.write_text(html.page(data[LENET], language, name="lenet.py", cells=cells), encoding="utf-8")
        page, requests = open_file(browser, file, language, width)
        expect(page.locator("[data-tab=steps]")).to_have_text(words)
        slider, where = page.locator(".moments"), page.locator(".where")
        slider.press("ArrowRight")  # from the first line to the first operation
        first, texts = where.inner_text(), list[str]()
        for _ in range(12):
            page.keyboard.press("ArrowRight")
            texts.append(where.inner_text())
        assert len({first, *texts}) == 13
        for before in [*texts[-2::-1], first]:
            page.keyboard.press("ArrowLeft")
            assert where.inner_text() == before
        assert page.locator(".row.lit").count() == 1
        for kind in (".what:not(.back)", ".what.back"):  # a value's cell, then a gradient's, by keyboard
            grid = page.locator(f"{kind} canvas.opens, {kind} .cells button").first
            for _ in range(300):
                if grid.count():
                    break
                slider.press("ArrowRight")
            grid.press("ArrowRight")
            page.keyboard.press("Enter")
            expect(page.locator(".opening h4")).to_be_visible()
            expect(page.locator(".opening .note").first).to_be_visible()
        expect(page.locator(".opening")).not_to_contain_text("opening …")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is wider than a phone"
        assert [url for url in requests if not url.startswith("data:text/javascript")] == [file.as_uri()]
        page.context.close()
    file.write_text(html.page(data[hostile], "en", name="</title>"), encoding="utf-8")
    page, requests = open_file(browser, file, "en", 1280)
    text = HOSTILE.split('"', 1)[1].rsplit('"', 1)[0].replace('\\"', '"')
    text = text.split("\n")[0].rstrip('"')
    expect(page.locator(".card.error .message")).to_have_text(text)
    assert page.locator("textarea").input_value() == HOSTILE
    page.locator("[data-tab=prints]").press("Enter")
    assert page.locator("#panel-prints").inner_text().strip() == text
    assert page.evaluate("window.taken") is None and page.locator("img, b:has-text('<b>')").count() == 0
    assert [url for url in requests if not url.startswith("data:text/javascript")] == [file.as_uri()]
    page.context.close()
