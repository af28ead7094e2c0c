"""A server is killed with its experiments under way, and started again: they end as if nothing had happened."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from core.experiments import group
from core.experiments.proposals import propose
from core.experiments.results import outcomes
from core.settings import PROJECT
from core.training.run_folder import run_ids
from tests.experiments.under_way import KNOWN, PATIENCE, PLAN, SEARCH, alone, search_under_way, trains, wait

SERVER = """
import time
from core.experiments import group
from pages.shared.jobs import jobs
door = jobs()
while True:
    for experiment in group.list_experiments(door.root):
        group.resume(experiment, door)  # what a press of Resume does
    time.sleep(0.2)
"""


class Server:
    """A process that starts the runs of a folder, as the app does when a reader presses Resume."""

    def __init__(self, root: Path) -> None:
        environment = {**os.environ, "STEPWISE_RUNS": str(root)}
        self.process = subprocess.Popen([sys.executable, "-c", SERVER], cwd=PROJECT, env=environment)

    def kill(self, workers: bool) -> None:
        """End it at once; with ``workers`` these too, else each of them sees that nobody is there any more."""
        result = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True)
        self.process.kill()
        self.process.wait()
        for child in result.stdout.split() if workers else ():
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)


@pytest.mark.long
@pytest.mark.timeout(400)
@pytest.mark.skipif(importlib.util.find_spec("optuna") is None, reason="Optuna is in requirements-search.txt only")
def test_a_sweep_and_a_search_survive_kills_of_their_server(tmp_path: Path) -> None:
    search, past = search_under_way(tmp_path)
    both = [group.create(tmp_path, PLAN), search]
    server, until = Server(tmp_path), time.monotonic() + PATIENCE
    try:
        for step, workers in ((10, False), (40, True)):
            while not trains(both, step):
                wait(until)
            server.kill(workers)
            while any(
                run is not None and run.status.state == "running" for each in both for _m, run in each.runs()
            ):
                wait(until)  # a worker without a server saves and goes
            assert not group.is_over(search)
            server = Server(tmp_path)
        while not all(map(group.is_over, both)):
            wait(until)
    finally:
        server.kill(workers=True)
    assert len(run_ids(tmp_path)) == len(PLAN.members()) + SEARCH.runs
    for each in both:
        assert [outcome.results[0].state for outcome in outcomes(each)] == ["finished"] * each.plan.count
    for member in PLAN.members():
        alone(tmp_path, both[0], member)
    for number in range(KNOWN, SEARCH.runs):
        usable = [
            (values, accuracy if n < SEARCH.results_needed(number) else None)
            for n, (values, accuracy) in enumerate(past)
        ]
        member = SEARCH.member(number, propose(SEARCH, number, usable))
        assert search.runs()[number][0] == member  # what it was told is what it would have been told
        past.append((member.values, alone(tmp_path, search, member)))
