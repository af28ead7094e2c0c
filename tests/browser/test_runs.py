"""What you can export from a run and import, in a real browser: files, whole runs, checkpoints, lineage."""

from __future__ import annotations

import csv
import io
import queue
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Page, expect

from core.figures import palette
from core.networks import tutorials
from core.training import run_folder
from core.training.config import TrainConfig
from core.training.run_controller import RunController
from core.training.run_folder import RunFolder
from tests.browser import chromium as harness
from tests.browser import contrast, first_screen, reader
from tests.browser.buttons import press, state

pytestmark = [pytest.mark.browser, pytest.mark.long]
Visit = Callable[..., Page]


def trained(root: Path, name: str, *commands: str) -> RunFolder:
    """Train a small run in this process, obeying ``commands`` after its first batch."""
    requests: queue.SimpleQueue = queue.SimpleQueue()
    for command in commands:
        requests.put({"do": command})
    run = run_folder.create(root, TrainConfig(dataset="digits", epochs=1, threads=1, batch_size=256), name)
    RunController(run.path, requests, lambda **_message: None).run()
    return run


@pytest.fixture(scope="module")
def parent(runs_folder: Path) -> RunFolder:
    """A finished run among those of the server."""
    return trained(runs_folder, "the parent")


def downloaded(page: Page, name: str) -> bytes:
    """Press a download button and return what came."""
    with page.expect_download() as download_info:
        page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True).click()
    return download_info.value.path().read_bytes()


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def test_everything_that_can_be_exported_is_what_it_says(visit: Visit, parent: RunFolder) -> None:
    page = visit(f"train?run={parent.id}")
    tab(page, "Checkpoints")
    net = tutorials.MnistNet()
    net.load_state_dict(torch.load(io.BytesIO(downloaded(page, "model.pth")), weights_only=True))
    optimizer = torch.optim.SGD(net.parameters(), lr=1.0, momentum=0.5)
    optimizer.load_state_dict(torch.load(io.BytesIO(downloaded(page, "optimizer.pth")), weights_only=True))
    assert optimizer.param_groups[0]["lr"] == parent.config.learning_rate
    tab(page, "Export")
    lines = list(csv.reader(io.StringIO(downloaded(page, "Curves as CSV").decode())))
    assert len(lines) > parent.status().steps
    assert b"brain.Event" in downloaded(page, "TensorBoard event file")[:64]
    for view in ("Show accuracy", "Logarithmic"):
        page.get_by_text(view).click()
        harness.settle(page)
        assert len(downloaded(page, "Curves as CSV").splitlines()) == len(lines)  # it is not forgotten
    page.get_by_text("Show the code").click()
    expect(page.get_by_test_id("stCode")).to_contain_text("torch.manual_seed")
    tab(page, "After each test")
    expect(page.get_by_text("test images read right")).to_be_visible()
    for heading in ("Confusion matrix", "worst mistakes"):
        expect(page.get_by_test_id("stMain").get_by_text(heading).first).to_be_visible()
    harness.no_traceback(page)


def test_the_open_tab_is_in_the_address_and_stays_in_another_language(visit: Visit, parent: RunFolder) -> None:
    page = visit(f"train?run={parent.id}&train_tab=checkpoints", language="en")
    expect(page.get_by_role("tab", name="Checkpoints")).to_have_attribute("aria-selected", "true")
    tab(page, "The network")
    page.wait_for_url("**train_tab=network*")
    page.get_by_text("简体中文").click()
    expect(page.get_by_role("tab", name="网络")).to_have_attribute("aria-selected", "true")
    page.reload()
    expect(page.get_by_role("tab", name="网络")).to_have_attribute("aria-selected", "true")
    harness.no_traceback(page)


def test_a_run_deleted_meanwhile_is_missed_in_words(visit: Visit, runs_folder: Path) -> None:
    run = trained(runs_folder, "soon gone")
    page = visit(f"train?run={run.id}&train_tab=checkpoints")
    expect(page.get_by_role("button", name="Continue from here")).to_be_visible()
    run_folder.delete(runs_folder, run.id)  # the page hears of it: no press is needed
    expect(page.get_by_text("There is no such run any more")).to_be_visible()
    expect(page.get_by_test_id("stMain").get_by_role("button", name="Start", exact=True)).to_be_enabled()
    harness.no_traceback(page)


def test_a_whole_run_is_imported_again_and_files_of_weights_start_another(
    visit: Visit, parent: RunFolder, tmp_path: Path
) -> None:
    page = visit(f"runs?runs_compare={parent.id}")
    whole = tmp_path / "run.zip"
    whole.write_bytes(downloaded(page, "The whole run"))
    assert zipfile.is_zipfile(whole)
    count_before = len(run_folder.list_runs(parent.path.parent))
    page.get_by_text("Import a run").click()
    page.get_by_test_id("stMain").locator("input[type=file]").set_input_files(whole)
    press(page, "Import")
    expect(page.get_by_text("It is in the table now.")).to_be_visible()
    expect(page.get_by_text(f"of {count_before + 1} runs")).to_be_visible()
    reader.rest(page)
    page.get_by_test_id("stExpander").get_by_role("link", name="Open on the page Train").click()
    state(page, "finished")
    assert parent.id not in page.url

    model = tmp_path / "model.pth"
    model.write_bytes((parent.checkpoints()[-1].path / "model.pth").read_bytes())
    page = visit("train?run=new&train_dataset=digits&train_threads=1&train_epochs=1")
    page.get_by_text("Start from your own files").click()
    page.get_by_test_id("stMain").locator("input[type=file]").first.set_input_files(model)
    expect(page.locator("[data-testid^=stFileUploaderFile], [data-testid=stFileChip]").first).to_be_visible()
    harness.settle(page)
    press(page, "Start")
    state(page, "finished")
    learned = parent.tests()[-1].accuracy
    tab(page, "Checkpoints")
    expect(page.get_by_test_id("stMain").get_by_role("button", name="Continue from here")).to_be_visible()
    run = RunFolder(parent.path.parent, page.url.split("run=")[1].split("&")[0])
    assert run.tests()[0].accuracy == learned
    harness.no_traceback(page)


def test_an_interrupted_run_goes_on_with_one_press_and_a_child_knows_its_ancestors(
    visit: Visit, runs_folder: Path
) -> None:
    run = trained(runs_folder, "cut off", "leave")
    assert run.status().state == "interrupted"
    page = visit(f"train?run={run.id}")
    press(page, "Resume")
    state(page, "finished")
    tab(page, "Checkpoints")
    press(page, "Continue from here")
    press(page, "Start")
    state(page, "finished")
    child = page.url.split("run=")[1].split("&")[0]
    for number in range(3):  # as many as the table shows at once: the chart still begins on the first screen
        trained(runs_folder, f"another {number}")
    page = visit(f"runs?runs_compare={child},{run.id}")
    first_screen.shows(page, ".st-key-runs_first .live-chart-plot", ".st-key-runs_compare")
    expect(page.get_by_text("Lineage, the first ancestor first:")).to_be_visible()
    expect(page.get_by_test_id("stText").get_by_text("cut off →")).to_be_visible()
    page.wait_for_function("() => document.querySelector('.live-chart-plot')?.data?.length >= 2")
    harness.settle(page)
    page.get_by_label("Filter by words").fill(run.id)  # other tests leave runs in this folder, a diverged one too
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"^2 of \d+ runs"))).to_be_visible()  # the run and the child that names it
    reader.choose(page.get_by_role("combobox", name="State"), page.get_by_role("option", name="diverged"))
    expect(page.get_by_text(re.compile(r"^0 of \d+ runs"))).to_be_visible()
    harness.no_traceback(page)


def test_on_a_projector_the_table_of_runs_fits_and_what_does_not_fit_has_a_bar(
    visit: Visit, runs_folder: Path
) -> None:
    for epochs, rate in ((1, 0.01), (3, 0.1)):
        settings = TrainConfig(
            dataset="digits", epochs=epochs, batch_size=64 * epochs, learning_rate=rate, threads=1
        )
        run_folder.create(runs_folder, settings, f"on a projector {epochs}")
    page = visit("runs?runs_words=projector", width=1024, height=768)
    expect(page.get_by_text(re.compile("^2 of "))).to_be_visible()
    table = page.locator(".st-key-runs_table .dvn-scroller")
    reader.rest(page)
    assert table.evaluate("(table) => table.scrollWidth <= table.clientWidth")
    page.mouse.move(0, 0)  # without the pointer over it
    assert not table.evaluate("(table) => getComputedStyle(table).scrollbarColor").startswith("rgba(0, 0, 0, 0)")


def test_two_networks_read_the_same_drawing_side_by_side(visit: Visit, parent: RunFolder) -> None:
    code = f"{parent.id}:{parent.checkpoints()[-1].name}"
    page = visit(f"draw?draw_net=shipped&draw_other={code}")
    answers = page.locator("[data-answer]")
    expect(answers).to_have_count(2)
    expect(page.get_by_text("the parent · epoch-1").first).to_be_visible()
    certain = answers.first.inner_text()
    page.get_by_role("slider", name="Pen width").focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("stSliderThumbValue")).to_have_text("24")
    harness.settle(page)
    expect(answers.first).to_have_text(certain, use_inner_text=True)  # the pen's width does not decide the answer
    harness.no_traceback(page)


def test_where_the_chosen_network_cannot_be_read_the_pad_still_works(visit: Visit, runs_folder: Path) -> None:
    run = trained(runs_folder, "damaged")
    saved = run.checkpoints()[-1]
    (saved.path / "model.pth").write_bytes(b"no weights")
    page = visit(f"draw?draw_net={run.id}:{saved.name}")
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    harness.settle(page)
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    harness.no_traceback(page)


HEAT_MAP = """(plot) => ({
  scale: plot._fullData[0].colorscale.map(([, colour]) => colour),
  inks: [...new Set([...plot.querySelectorAll('.heatmap-label text')].map((text) => getComputedStyle(text).fill))],
})"""
MATRIX = ".st-key-train_confusion .live-chart-plot"


def colours(page: Page) -> tuple[list[tuple[float, float, float]], tuple[float, float, float]]:
    """The two ends of the confusion matrix's scale, and the one colour of its numbers; three channels each."""
    drawing = page.locator(MATRIX).evaluate(HEAT_MAP)
    (ink,) = (tuple(map(float, re.findall(r"\d+", each))) for each in drawing["inks"])
    return [tuple(int(each[at : at + 2], 16) for at in (1, 3, 5)) for each in drawing["scale"]], ink


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_mistake_has_the_colour_of_the_page_and_every_number_in_it_can_be_read(
    visit: Visit, parent: RunFolder, theme: str
) -> None:
    page = visit(f"train?run={parent.id}", theme=theme)
    page.locator(f"{MATRIX} .heatmap-label text").first.wait_for()
    (none, all_), ink = colours(page)
    assert palette.luminance(none) < 0.05 if theme == "dark" else palette.luminance(none) > 0.8
    for paper in (none, all_):
        low, high = sorted(palette.luminance(each) + 0.05 for each in (paper, ink))
        assert high / low >= contrast.ENOUGH


def test_the_confusion_matrix_is_square_at_any_width(visit: Visit, parent: RunFolder) -> None:
    page = visit(f"train?run={parent.id}")
    for width in (390, 1024, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(
            """(selector) => {
              const plot = document.querySelector(selector), size = plot?._fullLayout?._size;
              const cells = plot?.querySelector('.heatmaplayer image')?.getBoundingClientRect();
              return size && cells && Math.abs(plot._fullLayout.width - plot.clientWidth) < 2
                && Math.abs(cells.width / cells.height - 1) < 0.02
                && cells.width > 0.9 * Math.min(plot.clientWidth - size.l - size.r, 490);
            }""",
            arg=MATRIX,
        )


def test_a_table_is_no_wider_than_the_paper(visit: Visit, parent: RunFolder) -> None:
    page = visit(f"runs?runs_compare={parent.id}")
    table = page.locator(".st-key-runs_table")
    table.locator("canvas").first.wait_for()
    reader.rest(page)
    assert reader.place(table.locator("canvas").first)["width"] > 500
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    widths = table.evaluate(
        """(table) => {
          table.style.width = '240px';
          return [...table.querySelectorAll('canvas')].map((canvas) => canvas.getBoundingClientRect().width);
        }"""
    )
    assert widths and max(widths) <= 240
