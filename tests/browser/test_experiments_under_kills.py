"""The server of the page Experiments is killed with a sweep and a search under way, and started again."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.experiments import group
from core.experiments.group import Experiment
from core.experiments.proposals import propose
from core.experiments.results import outcomes
from core.training.run_folder import run_ids
from tests.browser import chromium as harness
from tests.experiments.under_way import KNOWN, PLAN, SEARCH, alone, search_under_way, trains, wait

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(500)]
PATIENCE = 200.0  # seconds


def kill(process: subprocess.Popen[bytes], workers: bool) -> None:
    """End the server at once, and with ``workers`` all that it has started."""
    children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True)
    process.kill()
    process.wait()
    for child in children.stdout.split() if workers else ():
        with suppress(ProcessLookupError):
            os.kill(int(child), signal.SIGKILL)


def rests(experiments: list[Experiment]) -> bool:
    """Whether no run trains: a worker without a server saves and goes."""
    runs = [run for each in experiments for _member, run in each.runs()]
    return not any(run is not None and run.status.state == "running" for run in runs)


def goes_on(page: Page, ended: str) -> None:
    """See that the page has found the server again and follows the experiment to its end."""
    expect(page.get_by_test_id("stMain").get_by_text(ended)).to_be_visible(timeout=1000 * PATIENCE)
    harness.no_traceback(page)


@pytest.mark.skipif(importlib.util.find_spec("optuna") is None, reason="Optuna is in requirements-search.txt only")
def test_a_sweep_and_a_search_go_on_on_the_page_when_their_server_was_killed(
    browser: Browser, tmp_path: Path
) -> None:
    search, past = search_under_way(tmp_path)
    both = [group.create(tmp_path, PLAN), search]
    port, context = harness.free_port(), harness.person(browser)
    pages: list[Page] = []
    deadline = time.monotonic() + 2 * PATIENCE
    for step, workers in ((10, False), (40, True)):
        with harness.starting({"STEPWISE_RUNS": str(tmp_path)}, port=port) as (address, process):
            harness.wait_until_healthy(address, process)
            if not pages:  # later servers are found again by the tabs that are open
                pages = [harness.open_in(context, f"{address}/experiments?experiments_shown={e.id}") for e in both]
            while not trains(both, step):
                wait(deadline)
            kill(process, workers)
            while not rests(both):
                wait(deadline)
            assert not group.is_over(search)
    with harness.starting({"STEPWISE_RUNS": str(tmp_path)}, port=port) as (address, process):
        harness.wait_until_healthy(address, process)
        goes_on(pages[0], f"{PLAN.count} of {PLAN.count} runs have ended.")
        goes_on(pages[1], f"{SEARCH.runs} of {SEARCH.runs} runs have ended.")
    context.close()
    assert len(run_ids(tmp_path)) == PLAN.count + SEARCH.runs  # none is lost and none is there twice
    for each in both:
        assert [result.state for outcome in outcomes(each) for result in outcome.results] == (
            ["finished"] * each.plan.count
        )
    for member in PLAN.members():
        alone(tmp_path, both[0], member)
    for number in range(KNOWN, SEARCH.runs):
        usable = [
            (values, accuracy if n < SEARCH.results_needed(number) else None)
            for n, (values, accuracy) in enumerate(past)
        ]
        member = SEARCH.member(number, propose(SEARCH, number, usable))
        assert search.runs()[number][0] == member
        past.append((member.values, alone(tmp_path, search, member)))
