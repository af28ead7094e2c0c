"""A program in a process of its own: record, stop, crash; nothing left behind, with and without a sandbox."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from core.isolation.limits import Limits
from core.script.process import sandbox, tree
from core.script.process.job import RUNNING, Job
from core.script.process.launcher import Launcher

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
    made = Launcher(request.param, Limits(20.0, 2_000), 1)
    yield made
    made.close()


def run(launcher: Launcher, text: str, shape: list[int] | None = None) -> Job:
    job = launcher.start(text, "someone", shape)
    assert job.done.wait(100)
    return job


def running(launcher: Launcher, text: str) -> Job:
    job = launcher.start(text, "someone")
    while job.state != RUNNING and not job.done.is_set():
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
    assert job.done.wait(20)
    assert job.record is not None and job.record["error"] is None
    assert [one["text"] for one in job.record["prints"]] == ["begun"]
    assert "You stopped the program in line" in job.record["notes"][0]["en"]


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
    assert len(before) >= 3
    job.stop()
    assert job.done.wait(30)
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
    assert second.done.wait(100)
    assert second.record is not None and second.record["error"] is None


def test_a_program_sees_no_environment_of_the_servers(launcher: Launcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWISE_SECRET_OF_THE_SERVER", "sesame")
    run(launcher, "")  # the process that waited was started before
    record = run(launcher, "import os\nprint('sesame' in os.environ.values())").record
    assert record is not None and record["prints"][0]["text"] == "False"
