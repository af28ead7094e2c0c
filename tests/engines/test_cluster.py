"""The engine of several machines, over nodes in this process: each run is the run of one machine, bit for bit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core import datasets
from core.engines import cluster
from core.engines.cluster import Cluster
from core.errors import InvalidSetting
from core.training import checkpoint, checkpoint_writer, files, run_folder
from core.training.config import TrainConfig
from core.training.events import Batch, Paused, Started
from core.training.jobs import Jobs
from core.training.loop import new_state, train
from core.training.run_folder import RunFolder
from core.training.status import WORKER_LOCK
from tests.engines.fakes import InProcess, other_torch, released
from tests.training.comparing import digest
from tests.training.data import SMALL, tiny_dataset

pytestmark = pytest.mark.heavy  # its nodes train

DATA = tiny_dataset()
CONFIG = SMALL.with_(epochs=3)  # 4 batches an epoch, 12 in all
PATIENCE = 60.0  # seconds


def wait_for(what: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


@pytest.fixture(autouse=True)
def _tiny_and_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "load", lambda _name: DATA)
    monkeypatch.setattr(checkpoint_writer, "AUTO_SECONDS", 0.0)
    monkeypatch.setattr(checkpoint_writer, "AUTO_SHARE", 1e9)
    monkeypatch.setattr(files.os, "fsync", lambda _: None)  # no power cut is simulated here
    monkeypatch.setattr(cluster, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr("core.engines.node.GATHER", 0.005)
    monkeypatch.setattr("core.engines.node.TICK", 0.005)


class World:
    """A folder of runs and the cluster that trains them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.open: list[Cluster] = []

    def jobs(self, transport: InProcess) -> Jobs:
        engine = Cluster(transport)
        self.open.append(engine)
        wait_for(lambda: len(engine.nodes()) + len(engine.refused) == len(transport.there))
        return Jobs(self.root, pool=engine)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    new_world = World(tmp_path / "runs")
    released.clear()
    yield new_world
    for engine in new_world.open:
        engine.close()


def state_of(run: RunFolder) -> str:
    return run.status().state


def assert_is_the_run_that_nothing_happened_to(run: RunFolder, config: TrainConfig = CONFIG) -> None:
    state = new_state(config)
    assert [event for _, event in run.events()] == list(train(config, DATA, state, run.commands()))
    last = run.checkpoint(f"epoch-{config.epochs}")
    assert digest(checkpoint.restore(config, checkpoint.load(last.path))) == digest(state)
    assert run.status().state == "finished"
    assert run.status().step == len(run.losses()) == 4 * config.epochs


def nodes_of(run: RunFolder) -> list[str]:
    return [event.node for _at, event in run.life() if isinstance(event, Started)]


def test_a_run_on_a_node_leaves_what_it_leaves_on_one_machine(world: World, tmp_path: Path) -> None:
    jobs = world.jobs(InProcess(a=-1))
    run = RunFolder(world.root, jobs.submit(CONFIG))
    wait_for(lambda: state_of(run) == "finished")
    assert_is_the_run_that_nothing_happened_to(run)
    assert [point.name for point in run.all_checkpoints()] == ["epoch-0", "epoch-1", "epoch-2", "epoch-3"]
    assert (run.path / run_folder.EXAMINATION).exists() and (run.path / run_folder.LIVE_WEIGHTS).exists()
    assert nodes_of(run) == ["a"]
    assert run.examples() == 60
    wait_for(lambda: not jobs.active())
    child = RunFolder(world.root, jobs.continue_from(run.id, "epoch-3", CONFIG.with_(epochs=1)))
    wait_for(lambda: state_of(child) == "finished")
    longer = [event for event in train(CONFIG.with_(epochs=4), DATA) if isinstance(event, Batch)]
    assert child.losses().tolist() == [event.loss for event in longer[12:]]
    assert tmp_path.name not in str(jobs.pool.processes())


@pytest.mark.parametrize("hold", [1, 4, 7, 11])
def test_the_runs_of_a_lost_node_go_on_elsewhere_with_the_same_bits(world: World, hold: int) -> None:
    transport = InProcess(a=hold)
    jobs = world.jobs(transport)
    run = RunFolder(world.root, jobs.submit(CONFIG))
    wait_for(lambda: transport.waits("a") and len(run.losses()) >= max(1, hold // 4 * 4))
    events = run.events()
    transport.there["b"], transport.holds["b"] = replace(transport.there["a"], id="b", name="b"), -1
    transport.lose("a")
    wait_for(lambda: state_of(run) == "finished")
    assert run.events()[: len(events)] == events
    assert_is_the_run_that_nothing_happened_to(run)
    assert nodes_of(run) == ["a", "b"]
    starts = [event for _at, event in run.life() if isinstance(event, Started)]
    assert starts[1].torch and starts[1].processor


def test_commands_that_a_lost_node_did_not_obey_are_obeyed_elsewhere(world: World) -> None:
    transport = InProcess(a=6)
    jobs = world.jobs(transport)
    run = RunFolder(world.root, jobs.submit(CONFIG))
    wait_for(lambda: transport.waits("a") and len(run.losses()) >= 4)
    transport.mute.add("a")
    jobs.command(run.id, "learning_rate", value=0.05)
    jobs.command(run.id, "pause")
    transport.there["b"], transport.holds["b"] = replace(transport.there["a"], id="b", name="b"), -1
    transport.lose("a")
    wait_for(lambda: state_of(run) == "paused")
    assert list(run.commands().values()) == [0.05]
    assert min(run.commands()) >= 4  # not in what was seen already
    jobs.command(run.id, "resume")
    wait_for(lambda: state_of(run) == "finished")
    assert_is_the_run_that_nothing_happened_to(run)


def test_a_run_that_is_to_pause_pauses_at_the_same_batch_elsewhere(world: World) -> None:
    transport = InProcess(a=6)
    jobs = world.jobs(transport)
    run = RunFolder(world.root, jobs.submit(CONFIG, batches=9))
    wait_for(lambda: transport.waits("a") and len(run.losses()) >= 4)
    transport.there["b"], transport.holds["b"] = replace(transport.there["a"], id="b", name="b"), -1
    transport.lose("a")
    wait_for(lambda: state_of(run) == "paused")
    assert [event.step for _at, event in run.life() if isinstance(event, Paused)] == [9]
    jobs.command(run.id, "epoch")
    wait_for(lambda: run.status().step == 12 and state_of(run) in ("paused", "finished"))


def test_pause_one_batch_stop_and_resume_reach_a_run_on_its_node(world: World) -> None:
    jobs = world.jobs(InProcess(a=-1))
    run = RunFolder(world.root, jobs.submit(CONFIG, batches=2))
    wait_for(lambda: state_of(run) == "paused")
    jobs.command(run.id, "learning_rate", value=0.2)
    wait_for(lambda: run.commands() == {2: 0.2})
    jobs.command(run.id, "batch")
    wait_for(lambda: state_of(run) == "paused" and run.status().step == 3)
    jobs.command(run.id, "stop")
    wait_for(lambda: state_of(run) == "stopped" and not jobs.active())
    jobs.resume(run.id)
    wait_for(lambda: state_of(run) == "finished")
    assert_is_the_run_that_nothing_happened_to(run)
    assert nodes_of(run) == ["a", "a"]


def test_a_paused_run_gives_its_place_up_and_one_of_a_lost_node_stays_paused(world: World) -> None:
    transport = InProcess(a=-1)
    jobs = world.jobs(transport)
    first = RunFolder(world.root, jobs.submit(CONFIG, batches=2, owner="x"))
    second = RunFolder(world.root, jobs.submit(CONFIG, batches=3, owner="y"))
    wait_for(lambda: state_of(first) == state_of(second) == "paused")
    assert len(jobs.active()) == 1
    transport.lose("a")
    wait_for(lambda: not jobs.active())
    assert state_of(first) == state_of(second) == "paused"
    transport.there["b"], transport.holds["b"] = cluster.Member("b", "b", 2), -1
    wait_for(lambda: list(world.open[-1].nodes()) == ["b"])
    for run in (first, second):
        jobs.resume(run.id)
        wait_for(lambda run=run: state_of(run) == "finished")  # type: ignore[misc]
        assert_is_the_run_that_nothing_happened_to(run)


def test_killing_and_closing_leave_a_run_that_can_go_on(world: World) -> None:
    transport = InProcess(a=5)
    jobs = world.jobs(transport)
    run = RunFolder(world.root, jobs.submit(CONFIG))
    wait_for(lambda: transport.waits("a") and len(run.losses()) >= 4)
    assert files.is_held(run.path / WORKER_LOCK)
    jobs.kill(run.id)
    assert state_of(run) == "interrupted" and not jobs.active()
    jobs.resume(run.id)
    wait_for(lambda: state_of(run) == "finished")
    assert_is_the_run_that_nothing_happened_to(run)
    other = RunFolder(world.root, jobs.submit(CONFIG.with_(epochs=2000)))
    wait_for(lambda: len(other.losses()) >= 4)
    jobs.close()
    assert transport.closed and not transport.nodes
    assert state_of(other) == "interrupted"
    assert other.all_checkpoints()[-1].step == other.status().step


def test_a_node_with_other_versions_is_refused_in_words(world: World) -> None:
    transport = InProcess(a=-1, b=-1)
    transport.facts["a"] = other_torch
    jobs = world.jobs(transport)
    run = RunFolder(world.root, jobs.submit(CONFIG))
    wait_for(lambda: state_of(run) == "finished")
    assert nodes_of(run) == ["b"]
    alone = InProcess(a=-1)
    alone.facts["a"] = other_torch
    jobs = world.jobs(alone)
    wait_for(world.open[-1].refusal)
    with pytest.raises(InvalidSetting, match=r"a has torch 1\.0 and this server .*: install the same on both"):
        jobs.submit(CONFIG)
    assert [summary.id for summary in run_folder.list_runs(world.root)] == [run.id]


def test_a_cluster_without_machines_says_so(world: World) -> None:
    transport = InProcess()
    jobs = world.jobs(transport)
    wait_for(world.open[-1].refusal)
    with pytest.raises(InvalidSetting, match="no machine that trains"):
        jobs.submit(CONFIG)


def test_what_no_machine_has_is_said(world: World) -> None:
    transport = InProcess(a=-1)
    transport.facts["a"] = lambda facts: replace(facts, data=("digits",))
    jobs = world.jobs(transport)
    run = RunFolder(world.root, jobs.submit(CONFIG.with_(dataset="mnist")))
    wait_for(lambda: run.status().problem)
    assert run.status().problem == "no machine of the cluster has mnist and cpu"
    wait_for(lambda: not jobs.active())


def test_what_fails_for_one_run_ends_that_run_and_not_its_machine(world: World) -> None:
    transport = InProcess(a=-1)
    jobs = world.jobs(transport)
    transport.full.add("a")
    run = RunFolder(world.root, jobs.submit(CONFIG))
    wait_for(lambda: run.status().problem)
    assert "full" in run.status().problem and list(world.open[-1].nodes()) == ["a"]
    wait_for(lambda: not jobs.active())
    transport.full.clear()
    jobs.resume(run.id)
    wait_for(lambda: state_of(run) == "finished")
    assert_is_the_run_that_nothing_happened_to(run)


def test_a_run_that_loses_one_machine_after_another_ends(world: World) -> None:
    transport = InProcess(a=3)
    jobs = world.jobs(transport)
    run = RunFolder(world.root, jobs.submit(CONFIG))
    for name, following in (("a", "b"), ("b", "c"), ("c", "d")):
        wait_for(lambda name=name: nodes_of(run)[-1:] == [name])  # type: ignore[misc]
        transport.holds[following], member = 3, replace(transport.there[name], id=following, name=following)
        transport.lose(name)
        transport.there[following] = member
    wait_for(lambda: run.status().problem)
    assert run.status().problem.startswith("3 machines were lost")
    wait_for(lambda: not jobs.active())
    assert nodes_of(run) == ["a", "b", "c"]


def test_runs_are_spread_over_the_machines_and_owners_take_turns(world: World) -> None:
    jobs = world.jobs(InProcess(a=3, b=3))
    wait_for(lambda: len(world.open[-1].nodes()) == 2)
    runs = [RunFolder(world.root, jobs.submit(CONFIG, owner=owner)) for owner in "xxxyz"]
    wait_for(lambda: [jobs.place(run.id) for run in runs] == [None, None, 3, 1, 2])
    released.set()
    wait_for(lambda: all(state_of(run) == "finished" for run in runs))
    for run in runs:
        assert_is_the_run_that_nothing_happened_to(run)
    assert {name for run in runs for name in nodes_of(run)} == {"a", "b"}
    starts = [next(at for at, event in run.life() if isinstance(event, Started)) for run in runs]
    assert starts[3] < starts[2]
