"""Experiments and searches that are under way when a server is killed."""

from __future__ import annotations

import time
from pathlib import Path

from core import datasets
from core.experiments import group
from core.experiments.group import Experiment
from core.experiments.plan import Axis, Member, Plan
from core.experiments.proposals import Past, propose
from core.experiments.search import Range, Search
from core.training import checkpoint, events
from core.training.config import TrainConfig
from core.training.loop import new_state, train
from core.training.run_folder import RunFolder
from core.training.status import Status, write_status
from tests.experiments.immediate_runs import ImaginedJobs
from tests.training.comparing import digest

BASE = TrainConfig(dataset="digits", epochs=3, threads=1, batch_size=64, schedule="cosine")
PLAN = Plan(BASE, (Axis("learning_rate", (0.02, 0.1)),), seeds=1)

KNOWN = 11  # runs that have ended before: from ten on, the sampler learns from them
SEARCH = Search(BASE, (Range("learning_rate", 0.01, 0.5, log=True), Axis("optimizer", ("sgd", "adam"))), KNOWN + 3)


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
