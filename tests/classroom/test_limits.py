"""core.classroom.limits: what is too much is refused with the numbers, and counted from what is on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.classroom import limits
from core.classroom.limits import Usage
from core.classroom.settings import MB, Settings
from core.errors import InvalidSetting
from core.training.files import Lock
from core.training.status import QUEUE_LOCK, WORKER_LOCK

ROOM = 10**12
SETTINGS = Settings(runs_at_once=2, queue=5, stored_runs=4, epochs=10, disk_mb=3, all_disk_mb=9, free_disk_mb=100)


def test_what_is_within_every_limit_may_start() -> None:
    limits.check_new_run(SETTINGS, Usage(3, 1, 0, 2 * MB), Usage(9, 2, 4, 8 * MB), ROOM, epochs=10)


@pytest.mark.parametrize(
    ("mine", "everyone", "free", "epochs", "reason"),
    [
        (Usage(), Usage(), ROOM, 11, "11 epochs are too many for this classroom: a run may have 10"),
        (Usage(2, 1, 1), Usage(), ROOM, 1, "you have 2 runs training, paused or waiting; the limit is 2"),
        (Usage(), Usage(9, 2, 5), ROOM, 1, "5 runs wait for their turn on this machine; the limit is 5"),
        (Usage(4), Usage(4), ROOM, 1, "your workspace holds 4 runs; the limit is 4"),
        (Usage(1, size=3 * MB), Usage(1), ROOM, 1, "your runs take 3 MB of the disk; the limit is 3 MB"),
        (Usage(), Usage(1, size=9 * MB), ROOM, 1, "no room for more runs"),
        (Usage(), Usage(), 99 * MB, 1, "no room for more runs"),
    ],
)
def test_what_exceeds_one_limit_is_refused_with_its_number(mine, everyone, free, epochs, reason) -> None:
    with pytest.raises(InvalidSetting, match=reason):
        limits.check_new_run(SETTINGS, mine, everyone, free, epochs)


def test_usage_counts_runs_workers_waiting_and_bytes_and_follows_no_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "big").write_bytes(b"x" * 1000)
    workspace = tmp_path / "workspace"
    for name in ("a", "b", "c"):
        (workspace / name / "checkpoints").mkdir(parents=True)
        (workspace / name / "checkpoints" / "model.pth").write_bytes(b"x" * 10)
    (workspace / "link").symlink_to(outside)
    (workspace / "a" / "link").symlink_to(outside / "big")
    working, waiting = Lock(workspace / "a" / WORKER_LOCK), Lock(workspace / "b" / QUEUE_LOCK)
    assert working.acquire()
    assert waiting.acquire()
    assert limits.usage(workspace) == Usage(stored=3, working=1, waiting=1, size=30)
    working.release()
    waiting.release()
    assert limits.usage(workspace) == Usage(stored=3, size=30)


def test_a_workspace_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert limits.usage(tmp_path / "none") == Usage()
    assert limits.workspaces(tmp_path) == []
