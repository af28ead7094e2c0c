"""Programs that try to get out: a few of benchmarks.hostile_programs, and a server that has no sandbox for them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.hostile_programs import LIMITS, RAN, Hostile, attempt, of_the_interpreter, programs
from core.script.process import sandbox
from core.script.process.launcher import Launcher

ROOT = Path(__file__).resolve().parents[2]
LIARS = ("an object that lies", "an object that lies where the program breaks")
SHORT = (
    *LIARS,
    "a fork bomb",
    "files of the server",
    "sockets",
    "a pickle in place of the record",
    "writing outside",
)
needs_sandbox = pytest.mark.skipif(
    not sandbox.works(sandbox.CLOSED), reason="bubblewrap does not work on this machine"
)


@pytest.fixture(scope="module")
def launcher() -> Iterator[Launcher]:
    new_launcher = Launcher(sandbox.CLOSED, LIMITS, 1)
    yield new_launcher
    new_launcher.close()


@needs_sandbox
@pytest.mark.parametrize(
    "program",
    [pytest.param(one, id=one.name, marks=() if one.name in SHORT else pytest.mark.long) for one in programs()],
)
def test_a_hostile_program_reaches_nothing(launcher: Launcher, program: Hostile, tmp_path: Path) -> None:
    assert attempt(launcher, program, tmp_path).problems == ()


@pytest.fixture(scope="module")
def own_launcher() -> Iterator[Launcher]:
    new_launcher = Launcher(sandbox.NONE, LIMITS, 1)
    yield new_launcher
    new_launcher.close()


@pytest.mark.parametrize("program", of_the_interpreter(), ids=lambda one: one.name)
def test_without_a_sandbox_too_a_program_ends_alone(
    own_launcher: Launcher, program: Hostile, tmp_path: Path
) -> None:
    assert attempt(own_launcher, program, tmp_path).problems == ()


def test_after_all_of_them_the_next_program_runs(own_launcher: Launcher, tmp_path: Path) -> None:
    after = attempt(own_launcher, Hostile("after them", "print(6 * 7)"), tmp_path)
    assert (after.outcome, after.problems) == (RAN, ())


def test_the_server_of_a_classroom_refuses_to_start_without_a_sandbox(tmp_path: Path) -> None:
    environment = {**os.environ, "STEPWISE_PROGRAMS": "1", "STEPWISE_RUNS": str(tmp_path), "PATH": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "serve.py"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert result.returncode == 2
    assert "install bubblewrap" in result.stderr
