"""The door to training, with real worker processes: SIGKILL, the queue, leaving nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import datasets
from core.errors import InvalidSetting
from core.fair_queue import FairQueue
from core.file_kind import NamedFile
from core.training import checkpoint, run_folder
from core.training.config import TrainConfig
from core.training.events import Batch, Started
from core.training.files import Lock
from core.training.jobs import Jobs
from core.training.loop import new_state, train
from core.training.run_folder import RunFolder
from core.training.status import QUEUE_LOCK, WORKER_LOCK
from tests.conftest import ROOT
from tests.training.comparing import digest, wait_for

CONFIG = TrainConfig(dataset="digits", epochs=6, threads=1)  # 23 batches an epoch


def is_there(process: int) -> bool:
    """Whether a process of this id exists, one that ended and was not waited for included."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    door = Jobs(tmp_path / "runs", limit=1, standby=False)
    yield door
    processes = door.pool.processes()
    door.close()
    assert not any(is_there(process) for process in processes)


@pytest.mark.long
def test_a_run_survives_sigkill_and_ends_as_if_it_had_never_happened(jobs: Jobs) -> None:
    run_id = jobs.submit(CONFIG, "killed", batches=5)
    run = RunFolder(jobs.root, run_id)
    assert run.status().state in ("waiting", "running")
    wait_for(lambda: run.status().state == "paused")
    jobs.command(run_id, "learning_rate", value=0.05)
    jobs.command(run_id, "resume")
    wait_for(lambda: run.status().step >= 10)
    jobs.kill(run_id)
    assert run.status().state in ("interrupted", "finished")
    events = run.events()
    jobs.resume(run_id)
    wait_for(lambda: run.status().state == "finished")
    assert jobs.events(run_id)[: len(events)] == events
    state = new_state(CONFIG)
    expected = list(train(CONFIG, datasets.load("digits"), state, run.commands()))
    assert [event for _, event in jobs.events(run_id)] == expected
    assert digest(checkpoint.restore(CONFIG, checkpoint.load(run.checkpoint("epoch-6").path))) == digest(state)
    assert sum(isinstance(event, Started) for _, event in run.life()) == 2
    with pytest.raises(InvalidSetting, match="this run is over"):
        jobs.resume(run_id)


SERVER = """
import sys, time
from pathlib import Path
from core.training.config import TrainConfig
from core.training.jobs import Jobs
door = Jobs(Path(sys.argv[1]), limit=1, standby=False)
print(door.submit(TrainConfig(dataset="digits", epochs=8, batch_size=16, threads=1)), flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize(("do", "state"), [("stop", "stopped"), ("pause", "paused")])
def test_a_command_that_comes_before_a_new_worker_has_begun_is_obeyed(jobs: Jobs, do: str, state: str) -> None:
    run_id = jobs.submit(CONFIG)
    jobs.command(run_id, do)  # its worker has only been started
    run = RunFolder(jobs.root, run_id)
    wait_for(lambda: run.status().state == state)
    assert run.status().step < 6 * 23


@pytest.mark.long
@pytest.mark.parametrize("worker_too", [False, True])
def test_a_run_survives_a_killed_server_and_resumes_exactly(jobs: Jobs, worker_too: bool) -> None:
    jobs.root.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-c", SERVER, str(jobs.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        assert server.stdout is not None
        run = RunFolder(jobs.root, server.stdout.readline().strip())
        wait_for(lambda: run.status().step >= 30)
        children = subprocess.run(["pgrep", "-P", str(server.pid)], capture_output=True, text=True, check=True)
        server.kill()
        for worker in children.stdout.split() if worker_too else ():
            os.kill(int(worker), signal.SIGKILL)
    wait_for(lambda: run.status().state in ("interrupted", "paused"))  # without its server a worker leaves
    config = run.config
    jobs.resume(run.id)
    wait_for(lambda: run.status().state == "finished")
    state = new_state(config)
    assert [event for _, event in run.events(limit=10**9)] == list(train(config, datasets.load("digits"), state))
    last = checkpoint.load(run.checkpoint(f"epoch-{config.epochs}").path)
    assert digest(checkpoint.restore(config, last)) == digest(state)


@pytest.mark.long
def test_what_exceeds_the_limit_waits_and_a_paused_run_gives_its_place_up(jobs: Jobs) -> None:
    first = jobs.submit(CONFIG, "first", batches=3, owner="a")
    second = jobs.submit(CONFIG.with_(epochs=1), "second", owner="b")
    assert jobs.place(first) is None
    assert jobs.place(second) == 1
    assert RunFolder(jobs.root, second).status().state == "waiting"
    assert not jobs.elsewhere(first) and not jobs.elsewhere(second)
    third = jobs.submit(CONFIG, "third", owner="a")
    assert jobs.place(third) == 2
    with pytest.raises(InvalidSetting, match="waits for its turn"):
        jobs.command(third, "learning_rate", value=0.1)
    jobs.command(third, "stop")
    assert jobs.place(third) is None
    assert RunFolder(jobs.root, third).status().state == "stopped"
    wait_for(lambda: RunFolder(jobs.root, first).status().state == "paused")
    assert [e.step for _, e in jobs.events(first) if isinstance(e, Batch)] == [1, 2, 3]
    wait_for(lambda: RunFolder(jobs.root, second).status().state == "finished")
    assert RunFolder(jobs.root, first).status().state == "paused"
    child = jobs.continue_from(second, "epoch-1", CONFIG.with_(epochs=1), "child")
    wait_for(lambda: RunFolder(jobs.root, child).status().state == "finished")
    parent = RunFolder(jobs.root, child).config.parent
    assert parent is not None
    assert (parent.run, parent.checkpoint, parent.epochs, parent.seen) == (second, "epoch-1", 1, 1437)
    two = [event for _, event in jobs.events(child) if isinstance(event, Batch)]
    both = list(train(CONFIG.with_(epochs=2), datasets.load("digits")))
    assert [event.loss for event in two] == [event.loss for event in both if isinstance(event, Batch)][23:]
    assert run_folder.lineage(jobs.root, child) == [second, child]


def test_a_worker_that_still_imports_goes_when_its_server_is_gone() -> None:
    command = [sys.executable, "-m", "core.training.worker", "--standby"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as worker:
        assert worker.stdin is not None and worker.stdout is not None
        worker.stdin.close()
        assert worker.stdout.read() == b""  # it never was ready
        assert worker.wait() == 0


@pytest.mark.long
def test_closing_the_server_checkpoints_and_leaves_no_process_behind(tmp_path: Path) -> None:
    door = Jobs(tmp_path, limit=1, standby=True)
    run_id = door.submit(CONFIG.with_(epochs=1000))
    run = RunFolder(tmp_path, run_id)
    wait_for(lambda: run.status().step >= 3)
    processes = door.pool.processes()
    assert processes
    door.close()
    assert not any(is_there(process) for process in processes)
    assert run.status().state == "interrupted"
    assert run.all_checkpoints()[-1].step == run.status().step


@pytest.mark.long
def test_a_worker_whose_run_is_over_takes_the_next_one_as_if_it_were_new(tmp_path: Path) -> None:
    door = Jobs(tmp_path, limit=1, standby=True)
    try:
        [process] = door.pool.processes()
        began = time.monotonic()
        wait_for(lambda: door.pool.start_seconds)  # a worker stands by
        assert 0 < door.pool.start_seconds < time.monotonic() - began + 1
        first = door.submit(CONFIG.with_(epochs=2, seed=7, optimizer="adam", threads=2), "first")
        wait_for(lambda: RunFolder(tmp_path, first).status().step >= 3)
        door.command(first, "stop")
        wait_for(lambda: RunFolder(tmp_path, first).status().state == "stopped")
        door.resume(first)  # at once: the worker may not have said yet that it is free
        wait_for(lambda: RunFolder(tmp_path, first).status().state == "finished")
        second = door.submit(CONFIG, "second")
        wait_for(lambda: RunFolder(tmp_path, second).status().state == "finished")
        assert [event for _, event in door.events(second)] == list(train(CONFIG, datasets.load("digits")))
        wait_for(lambda: not door.pool.active())
        assert door.pool.processes() == [process]
    finally:
        door.close()


def test_what_cannot_be_asked_is_refused(jobs: Jobs) -> None:
    for do, value in (
        ("fly", None),
        ("learning_rate", None),
        ("learning_rate", float("nan")),
        ("learning_rate", -1),
    ):
        with pytest.raises(InvalidSetting):
            jobs.command("20260101-000000-00000000", do, value)
    with pytest.raises(InvalidSetting, match="there is no run"):
        jobs.command("20260101-000000-00000000", "pause")
    with pytest.raises(InvalidSetting, match="whole number"):
        jobs.submit(CONFIG, batches=0)
    with pytest.raises(InvalidSetting, match=r"model\.pth"):
        jobs.submit(CONFIG, model=NamedFile("model.pth", b"nonsense"))
    with pytest.raises(InvalidSetting, match="give its weights as well"):
        jobs.submit(CONFIG, optimizer=NamedFile("optimizer.pth", b"nonsense"))
    assert run_folder.list_runs(jobs.root) == []


@pytest.mark.long
def test_a_paused_run_takes_another_learning_rate_after_a_restart_as_before_it(tmp_path: Path) -> None:
    """The server and its worker are killed between the pause and the change; the record is that of no kill."""
    config, records = CONFIG.with_(epochs=1), []
    for killed in (False, True):
        root = tmp_path / str(killed)
        door = Jobs(root, limit=1, standby=False)
        run_id = door.submit(config, batches=5)
        run = RunFolder(root, run_id)
        wait_for(lambda run=run: run.status().state == "paused")
        if killed:
            door.kill(run_id)
            wait_for(lambda door=door: not door.active())
            door.close()
            door = Jobs(root, limit=1, standby=False)
        door.command(run_id, "learning_rate", 0.05)
        wait_for(lambda run=run: run.commands() == {5: 0.05})
        assert run.status().state == "paused" and run.learning_rate_at(5) == 0.05
        if killed:
            door.command(run_id, "learning_rate", 0.5)  # the last word counts
            door.command(run_id, "learning_rate", 0.05)
        door.command(run_id, "resume")
        wait_for(lambda run=run: run.status().state == "finished")
        assert [(each.step, each.learning_rate) for each in run.changes()] == [(5, 0.05)]
        assert run.status().learning_rate == 0.05
        end = checkpoint.restore(config, checkpoint.load(run.checkpoint("epoch-1").path))
        records.append((run.events(), digest(end)))
        door.close()
    assert records[0] == records[1]


@pytest.mark.parametrize("lock", [WORKER_LOCK, QUEUE_LOCK])
def test_a_run_that_another_server_has_is_steered_there(
    jobs: Jobs, lock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.training.jobs.PATIENCE", 0.1)
    run = run_folder.create(jobs.root, CONFIG)
    assert not jobs.elsewhere(run.id)
    theirs = Lock(run.path / lock)
    assert theirs.acquire()
    assert jobs.elsewhere(run.id)
    for do, value in (
        *((do, None) for do in ("pause", "stop", "resume", "batch", "epoch")),
        ("learning_rate", 0.1),
    ):
        with pytest.raises(InvalidSetting, match="another Stepwise trains this run"):
            jobs.command(run.id, do, value)
    with pytest.raises(InvalidSetting, match="another Stepwise"):
        jobs.delete(run.id)
    assert jobs.place(run.id) is None and not jobs.active()
    theirs.release()
    assert not jobs.elsewhere(run.id)


def test_owners_take_turns() -> None:
    waiting: FairQueue[int] = FairQueue()
    for item in range(5):
        waiting.put("greedy", item)
    waiting.put("late", 10)
    waiting.put("later", 20)
    assert waiting.in_order() == [0, 10, 20, 1, 2, 3, 4]
    assert waiting.take() == 0
    waiting.put("new", 30)
    assert waiting.in_order() == [10, 20, 30, 1, 2, 3, 4]
    assert waiting.remove(2)
    assert not waiting.remove(99)
    assert [waiting.take() for _ in range(len(waiting))] == [10, 20, 30, 1, 3, 4]


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=40))
def test_nobody_is_served_twice_while_another_waits(actions: list[tuple[str, bool]]) -> None:
    waiting: FairQueue[tuple[str, int]] = FairQueue()
    turns: dict[str, int] = {}
    for number, (owner, serve) in enumerate(actions):
        if not serve or not len(waiting):
            waiting.put(owner, (owner, number))
            continue
        expected = waiting.in_order()[0]
        others = {who for who, _ in waiting.waiting}
        served, _ = waiting.take()
        assert served == expected[0]
        assert turns.get(served, -1) == min(turns.get(who, -1) for who in others)
        turns[served] = number
        assert [item for owner, item in waiting.waiting if owner == served] == sorted(
            item for owner, item in waiting.waiting if owner == served
        )
