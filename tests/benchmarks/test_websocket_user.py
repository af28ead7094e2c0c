"""benchmarks.websocket_user: it works beside a loop that runs."""

from __future__ import annotations

import asyncio

from benchmarks import websocket_user


async def doubled(number: int) -> int:
    await asyncio.sleep(0)
    return 2 * number


async def inside_a_running_loop() -> int:
    return websocket_user.run(doubled(21))


def test_work_is_run_to_its_end_inside_and_outside_of_a_running_loop() -> None:
    assert websocket_user.run(doubled(4)) == 8
    assert websocket_user.run(inside_a_running_loop()) == 42
