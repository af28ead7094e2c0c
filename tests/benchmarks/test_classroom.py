"""benchmarks.classroom, a smaller version: three people on the real server, and how fairness is measured."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from benchmarks import hands
from benchmarks.classroom import Turn, lesson, most_overtaken, served
from benchmarks.serving import serving
from core.training.status import turn_of
from core.training.worker_pool import WorkerPool
from tests import own_loop

NEVER = float("inf")


@pytest.mark.long
def test_three_people_meet_no_traceback_and_wait_their_turn(tmp_path: Path) -> None:
    root = tmp_path / "runs"
    with serving(root, data=tmp_path / "no-mnist") as server:
        measured, _memory = own_loop.run(lesson(server, users=3, seconds=5))
        times = own_loop.run(hands.together(server.address, [hands.slider, hands.pen], 2))
    assert not measured.failures
    assert len(measured.all()) >= 3
    assert times.seconds and not times.failures
    assert most_overtaken(served(root)) == 0


def test_a_second_turn_while_another_user_waits_for_a_first_is_counted() -> None:
    fair = [Turn("a", 0, 1), Turn("a", 0, 30), Turn("b", 1, 20), Turn("c", 2, 25)]
    assert most_overtaken(fair) == 0
    assert most_overtaken([*fair, Turn("d", 2, NEVER)]) == 1  # a's second run came before d's first
    assert most_overtaken([Turn("a", 0, 1), Turn("a", 0, 20), Turn("a", 0, 21), Turn("b", 1, 40)]) == 2
    late = [Turn("a", 0, 1), Turn("a", 0, 10), Turn("b", 11, 30)]
    assert most_overtaken(late) == 0  # a had its turn already when b asked, however long its worker then took


def test_a_turn_is_when_the_queue_gives_it_however_late_the_worker_begins(tmp_path: Path) -> None:
    class Slow:
        """A worker that has not begun yet."""

        alive, process, leaving = True, None, False

        def __init__(self) -> None:
            self.accepted, self.folder = threading.Event(), None

        def leave(self) -> None: ...

        kill = wait = leave

    class Pool(WorkerPool):
        def worker_for(self, _waiting):
            workers.append(Slow())
            return workers[-1]

        def end(self, worker) -> None:
            self._ended(worker)

    workers: list[Slow] = []
    pool = Pool(limit=1, standby=False)
    folders = {}
    for owner, run in (("a", "1"), ("a", "2"), ("b", "1")):
        folder = folders[owner + run] = tmp_path / owner / run
        folder.mkdir(parents=True)
        pool.enter(folder, None, owner)
    assert [turn_of(folders[each])[1] < NEVER for each in ("a1", "a2", "b1")] == [True, False, False]
    pool.end(workers[0])
    assert [turn_of(folders[each])[1] < NEVER for each in ("a2", "b1")] == [False, True]
    pool.end(workers[1])
    runs = [Turn(folder.parent.name, *turn_of(folder)) for folder in folders.values()]
    assert max(run.turn for run in runs) < NEVER and all(run.requested <= run.turn for run in runs)
    assert most_overtaken(runs) == 0 and not any(worker.accepted.is_set() for worker in workers)
    pool.close()
