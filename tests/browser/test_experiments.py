"""An experiment in a real browser: 3 learning rates with 3 seeds each, from the question to the report."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import fmean

import pytest
from playwright.sync_api import Locator, Page, expect

from core.experiments import group
from core.experiments.group import Experiment
from core.experiments.plan import Axis, Member, Plan
from core.experiments.results import Result, outcomes
from core.experiments.search import Range, Search
from core.training import run_folder
from core.training.config import TrainConfig
from core.training.jobs import Jobs
from core.training.run_folder import run_ids
from core.training.status import Status, write_status
from pages.shared.lessons import LESSONS
from tests.browser import chromium as harness
from tests.browser import contrast, first_screen, reader

pytestmark = [pytest.mark.browser, pytest.mark.long]


def lead_to_their_runs(page: Page, main: Locator, figure: str, results: list[Result]) -> None:
    """Press the points of the figure's last setting and see that each leads to its run."""
    points = main.locator(f".st-key-{figure} .scatterlayer .trace").nth(2).locator(".points path")
    expect(points).to_have_count(len(results))
    link = main.get_by_role("link", name="Open on the page Train")
    for number, result in enumerate(results):
        points.nth(number).scroll_into_view_if_needed()
        points.nth(number).click(force=True)  # plotly's own layer lies above and knows the point
        there = "|".join(each.run for each in results if each.accuracy == result.accuracy)  # one lies on the other
        expect(link).to_have_attribute("href", re.compile(there))
        reader.rest(page)


def test_three_rates_with_three_seeds_run_to_their_report(visit, runs_folder) -> None:
    page = visit("experiments?experiments_base_epochs=1&experiments_base_batch_size=256", language="en")
    expect(page.get_by_test_id("stSidebarNavLink")).to_have_count(len(LESSONS))  # none is hidden behind a button
    main = page.get_by_test_id("stMain")
    main.get_by_role("button", name="Start 9 runs").click()
    expect(main.get_by_text("9 of 9 runs have ended.")).to_be_visible(timeout=120_000)
    reader.rest(page)
    (experiment,) = group.list_experiments(runs_folder)
    assert group.is_over(experiment)
    assert len([name for name in run_ids(runs_folder) if name.startswith(experiment.id)]) == 9
    expect(main.get_by_text("What these runs show")).to_be_visible()
    assert main.get_by_role("listitem").count() == 2  # the best setting against each other one
    with page.expect_download() as download_info:
        main.get_by_role("button", name="Report as HTML").click()
    report = download_info.value.path().read_text(encoding="utf-8")
    assert "A larger rate learns more, until" in report and "Learning rate 0.05" in report
    assert "<td>Momentum</td>" in report
    assert "<td>Seed</td>" not in report and "<td>Learning rate</td>" not in report  # each run has its own
    phone = visit("experiments", width=390, height=844)
    phone.set_content(report)
    results = phone.locator("table").first
    assert results.evaluate("table => table.scrollWidth <= table.clientWidth")  # up to the accuracy
    harness.no_traceback(page)
    chinese = visit(f"experiments?experiments_shown={experiment.id}", language="zh")
    expect(chinese.get_by_text("9 次训练中 9 次已结束。")).to_be_visible()
    expect(chinese.get_by_text("这些训练说明了什么")).to_be_visible()
    with chinese.expect_download() as chinese_info:
        chinese.get_by_role("button", name="HTML 报告").click()
    report = chinese_info.value.path().read_text(encoding="utf-8")
    assert '<html lang="zh' in report and "学习率 0.05" in report and "final test accuracy" not in report
    harness.no_traceback(chinese)
    largest = outcomes(experiment)[-1]
    lead_to_their_runs(page, main, "experiments_final", list(largest.results))
    main.get_by_role("link", name="Open on the page Train").click()
    expect(page.get_by_text("Finished: after epoch 1")).to_be_visible()
    assert any(result.run in page.url for result in largest.results)
    chinese.get_by_role("button", name="删除…").click()
    expect(chinese.get_by_text("它的 9 次训练连同历史和检查点将被永久删除")).to_be_visible()
    chinese.get_by_role("button", name="删除实验和它的训练").click()
    expect(chinese.get_by_role("button", name="开始 9 次训练")).to_be_visible()  # the form for a new one
    assert group.list_experiments(runs_folder) == []
    assert not [name for name in run_ids(runs_folder) if name.startswith(experiment.id)]


def finished(root: Path, plan: Plan | Search, members: list[Member]) -> Experiment:
    """Leave an experiment on the disk whose runs have ended, the later the better."""
    experiment = group.create(root, plan)
    for member in members:
        run_folder.create(root, member.config, run_id=experiment.run_id(member))
        accuracy = 0.5 + member.index / 20
        write_status(root / experiment.run_id(member), Status(state="finished", accuracy=accuracy))
    return experiment


def opens_its_run(page: Page, points: Locator, run: str, number: int) -> None:
    """Press that point and see that the page offers its run."""
    points.nth(number).scroll_into_view_if_needed()
    points.nth(number).click(force=True)  # plotly's own layer lies above and knows the point
    link = page.get_by_test_id("stMain").get_by_role("link", name="Open on the page Train")
    expect(link).to_have_attribute("href", re.compile(run))
    reader.rest(page)


def follows_the_theme(page: Page, report: str) -> None:
    """See that a report is dark where the browser is, on paper never, and that all of it can be read."""
    page.set_content(report)
    page.wait_for_selector(".js-plotly-plot .xtick text")
    grounds = []
    for media, theme in (("screen", "light"), ("screen", "dark"), ("print", "dark")):
        page.emulate_media(media=media, color_scheme=theme)  # type: ignore[arg-type]
        words = page.locator("li, td, th, .xtick text, .ytick text, .xtitle, .annotation-text, .legendtext")
        assert words.evaluate_all(contrast.LEAST) >= contrast.ENOUGH, (media, theme)
        grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds[0] == grounds[2] != grounds[1]
    behind = "(each) => Math.max(...each.map((rect) => getComputedStyle(rect).fillOpacity))"
    assert page.locator(".js-plotly-plot .bg").evaluate_all(behind) == 0  # the page's ground is a figure's too


def test_a_result_stands_on_the_first_screen_and_each_of_its_points_opens_its_run(visit, runs_folder) -> None:
    axes = (Axis("learning_rate", (0.01, 0.1)), Axis("momentum", (0.0, 0.9)), Axis("batch_size", (64, 256)))
    plan = Plan(TrainConfig(dataset="digits", epochs=1), axes, seeds=1)
    grid = finished(runs_folder, plan, list(plan.members()))
    search = Search(plan.base, (Range("learning_rate", 0.01, 0.5, log=True), Range("momentum", 0.1, 0.9)), runs=5)
    proposals = [search.member(n, (0.02 + 0.08 * n, 0.2 + 0.1 * n)) for n in range(search.runs)]
    search_experiment = finished(runs_folder, search, proposals)
    try:
        page = visit(f"experiments?experiments_shown={grid.id}")
        points = page.locator(".st-key-experiments_parallel .scatterlayer .trace .points path")
        expect(points).to_have_count(8 * 4)  # a line for each run, over three settings and the accuracy
        opens_its_run(page, points, grid.run_id(plan.members()[5]), 5 * 4 + 1)
        accuracies = {member.values: 0.5 + member.index / 20 for member in plan.members()}
        cells = [(rate, momentum) for rate in axes[0].values for momentum in axes[1].values]
        means = [fmean(each for values, each in accuracies.items() if values[:2] == cell) for cell in cells]
        heat = page.locator(".st-key-experiments_heat .heatmap-label text")
        expect(heat).to_have_text([f"{mean:.1%}" for mean in means])
        ends = page.locator(".st-key-experiments_parallel .annotation-text")
        expect(ends.filter(has_text="%")).to_have_text([f"{each:.1%}" for each in (0.5, 0.85)])
        with page.expect_download() as download_info:
            page.get_by_role("button", name="Report as HTML").click()
        report = download_info.value.path().read_text(encoding="utf-8")
        assert "Mean accuracy over two settings" in report
        assert "Each combination as a line to its accuracy" in report
        follows_the_theme(visit("experiments", theme="light"), report)
        first_screen.shows(page, ".st-key-experiments_lines", ".st-key-experiments_new button")
        page = visit(f"experiments?experiments_shown={search_experiment.id}")
        points = page.locator(".st-key-experiments_search .scatterlayer .trace .points path")
        expect(points).to_have_count(3 * search.runs)  # over the run's number, and over both settings
        for number in (2, search.runs + 3):
            opens_its_run(page, points, search_experiment.run_id(proposals[number % search.runs]), number)
        first_screen.shows(page, ".st-key-experiments_search", ".st-key-experiments_new button")
        page.locator(".st-key-experiments_new button").click()
        expect(page.get_by_role("button", name="Start 9 runs")).to_be_visible()
        first_screen.shows(page, "", "[data-testid=stBaseButton-primary]")
        page.set_viewport_size({"width": 1280, "height": 800})
        cost = page.locator(".st-key-experiments_cost")
        expect(cost).to_contain_text("at once: about")
        reader.rest(page)
        box = cost.bounding_box()
        assert box and box["y"] > 0 and box["y"] + box["height"] <= 800, box
        harness.no_traceback(page)
    finally:
        for experiment in (grid, search_experiment):
            group.delete(experiment, Jobs(runs_folder, standby=False))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_search_of_three_settings_is_started_from_the_first_screen(visit, language: str) -> None:
    settings = ("learning_rate", "momentum", "weight_decay")
    form = (
        f"experiments?experiments_shown=new&experiments_way=search&experiments_search_settings={','.join(settings)}"
    )
    page = visit(form, language=language)
    for setting in settings:
        row = page.locator(f".st-key-experiments_search_range_{setting}")
        expect(row.get_by_role("textbox")).to_have_count(2)
    first_screen.shows(page, "", ".st-key-experiments_start button")
    places = [reader.place(field) for field in row.get_by_role("textbox").all()]  # on a phone now
    assert places[0]["y"] == places[1]["y"] and places[0]["x"] + places[0]["width"] < places[1]["x"]


@pytest.mark.parametrize("way", ["grid", "search"])
def test_a_long_hypothesis_is_read_whole_on_a_phone(visit, way: str) -> None:
    page = visit(f"experiments?experiments_shown=new&experiments_way={way}", width=390, height=844, touch=True)
    field = page.get_by_test_id("stMain").get_by_role("textbox", name="Hypothesis")
    field.fill("What one expects of a setting takes a sentence or two, and all of it is read. " * 5)
    page.wait_for_function(
        "(field) => field.scrollHeight <= field.clientHeight + 1 && field.scrollWidth <= field.clientWidth",
        arg=field.element_handle(),
    )
    harness.no_traceback(page)


def test_the_range_test_in_chinese_adds_its_suggestion_on_a_phone(visit) -> None:
    page = visit("experiments?experiments_shown=new", language="zh", width=390, height=844, touch=True)
    main = page.get_by_test_id("stMain")
    main.get_by_role("button", name="运行范围测试").tap()
    add = main.get_by_role("button", name=re.compile("^把 .* 加入取值$"))
    expect(add).to_be_visible()
    rate = add.inner_text().split()[1]
    expect(main.get_by_text(f"学习率为 {rate} 时损失下降最快。")).to_be_visible()
    expect(main.locator(".st-key-experiments_range_curve .main-svg").first).to_be_visible()
    add.tap()
    expect(main.get_by_role("textbox", name="学习率")).to_have_value(re.compile(f", {re.escape(rate)}$"))
    harness.no_traceback(page)
