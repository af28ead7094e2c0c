"""core.classroom.expiry: what nobody uses goes, what lives stays, and no clock alone deletes anything."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from core.classroom.expiry import DAY, EXPIRED, USED, Expiry, ObservedClock
from core.classroom.identity import workspace_of_browser
from core.training.files import Lock
from core.training.status import WORKER_LOCK
from tests.examples import up_to

MINE, OTHER = workspace_of_browser("mine"), workspace_of_browser("other")


class Hands:
    """Two clocks that a test moves."""

    def __init__(self) -> None:
        self.wall, self.monotonic = 1_700_000_000.0, 0.0

    def pass_(self, days: float) -> None:
        self.wall += days * DAY
        self.monotonic += days * DAY

    def clock(self, folder: Path) -> ObservedClock:
        return ObservedClock(folder / "clock.json", lambda: self.wall, lambda: self.monotonic)


def test_a_workspace_that_nobody_used_for_the_time_goes_and_the_others_stay(tmp_path: Path) -> None:
    hands = Hands()
    expiry = Expiry(tmp_path, 10, hands.clock(tmp_path))
    mine, other = expiry.enter(MINE, create=True), expiry.enter(OTHER, create=True)
    (mine / "run").mkdir()
    hands.pass_(9)
    expiry.enter(OTHER)
    assert expiry.sweep() == []
    hands.pass_(1.5)
    assert expiry.sweep() == [MINE]
    assert not mine.exists()
    assert other.exists()
    assert not list((tmp_path / "workspaces").glob(f"{EXPIRED}*"))


def test_who_only_looks_round_leaves_no_folder(tmp_path: Path) -> None:
    expiry = Expiry(tmp_path, 10, Hands().clock(tmp_path))
    assert not expiry.enter(MINE).exists()
    assert expiry.sweep() == []


def test_zero_days_means_never(tmp_path: Path) -> None:
    hands = Hands()
    expiry = Expiry(tmp_path, 0, hands.clock(tmp_path))
    expiry.enter(MINE, create=True)
    hands.pass_(10_000)
    assert expiry.sweep() == []


def test_a_running_run_keeps_its_workspace_however_old(tmp_path: Path) -> None:
    hands = Hands()
    expiry = Expiry(tmp_path, 1, hands.clock(tmp_path))
    run = expiry.enter(MINE, create=True) / "run"
    run.mkdir()
    lock = Lock(run / WORKER_LOCK)
    assert lock.acquire()
    hands.pass_(100)
    assert expiry.sweep() == []
    lock.release()
    assert expiry.sweep() == [MINE]


def test_a_jump_of_the_wall_clock_while_the_server_runs_changes_nothing(tmp_path: Path) -> None:
    hands = Hands()
    expiry = Expiry(tmp_path, 10, hands.clock(tmp_path))
    expiry.enter(MINE, create=True)
    hands.wall += 36_500 * DAY
    assert expiry.sweep() == []
    hands.wall -= 73_000 * DAY
    assert expiry.sweep() == []


def test_a_summer_off_or_a_wrong_year_at_the_start_counts_as_one_day(tmp_path: Path) -> None:
    hands = Hands()
    Expiry(tmp_path, 10, hands.clock(tmp_path)).enter(MINE, create=True)
    for away in (90, 36_500, -36_500):
        expiry = Expiry(tmp_path, 10, hands.clock(tmp_path))
        assert expiry.sweep() == []  # saves the clock
        hands.wall += away * DAY
        hands.monotonic = 0.0
    assert hands.clock(tmp_path).now() <= 3 * DAY


@settings(max_examples=up_to(40))
@given(st.lists(st.tuples(st.sampled_from(["run", "off", "jump"]), st.floats(-1000, 1000)), max_size=20))
def test_observed_time_never_runs_faster_than_the_server_plus_a_day_a_start(tmp_path_factory, moves) -> None:
    folder, hands = tmp_path_factory.mktemp("clock"), Hands()
    clock, ran, starts = hands.clock(folder), 0.0, 0
    for kind, days in moves:
        before = clock.now()
        if kind == "run":
            hands.pass_(abs(days))
            ran += abs(days)
        elif kind == "jump":
            hands.wall += days * DAY
        else:
            clock.save()
            hands.wall += days * DAY
            hands.monotonic, starts = 0.0, starts + 1
            clock = hands.clock(folder)
        assert clock.now() >= before - 1e-6
        assert clock.now() <= (ran + starts) * DAY + 1e-3


def test_a_mark_that_cannot_be_counts_as_used_now(tmp_path: Path) -> None:
    hands = Hands()
    expiry = Expiry(tmp_path, 1, hands.clock(tmp_path))
    folder = expiry.enter(MINE, create=True)
    for content in (b"", b"1e300", b"-5", b"nan", b"\xff\x00"):
        hands.pass_(5)
        (folder / USED).write_bytes(content)
        assert expiry.sweep() == []
        assert folder.exists()
    (folder / USED).unlink()
    hands.pass_(5)
    assert expiry.sweep() == []


def test_what_is_no_workspace_is_never_deleted(tmp_path: Path) -> None:
    hands = Hands()
    expiry = Expiry(tmp_path, 1, hands.clock(tmp_path))
    expiry.enter(MINE, create=True)
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "workspaces" / OTHER).symlink_to(outside)
    (tmp_path / "workspaces" / "notes").mkdir()
    hands.pass_(100)
    assert expiry.sweep() == [MINE]
    assert outside.exists()
    assert (tmp_path / "workspaces" / "notes").exists()


def test_a_damaged_clock_begins_again_and_deletes_nothing(tmp_path: Path) -> None:
    hands = Hands()
    Expiry(tmp_path, 1, hands.clock(tmp_path)).enter(MINE, create=True)
    hands.pass_(500)
    for content in (
        b"",
        b"[]",
        b'{"observed": "x"}',
        b'{"observed": NaN, "wall": 1}',
        b'{"observed": 1e308, "wall": -1e308}',
    ):
        (tmp_path / "clock.json").write_bytes(content)
        assert Expiry(tmp_path, 1, hands.clock(tmp_path)).sweep() == []
        assert (tmp_path / "workspaces" / MINE).exists()
