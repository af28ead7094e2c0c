"""A program in a process of its own: record, stop, crash; nothing left behind, with and without a sandbox."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.isolation.limits import Limits
from core.script.process import job, sandbox, tree
from core.script.process.job import RUNNING, Job
from core.script.process.launcher import Launcher
from core.script.process.task_limit import CGROUPS, MOST_TASKS, TaskGroup, counts_by_namespace, remove_left
from core.script.process.worker_process import WorkerProcess

KINDS = [
    pytest.param(
        kind,
        marks=pytest.mark.skipif(
            kind != sandbox.NONE and not sandbox.works(kind), reason="bubblewrap does not work on this machine"
        ),
    )
    for kind in (sandbox.CLOSED, sandbox.NONE)
]
BROKEN = "import torch\nfrom torch import nn\nlayer = nn.Linear(3, 2)\nprint('before')\nlayer(torch.zeros(4, 5))\n"
MODULE = """
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 2)

    def forward(self, x):
        return self.fc(x)
"""


@pytest.fixture(scope="module", params=KINDS)
def launcher(request: pytest.FixtureRequest) -> Iterator[Launcher]:
    new_launcher = Launcher(request.param, Limits(20.0, 2_000), 1)
    yield new_launcher
    new_launcher.close()


def run(launcher: Launcher, text: str, shape: list[int] | None = None) -> Job:
    job = launcher.start(text, "someone", shape)
    assert job.has_ended.wait(100)
    return job


def running(launcher: Launcher, text: str) -> Job:
    job = launcher.start(text, "someone")
    while job.state != RUNNING and not job.has_ended.is_set():
        time.sleep(0.02)
    return job


def test_the_record_comes_back_in_both_languages_with_the_repaired_line(launcher: Launcher) -> None:
    record = run(launcher, BROKEN).record
    assert record is not None and record["error"] is not None
    error = record["error"]
    assert (error["line"], error["expression"], error["cause"]) == (5, "layer(torch.zeros(4, 5))", "in_features")
    assert error["fix"] == {"line": 3, "code": "layer = nn.Linear(5, 2)"}
    assert error["why"]["en"] != error["why"]["zh"]
    assert [one["text"] for one in record["prints"]] == ["before"]


def test_a_module_alone_is_walked_with_the_shape_that_is_asked_for(launcher: Launcher) -> None:
    for shape, used in ((None, [2, 6]), ([7, 6], [7, 6]), ([7, 5], [7, 5])):
        record = run(launcher, MODULE, shape).record
        assert record is not None
        assert (record["module"], record["input_shape"]) == ("Net", used)
        assert (record["error"] is None) == (used[-1] == 6)


def test_stop_gives_the_record_up_to_there(launcher: Launcher) -> None:
    job = running(launcher, "print('begun')\nn = 0\nwhile True:\n    n += 1\n")
    time.sleep(0.5)
    job.stop()
    assert job.has_ended.wait(20)
    assert job.record is not None and job.record["error"] is None
    assert [one["text"] for one in job.record["prints"]] == ["begun"]
    assert "You stopped the program in line" in job.record["notes"][0]["en"]


def test_a_program_that_is_stopped_while_torch_is_imported_never_begins(launcher: Launcher) -> None:
    stopped = Job({"text": "print(1)", "shape": None, "seconds": 20.0, "memory_mb": 2_000})
    worker = WorkerProcess(launcher.kind)
    follow = threading.Thread(target=stopped.follow, args=(worker,))
    follow.start()
    while not stopped.mark:
        time.sleep(0.01)
    stopped.stop()
    follow.join()
    assert (stopped.began, stopped.record, stopped.ended) == (0.0, None, None)
    assert not worker.alive


STUBBORN = """
import os, signal, subprocess, sys, time
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM, signal.SIGTERM, signal.SIGINT])
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(300)
    os._exit(0)
print("begun")
while True:
    try:
        time.sleep(100)
    except BaseException:
        pass
"""


def test_stop_ends_every_process_of_a_program_that_does_not_listen(launcher: Launcher) -> None:
    job = running(launcher, STUBBORN)
    deadline = time.monotonic() + 20
    while not job.progress.prints and time.monotonic() < deadline:
        time.sleep(0.05)
    assert job.progress.prints == ["begun"]
    mark = job.mark
    before = tree.members(0, mark)
    while len(before) < 3 and time.monotonic() < deadline:  # one forks and ends while the processes are read
        time.sleep(0.05)
        before = tree.members(0, mark)
    assert len(before) >= 3
    job.stop()
    assert job.has_ended.wait(30)
    assert not tree.members(0, mark)
    assert not [pid for pid in before if tree.is_alive(pid)]


def test_a_program_that_kills_its_process_harms_nothing_else(launcher: Launcher) -> None:
    killed = run(launcher, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    assert killed.record is None and killed.ended is not None and "SIGKILL" in str(killed.ended)
    again = run(launcher, "print(1)").record
    assert again is not None and again["error"] is None


def test_programs_beyond_the_number_wait_and_owners_take_turns(launcher: Launcher) -> None:
    first = running(launcher, "while True: pass")
    second = launcher.start("print(2)", "another")
    time.sleep(0.3)
    assert second.state == "waiting"
    first.stop()
    assert second.has_ended.wait(100)
    assert second.record is not None and second.record["error"] is None


def test_a_program_sees_no_environment_of_the_servers(launcher: Launcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWISE_SECRET_OF_THE_SERVER", "sesame")
    run(launcher, "")  # the process that waited was started before
    record = run(launcher, "import os\nprint('sesame' in os.environ.values())").record
    assert record is not None and record["prints"][0]["text"] == "False"


BOMB = """
import subprocess
children = []
try:
    for _ in range(400):
        children.append(subprocess.Popen(["sleep", "60"]))
except OSError as error:
    print(type(error).__name__, len(children))
else:
    print("none", len(children))
"""


def test_the_kernel_stops_a_fork_bomb_where_it_can_count(
    launcher: Launcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = TaskGroup("test")
    is_limited = group.holds or (launcher.kind != sandbox.NONE and counts_by_namespace())
    group.remove()
    if not is_limited:
        pytest.skip("this server is root, and may write no cgroup that counts tasks")
    monkeypatch.setattr(job, "MOST_PROCESSES", 10_000)  # what looks on from outside sees nothing
    outcome = run(launcher, BOMB)
    record = outcome.record
    assert record is not None and record["error"] is None
    name, count = record["prints"][-1]["text"].split()
    assert name == "BlockingIOError" and 40 < int(count) < MOST_TASKS
    assert not list(CGROUPS.rglob(f"stepwise-*{outcome.mark}"))


def test_a_limit_of_tasks_is_set_only_where_a_namespace_counts_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("sys.platform", "linux")
    assert counts_by_namespace("6.1.0-13-amd64") and counts_by_namespace("5.14.0")
    assert not counts_by_namespace("5.4.0-150-generic") and not counts_by_namespace("unknown")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert not counts_by_namespace("6.1.0")


def test_a_group_is_made_below_that_of_the_server_and_only_where_tasks_are_counted(tmp_path: Path) -> None:
    (tmp_path / "own").write_text("8:cpu,pids:/a\n0::/b\n")
    (tmp_path / "pids" / "a").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    group = TaskGroup("m", tmp_path / "own", tmp_path)
    assert not group.holds and not list(tmp_path.rglob("stepwise-*")), "nothing counts, nothing is left"
    assert not TaskGroup("m", tmp_path / "nowhere", tmp_path).holds


def test_the_next_start_removes_the_groups_of_a_server_that_was_killed(tmp_path: Path) -> None:
    (tmp_path / "own").write_text("0::/b\n")
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    names = (
        f"stepwise-{process.pid}-a",
        "stepwise-b0",
        f"stepwise-{os.getpid()}-c",
        f"stepwise-{process.pid}-d",
        "other",
    )
    for name in names:
        (tmp_path / "b" / name).mkdir(parents=True)
    (tmp_path / "b" / names[3] / "in_use").touch()
    remove_left(tmp_path / "own", tmp_path)
    assert {path.name for path in (tmp_path / "b").iterdir()} == {*names[2:]}
    remove_left(tmp_path / "nowhere", tmp_path)
