"""core/isolation: a call's crash, memory and time are its own, and its end is a sentence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from core.errors import InvalidSetting
from core.isolation.limits import CallFailed, Limits
from core.isolation.pool import Pool
from tests.conftest import ROOT
from tests.isolation import calls

WAYS = {"forking": False, "serial": True} if sys.platform == "linux" else {"serial": True}
SHORT = Limits(seconds=1.0)


@pytest.fixture(scope="module", params=WAYS)
def pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    new_pool = Pool(most=2, serial=WAYS[request.param], modules=["tests.isolation.calls"])
    yield new_pool
    new_pool.close()


# A helper that does the calls itself imports torch again after each end: one kind of end is enough there.
FIRST = pytest.mark.parametrize("pool", [next(iter(WAYS))], indirect=True, scope="module")


def ask(pool: Pool, function: Any, *arguments: Any, limits: Limits | None = None, owner: str = "") -> Any:
    return pool.call(function, arguments, limits or Limits(), owner)


def is_gone(pid: int) -> bool:
    """Return whether the process is gone, waiting a little for it; one that waits to be reaped counts as gone."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_the_answer_is_the_function_s_and_comes_from_another_process(pool: Pool) -> None:
    assert torch.equal(ask(pool, calls.double, torch.tensor([1.0, 2.0])), torch.tensor([2.0, 4.0]))
    assert ask(pool, calls.process) != os.getpid()


def test_autograd_works_there(pool: Pool) -> None:
    assert [ask(pool, calls.backward) for _ in range(3)] == [6.0, 6.0, 6.0]


def test_an_error_comes_back_with_its_values_and_can_be_translated(pool: Pool) -> None:
    with pytest.raises(InvalidSetting) as refused:
        ask(pool, calls.refuse, 7)
    assert (type(refused.value), refused.value.values) == (InvalidSetting, {"value": 7})
    assert str(refused.value) == "7 is too many"


def test_an_exception_that_cannot_be_pickled_comes_back_as_its_words_with_where_it_was_raised(pool: Pool) -> None:
    with pytest.raises(RuntimeError, match="Odd: odd") as raised:
        ask(pool, calls.raise_odd)
    assert "in raise_odd" in "".join(raised.value.__notes__)


def test_a_crash_is_a_sentence_and_the_next_call_works(pool: Pool) -> None:
    with pytest.raises(CallFailed, match="SIGSEGV"):
        ask(pool, calls.die, int(signal.SIGSEGV))
    assert ask(pool, calls.backward) == 6.0


@FIRST
@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGSEGV, signal.SIGKILL])
def test_a_crash_is_a_sentence_with_the_signal_and_the_next_call_works(pool: Pool, number: signal.Signals) -> None:
    with pytest.raises(CallFailed, match=number.name):
        ask(pool, calls.die, int(number))
    assert ask(pool, calls.backward) == 6.0


@FIRST
def test_torch_s_own_crash_is_a_sentence(pool: Pool) -> None:
    with pytest.raises(CallFailed, match="ended its process with SIG"):
        ask(pool, calls.write_out_of_bounds)


def test_the_end_of_the_process_without_a_word_is_a_sentence(pool: Pool) -> None:
    with pytest.raises(CallFailed, match="exit status 5"):
        ask(pool, calls.exit_at_once)


@FIRST
def test_sys_exit_is_a_sentence(pool: Pool) -> None:
    with pytest.raises(CallFailed, match="SystemExit: 3"):
        ask(pool, calls.leave)


@pytest.mark.parametrize(("function", "arguments"), [(calls.spin, ()), (calls.sleep, (60.0,))])
def test_what_takes_too_long_is_stopped(pool: Pool, function: Any, arguments: tuple[float, ...]) -> None:
    with pytest.raises(CallFailed, match="longer than 1 s"):
        ask(pool, function, *arguments, limits=SHORT)
    assert ask(pool, calls.backward) == 6.0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the address space")
@pytest.mark.parametrize("function", [calls.fill, calls.fill_python])
def test_what_wants_too_much_memory_is_stopped(pool: Pool, function: Any) -> None:
    assert ask(pool, function, 50) == 50_000_000
    with pytest.raises(CallFailed, match="more than 100 MB"):
        ask(pool, function, 3_000, limits=Limits(memory_mb=100))
    assert ask(pool, function, 50) == 50_000_000


def test_owners_take_turns(tmp_path: Path) -> None:
    pool, order = Pool(most=1, modules=["tests.isolation.calls"]), tmp_path / "order"
    try:
        expected = [("a", 0.6), ("a", 0.0), ("a", 0.0), ("b", 0.0)]
        threads = []
        for owner, seconds in expected:
            arguments = (pool, calls.note, str(order), owner, seconds)
            threads.append(threading.Thread(target=ask, args=arguments, kwargs={"owner": owner}))
            threads[-1].start()
            time.sleep(0.05)
        for thread in threads:
            thread.join()
        assert order.read_text(encoding="utf-8").split() == ["a", "b", "a", "a"]
    finally:
        pool.close()


def test_too_many_who_wait_are_told_so() -> None:
    pool = Pool(most=1, most_waiting=1, modules=["tests.isolation.calls"])
    try:
        threads = [threading.Thread(target=ask, args=(pool, calls.sleep, 1.5)) for _ in range(2)]
        for thread in threads:
            thread.start()
            time.sleep(0.1)
        with pytest.raises(CallFailed, match="1 programs wait"):
            ask(pool, calls.process)
    finally:
        for thread in threads:
            thread.join()
        pool.close()


def test_a_helper_that_was_killed_is_started_again(pool: Pool) -> None:
    ask(pool, calls.backward)
    helper = pool.start()
    helper.child.kill()
    helper.child.wait()
    assert ask(pool, calls.backward) == 6.0


ORPHAN = """
import sys, threading, time
from core.isolation.pool import Pool
from core.isolation.limits import Limits
from tests.isolation import calls
pool = Pool(modules=["tests.isolation.calls"])
helper = pool.start()
pool.call(calls.process, (), Limits(), "")
threading.Thread(target=pool.call, args=(calls.sleep, (600.0,), Limits(seconds=600), ""), daemon=True).start()
time.sleep(0.5)
print(helper.child.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_nothing_is_left_when_the_server_is_killed() -> None:
    server = subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert server.stdout is not None
    helper = int(server.stdout.readline())
    children = Path(f"/proc/{helper}/task/{helper}/children").read_text(encoding="ascii").split()
    server.kill()
    server.wait()
    server.stdout.close()
    assert children, "a call was running"
    assert is_gone(helper) and all(is_gone(int(child)) for child in children)


def test_the_end_of_a_helper_leaves_nothing_that_a_library_reports() -> None:
    """Frozen for its children, what triton (torch's compiler) holds would be reported as leaked, on every end."""
    command = [sys.executable, "-m", "core.isolation.helper", "torch._dynamo", "--serial"]
    ended = subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
