"""core.live.work: few threads, and the next turn goes to the user with the least recent computation."""

from __future__ import annotations

import asyncio
import threading
import time
from functools import partial

import pytest

from core.live.allowance import Allowance, Rates
from core.live.work import Work
from tests import own_loop


def test_never_more_threads_than_it_has() -> None:
    active, most, lock = [0], [0], threading.Lock()

    def call() -> None:
        with lock:
            active[0] += 1
            most[0] = max(most[0], active[0])
        time.sleep(0.002)
        with lock:
            active[0] -= 1

    async def scene() -> None:
        work = Work(2)
        await asyncio.gather(*(work.do(f"{n % 7}", call) for n in range(40)))
        work.close()

    own_loop.run(scene())
    assert most[0] == 2


def test_who_asks_little_is_served_before_who_asks_much() -> None:
    order: list[str] = []

    def call(owner: str) -> None:
        order.append(owner)
        end = time.thread_time() + 0.002
        while time.thread_time() < end:
            pass

    async def scene() -> None:
        work = Work(1)
        many = [work.do("greedy", lambda: call("greedy")) for _ in range(30)]
        tasks = [asyncio.ensure_future(each) for each in many]
        await asyncio.sleep(0)
        tasks += [asyncio.ensure_future(work.do("other", lambda: call("other"))) for _ in range(3)]
        await asyncio.gather(*tasks)
        work.close()

    own_loop.run(scene())
    assert max(n for n, owner in enumerate(order) if owner == "other") <= 8


def test_what_is_loaded_for_a_long_time_holds_up_nothing_that_is_loaded() -> None:
    imports = threading.Event()

    async def scene() -> None:
        work = Work(1)
        loading = [asyncio.ensure_future(work.load(name, partial(imports.wait, 60))) for name in "ab"]
        await asyncio.sleep(0)
        assert (await work.do("other", lambda: 5)).value == 5
        imports.set()
        assert await asyncio.gather(*loading) == [True, True]
        assert await work.load("a", lambda: 1 // 0)  # it is kept
        with pytest.raises(ZeroDivisionError):
            await work.load("c", lambda: 1 // 0)
        assert await work.load("c", lambda: 7) == 7
        work.close()

    own_loop.run(scene())


def test_what_a_call_raises_is_raised_where_it_was_asked_and_the_next_is_served() -> None:
    async def scene() -> None:
        work = Work(1)
        with pytest.raises(ZeroDivisionError):
            await work.do("a", lambda: 1 // 0)
        assert (await work.do("a", lambda: 5)).value == 5
        work.close()

    own_loop.run(scene())


def test_processor_time_of_long_ago_counts_less() -> None:
    now = [0.0]

    async def scene() -> None:
        work = Work(1, clock=lambda: now[0])
        work.used["a"] = 8.0, 0.0
        now[0] = 3.0
        assert work.lately("a") == pytest.approx(1.0)
        assert work.lately("nobody") == 0.0
        work.close()

    own_loop.run(scene())


def test_an_allowance_is_refilled_with_time_and_who_overdraws_it_waits() -> None:
    now = [0.0]
    allowance = Allowance(Rates(requests=10, size=100, seconds=0.5), clock=lambda: now[0])
    assert allowance.take(requests=20) == 0
    assert allowance.take(requests=5) == pytest.approx(0.5)
    assert allowance.take(size=300) == pytest.approx(1.0)  # the larger of the two waits
    assert allowance.take(seconds=2) == pytest.approx(2.0)
    assert not allowance.is_full()
    now[0] = 100.0
    assert allowance.is_full()
    assert allowance.take(requests=1, size=1, seconds=0.1) == 0
