"""An experiment in a real browser: 3 learning rates with 3 seeds each, from the question to the report."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from core.experiments import group
from core.training.run_folder import run_ids
from pages.shared.lessons import LESSONS
from tests.browser import chromium as harness
from tests.browser import reader

pytestmark = [pytest.mark.browser, pytest.mark.long]


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
    with page.expect_download() as found:
        main.get_by_role("button", name="Report as HTML").click()
    report = found.value.path().read_text(encoding="utf-8")
    assert "A larger learning rate learns more" in report and "Learning rate 0.5" in report
    harness.no_traceback(page)
    chinese = visit(f"experiments?experiments_shown={experiment.id}", language="zh")
    expect(chinese.get_by_text("9 次训练中 9 次已结束。")).to_be_visible()
    expect(chinese.get_by_text("这些训练说明了什么")).to_be_visible()
    harness.no_traceback(chinese)
    main.get_by_role("link", name="Open on the page Train").click()
    expect(page.get_by_text("Finished: after epoch 1")).to_be_visible()
    assert experiment.id in page.url
