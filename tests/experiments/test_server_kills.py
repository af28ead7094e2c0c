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

from core import datasets
from core.experiments import group
from core.experiments.group import Experiment
from core.experiments.plan import Axis, Member, Plan
from core.experiments.proposals import Past, propose
from core.experiments.results import outcomes
from core.experiments.search import Range, Search
from core.settings import PROJECT
from core.training import checkpoint, events
from core.training.config import TrainConfig
from core.training.loop import new_state, train
from core.training.run_folder import RunFolder, run_ids
from core.training.status import Status, write_status
from tests.experiments.test_search import ImaginedJobs
from tests.training.test_checkpoint import digest

BASE = TrainConfig(dataset="digits", epochs=3, threads=1, batch_size=64, schedule="cosine")
PLAN = Plan(BASE, (Axis("learning_rate", (0.02, 0.1)),), seeds=1)
KNOWN = 11  # runs that have ended before: from ten on, the sampler learns from them
SEARCH = Search(BASE, (Range("learning_rate", 0.01, 0.5, log=True), Axis("optimizer", ("sgd", "adam"))), KNOWN + 3)
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
PATIENCE = 300.0  # seconds


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


def search_under_way(root: Path) -> tuple[Experiment, list[Past]]:
    """Make a search whose first runs have ended, with accuracies that prefer a rate near 0.1."""
    experiment, past = group.create(root, SEARCH), list[Past]()
    for number in range(KNOWN):
        usable = [
            (values, accuracy if n < SEARCH.results_needed(number) else None)
            for n, (values, accuracy) in enumerate(past)
        ]
        values = propose(SEARCH, number, usable)
        past.append((values, 1 - abs(values[0] - 0.1)))
        member = SEARCH.member(number, values)
        ImaginedJobs(root).submit(member.config, run_id=experiment.run_id(member))
        write_status(root / experiment.run_id(member), Status(state="finished", accuracy=past[-1][1]))
    return experiment, past


def trains(experiments: list[Experiment], step: int) -> bool:
    """Whether a run of each experiment that is not over is past ``step``."""
    going = [each for each in experiments if not group.is_over(each)]
    return all(
        any(run is not None and run.status.state == "running" and run.status.step > step for _m, run in each.runs())
        for each in going
    )


def wait(until: float) -> None:
    assert time.monotonic() < until, "waited in vain"
    time.sleep(0.02)


def alone(root: Path, experiment: Experiment, member: Member) -> float:
    """Train the run in this process; fail unless its events and last state are the same; return its accuracy."""
    run, state = RunFolder(root, experiment.run_id(member)), new_state(member.config)
    expected = list(train(member.config, datasets.load("digits"), state))
    assert [event for _number, event in run.events(limit=10**6)] == expected
    last = checkpoint.load(run.checkpoint(f"epoch-{BASE.epochs}").path)
    assert digest(checkpoint.restore(member.config, last)) == digest(state)
    return next(event.accuracy for event in reversed(expected) if isinstance(event, events.Tested))


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
