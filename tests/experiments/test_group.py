"""Groups: a record and ordinary runs; whatever ends the server, no member is lost and none is made twice."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.errors import InvalidSetting
from core.experiments import group
from core.experiments.group import Experiment
from core.experiments.plan import Axis, Plan
from core.experiments.results import DELETED, bands, outcomes, states
from core.training import run_folder
from core.training.config import TrainConfig
from core.training.files import Lock
from core.training.jobs import Jobs
from core.training.run_folder import RunFolder
from core.training.status import QUEUE_LOCK, WORKER_LOCK, Status, write_status
from tests.experiments.immediate_runs import Immediate

BASE = TrainConfig(dataset="digits", epochs=1, threads=1, batch_size=256)
PLAN = Plan(BASE, (Axis("learning_rate", (0.01, 0.1)),), seeds=2, hypothesis="the larger rate learns more")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    """An experiment whose four runs are over."""
    root = tmp_path_factory.mktemp("runs")
    experiment = group.create(root, PLAN)
    assert group.advance(experiment, Immediate(root)) is None
    return experiment


def test_the_members_are_ordinary_runs_with_the_plans_settings(finished: Experiment) -> None:
    by_id = {run.id: run for run in run_folder.list_runs(finished.root)}
    assert len(by_id) == 4
    for member in PLAN.members():
        run = by_id[finished.run_id(member)]
        assert run.config == member.config
        assert run.status.state == "finished"
        assert f"seed {member.config.seed}" in run.name
    assert group.is_over(finished)


def test_the_record_comes_back_and_is_no_run(finished: Experiment) -> None:
    now = replace(finished, begun=4)
    assert group.load(finished.root, finished.id) == now
    assert group.list_experiments(finished.root) == [now]
    assert len(run_folder.run_ids(finished.root)) == 4


def test_results_and_lines_are_those_of_the_runs(finished: Experiment) -> None:
    all_outcomes = outcomes(finished)
    assert [outcome.values for outcome in all_outcomes] == [(0.01,), (0.1,)]
    for outcome in all_outcomes:
        runs = [RunFolder(finished.root, result.run) for result in outcome.results]
        accuracies = [run.tests()[-1].accuracy for run in runs]
        assert outcome.accuracies == accuracies
        assert outcome.mean == sum(accuracies) / 2
    for quantity in ("accuracy", "loss", "training"):
        for band in bands(finished.root, all_outcomes, quantity):
            assert (band.low <= band.mean).all() and (band.mean <= band.high).all()
            assert band.seeds == 2 and band.x[-1] == 1437
    band = bands(finished.root, all_outcomes, "accuracy")[1]
    assert band.mean[-1] == pytest.approx(all_outcomes[1].mean)
    assert (band.low[-1], band.high[-1]) == (min(all_outcomes[1].accuracies), max(all_outcomes[1].accuracies))


def test_what_a_limit_refuses_is_started_by_a_later_call_and_nothing_twice(tmp_path: Path) -> None:
    experiment = group.create(tmp_path, PLAN)
    jobs = Immediate(tmp_path, most=3)
    assert str(group.advance(experiment, jobs)) == "the limit"
    assert not group.is_over(experiment)
    again = Immediate(tmp_path)  # a restart: the server knows nothing any more
    assert group.advance(experiment, again) is None
    assert group.advance(experiment, again) is None
    assert [*jobs.run_ids, *again.run_ids] == [experiment.run_id(member) for member in PLAN.members()]


def test_a_run_that_is_there_already_is_not_made_again(finished: Experiment) -> None:
    member = PLAN.members()[0]
    with pytest.raises(InvalidSetting, match="already"):
        run_folder.create(finished.root, member.config, "", finished.run_id(member))


@pytest.mark.parametrize("name", ["", "../x", "20261126-174500-ab12cd34", "a" * 200])
def test_an_experiment_that_is_not_there_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match="no experiment"):
        group.load(tmp_path, name)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"plan": 1, "created": 2, "wanted": "run"}', b"\xff"])
def test_a_damaged_record_is_no_experiment(content: bytes, tmp_path: Path) -> None:
    (tmp_path / f"20261126-174500-ab12cd34{group.ENDING}").write_bytes(content)
    assert group.list_experiments(tmp_path) == []


@pytest.mark.parametrize("damage", [{"created": 1e12}, {"created": math.nan}, {"begun": math.inf}])
def test_numbers_that_no_record_has_are_no_experiment(damage: dict[str, float], tmp_path: Path) -> None:
    experiment = group.create(tmp_path, PLAN)
    file = tmp_path / f"{experiment.id}{group.ENDING}"
    file.write_text(json.dumps(json.loads(file.read_bytes()) | damage), encoding="utf-8")
    assert group.list_experiments(tmp_path) == []


def test_a_run_that_was_deleted_is_not_trained_again_by_a_look_at_the_page(tmp_path: Path) -> None:
    experiment, jobs = group.create(tmp_path, PLAN), Immediate(tmp_path)
    group.advance(experiment, jobs)
    Jobs(tmp_path, standby=False).delete(jobs.run_ids[1])
    again = Immediate(tmp_path)
    assert group.advance(experiment, again) is None and again.run_ids == []
    now = group.load(tmp_path, experiment.id)
    assert group.is_over(now)
    assert states(now, outcomes(now)).count(DELETED) == 1
    assert len(bands(tmp_path, outcomes(now), "accuracy")) == 2


@pytest.mark.parametrize("with_runs", [True, False])
def test_an_experiment_is_deleted_with_its_runs_or_without(with_runs: bool, tmp_path: Path) -> None:
    experiment, jobs = group.create(tmp_path, Plan(BASE, (), seeds=1)), Immediate(tmp_path)
    other = run_folder.create(tmp_path, BASE)
    group.advance(experiment, jobs)
    folder = tmp_path / jobs.run_ids[0]
    assert group.size(experiment) == sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) > 1000
    group.delete(experiment, jobs if with_runs else None)
    assert group.list_experiments(tmp_path) == []
    run_ids = {run.id for run in run_folder.list_runs(tmp_path)}
    assert run_ids == ({other.id} if with_runs else {other.id, *jobs.run_ids})
    with pytest.raises(InvalidSetting, match="no experiment"):
        group.delete(experiment, jobs)  # in another tab
    assert group.advance(experiment, jobs) is not None and len(jobs.run_ids) == 1


def test_a_run_that_cannot_be_deleted_leaves_the_experiment_and_starts_nothing(tmp_path: Path) -> None:
    experiment, jobs = group.create(tmp_path, PLAN), Immediate(tmp_path, most=2)
    group.advance(experiment, jobs)
    elsewhere = Lock(tmp_path / jobs.run_ids[1] / WORKER_LOCK)
    assert elsewhere.acquire()
    with pytest.raises(InvalidSetting, match="another Stepwise"):
        group.delete(experiment, jobs)
    elsewhere.release()
    experiment_after = group.load(tmp_path, experiment.id)
    assert experiment_after.wanted == "stop" and len(run_folder.run_ids(tmp_path)) == 1
    assert group.advance(experiment_after, Immediate(tmp_path)) is None and len(run_folder.run_ids(tmp_path)) == 1
    group.delete(experiment_after, jobs)
    assert run_folder.run_ids(tmp_path) == [] and group.list_experiments(tmp_path) == []


def test_a_name_stays_with_the_experiment_whatever_else_changes(tmp_path: Path) -> None:
    experiment, jobs = group.create(tmp_path, Plan(BASE, (), seeds=1)), Immediate(tmp_path)
    group.rename(experiment, "  my\nrates ")
    group.advance(experiment, jobs)
    group.stop(experiment, jobs)
    now = group.load(tmp_path, experiment.id)
    assert (now.name, now.wanted, now.begun) == ("my rates", "stop", 1)
    with pytest.raises(InvalidSetting, match="at least one character"):
        group.rename(experiment, "  ")


class Recorder(Jobs):
    """Notes what it is told, and a run that is told to pause or stop does so."""

    def __init__(self, root: Path, locks: dict[str, Lock]) -> None:
        super().__init__(root, standby=False)
        self.locks, self.commands = locks, []

    def command(self, run_id: str, do: str, value: float | None = None, owner: str = "") -> None:  # noqa: ARG002
        self.commands.append((run_id[-3:], do))
        if run_id in self.locks:
            self.locks.pop(run_id).release()
        write_status(self.root / run_id, Status(state={"pause": "paused", "stop": "stopped"}[do]))

    def resume(self, run_id: str, batches: Any = None, owner: str = "") -> None:  # noqa: ARG002
        self.commands.append((run_id[-3:], "resume"))

    def submit(self, config: TrainConfig, name: str = "", **options: Any) -> str:  # type: ignore[override]
        self.commands.append((options["run_id"][-3:], "submit"))
        return run_folder.create(self.root, config, name, options["run_id"]).id


@pytest.fixture
def mixed(tmp_path: Path) -> Iterator[tuple[Experiment, Recorder]]:
    """An experiment whose first run trains, whose second waits, whose third was stopped; the fourth is missing."""
    experiment = group.create(tmp_path, PLAN)
    locks: dict[str, Lock] = {}
    members = PLAN.members()
    for member, lock, state in zip(
        members, (WORKER_LOCK, QUEUE_LOCK, ""), ("running", "waiting", "stopped"), strict=False
    ):
        run = run_folder.create(tmp_path, member.config, "", experiment.run_id(member))
        write_status(run.path, Status(state=state))
        if lock:
            locks[run.id] = Lock(run.path / lock)
            assert locks[run.id].acquire()
    yield experiment, Recorder(tmp_path, locks)
    for lock in locks.values():
        lock.release()


def test_pause_takes_those_that_wait_first_and_then_nothing_is_started(
    mixed: tuple[Experiment, Recorder],
) -> None:
    experiment, jobs = mixed
    paused = group.pause(experiment, jobs)
    assert jobs.commands == [("001", "pause"), ("000", "pause")]
    assert group.load(experiment.root, experiment.id) == paused
    assert paused.wanted == "pause"
    assert group.advance(paused, jobs) is None  # a look at the page starts nothing
    assert len(jobs.commands) == 2


def test_stop_reaches_every_run_that_is_not_over(mixed: tuple[Experiment, Recorder]) -> None:
    experiment, jobs = mixed
    assert group.stop(experiment, jobs).wanted == "stop"
    assert jobs.commands == [("001", "stop"), ("000", "stop")]
    assert all(run is None or run.status.state == "stopped" for _member, run in experiment.runs())


def test_what_another_server_left_interrupted_goes_on_once(mixed: tuple[Experiment, Recorder]) -> None:
    experiment, jobs = mixed
    interrupted = [experiment.root / experiment.run_id(member) for member in PLAN.members()[:2]]
    for lock in jobs.locks.values():
        lock.release()
    write_status(interrupted[1], Status(state="interrupted", problem_message="the disk is full"))
    assert group.advance(experiment, jobs) is None
    assert jobs.commands == [("000", "resume"), ("003", "submit")]  # what failed and what was stopped is left alone
    jobs.commands.clear()
    for folder in interrupted:
        write_status(folder, Status(state="interrupted"))
    assert group.advance(experiment, jobs) is None
    assert jobs.commands == [("001", "resume")]  # the first did not last under this server: it waits for Resume
    another = Recorder(experiment.root, {})
    group.pause(experiment, another)
    assert group.advance(experiment, another) is None
    assert ("000", "resume") not in another.commands


def test_resume_goes_on_with_what_was_left_and_starts_what_is_missing(
    mixed: tuple[Experiment, Recorder],
) -> None:
    experiment, jobs = mixed
    group.stop(experiment, jobs)
    jobs.commands.clear()
    assert group.resume(experiment, jobs) is None
    assert jobs.commands == [("000", "resume"), ("001", "resume"), ("002", "resume"), ("003", "submit")]
    assert group.load(experiment.root, experiment.id).wanted == "run"
