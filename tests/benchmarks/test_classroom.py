"""benchmarks.classroom, a smaller version: three people on the real server, and how fairness is measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.classroom import START, Served, lesson, most_overtaken, served
from benchmarks.serving import serving
from tests import own_loop

NEVER = float("inf")


@pytest.mark.long
def test_three_people_meet_no_traceback_and_wait_their_turn(tmp_path: Path) -> None:
    root = tmp_path / "runs"
    with serving(root, data=tmp_path / "no-mnist") as server:
        measured, _memory = own_loop.run(lesson(server, users=3, seconds=5))
    assert not measured.failures
    assert len(measured.all()) >= 3
    assert most_overtaken(served(root)) == 0


def test_a_second_turn_while_somebody_waits_for_a_first_is_counted() -> None:
    fair = [Served("a", 0, 1), Served("a", 0, 30), Served("b", 1, 20), Served("c", 2, 25)]
    assert most_overtaken(fair) == 0
    assert most_overtaken([*fair, Served("d", 2, NEVER)]) == 1  # a's second run came before d's first
    assert most_overtaken([Served("a", 0, 1), Served("a", 0, 20), Served("a", 0, 21), Served("b", 1, 40)]) == 2
    late = [Served("a", 0, 1), Served("a", 0, 10), Served("b", 10 - START / 2, 30)]
    assert most_overtaken(late) == 0  # a's worker was starting already when b asked
