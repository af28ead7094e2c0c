"""A run's folder: read while it is written, sequence numbers, curves of any length, names that are no paths."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from core.errors import InvalidSetting
from core.training import run_folder
from core.training.config import Parent, TrainConfig
from core.training.events import Batch, Changed, Finished, History, Saved, Started
from core.training.files import Lock, is_held
from core.training.run_folder import HISTORY, RunFolder
from core.training.status import QUEUE_LOCK, WORKER_LOCK, Status, read_status, write_status
from core.training.store import PLACES, Reader, Writer, sequence
from tests.pace import within
from tests.training.data import SMALL

EXAMPLES = 1000


def loss_of(step: int) -> float:
    return 2.0 / step + (step % 7) / 100


def batches(first: int, last: int) -> list[History]:
    return [Batch(step, 1, step * 16, loss_of(step)) for step in range(first, last + 1)]


def new_run(root: Path, epochs: int = 1000) -> RunFolder:
    return run_folder.create(root, SMALL.with_(epochs=epochs), "first")


def test_a_reader_sees_events_in_order_with_growing_numbers_while_the_writer_writes(tmp_path: Path) -> None:
    run = new_run(tmp_path)
    assert run.events() == []
    writer = Writer(run.path / HISTORY, EXAMPLES)
    assert run.events() == []
    writer.add([Saved(0, 0, 0, "epoch-0"), *batches(1, 5)])
    first = run.events()
    writer.add([Changed(5, 80, 0.5), *batches(6, 9)])
    rest = run.events(after=first[-1][0])
    numbers = [number for number, _ in first + rest]
    assert numbers == sorted(set(numbers))
    assert [event.step for _, event in first + rest] == [0, 1, 2, 3, 4, 5, 5, 6, 7, 8, 9]
    assert run.events(after=numbers[-1]) == []
    assert [event for _, event in run.events(limit=2)] == [first[0][1], first[1][1]]
    assert run.changes() == [Changed(5, 80, 0.5)]
    assert all(number == sequence(event) for number, event in first + rest)  # type: ignore[arg-type]
    writer.close()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    run = new_run(tmp_path)
    writer = Writer(run.path / HISTORY, EXAMPLES)
    with Reader(run.path / HISTORY, run.config.batch_size, run.config.epochs).open() as connection:
        assert connection is not None
        with pytest.raises(sqlite3.OperationalError):
            connection.execute("DELETE FROM meta")
    writer.close()


def test_the_writers_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    run = new_run(tmp_path)
    writer = Writer(run.path / HISTORY, EXAMPLES)
    writer.add(batches(1, 3))
    with pytest.raises(sqlite3.IntegrityError):
        writer.add([*batches(4, 5), *batches(3, 3)])
    assert len(run.events()) == 3
    with pytest.raises(sqlite3.IntegrityError):  # NaN would be NULL: it must not get in unnoticed
        writer.add([Batch(4, 1, 64, float("nan"))])
    writer.close()


@pytest.mark.parametrize("count", [1, 7, 8, 9, 63, 64, 65, 511, 513, 4097, 20_000])
def test_a_curve_of_any_length_has_at_most_the_points_asked_for_and_hides_no_extreme(
    count: int, tmp_path: Path
) -> None:
    run = new_run(tmp_path)
    writer = Writer(run.path / HISTORY, EXAMPLES)
    start = 0
    for size in (1, 3, 5, 64, 100, 1000, 30_000):  # flushes of every size
        last = min(start + size, count)
        if last > start:
            writer.add(batches(start + 1, last))
        start = last
    losses = np.array([loss_of(step) for step in range(1, count + 1)])
    for points in (100, 1500):
        curve = run.curve(points)
        assert len(curve.loss) == len(curve.seen) <= points
        assert curve.low.min() == losses.min()
        assert curve.high.max() == losses.max()
        assert (np.diff(curve.seen) > 0).all()
        assert curve.seen[-1] == writer_seen(count)
        if count <= points // 2:
            assert curve.loss.tolist() == losses.tolist()
    writer.close()


def writer_seen(step: int) -> int:
    """Batches of 16 of 1000 examples: 63 an epoch, the last one of 8."""
    epochs, rest = divmod(step, 63)
    return epochs * EXAMPLES + rest * 16


def test_a_point_of_a_long_curve_is_the_mean_of_its_batches(tmp_path: Path) -> None:
    run = new_run(tmp_path)
    writer = Writer(run.path / HISTORY, EXAMPLES)
    writer.add(batches(1, 6400))
    curve = run.curve(200)
    first = [loss_of(step) for step in range(1, 65)]
    assert curve.seen[0] == writer_seen(64)
    assert curve.loss[0] == pytest.approx(np.mean(first))
    assert (curve.low[0], curve.high[0]) == (min(first), max(first))
    writer.close()


def test_what_came_after_a_checkpoint_is_forgotten_and_comes_again_under_the_same_numbers(tmp_path: Path) -> None:
    run = new_run(tmp_path)
    writer = Writer(run.path / HISTORY, EXAMPLES)
    writer.add([*batches(1, 40), Changed(40, 640, 0.5), *batches(41, 100)])
    before, curve = run.events(), run.curve(50)
    writer.truncate(40)
    assert [event.step for _, event in run.events()] == list(range(1, 41))
    assert run.changes() == []
    writer.add([Changed(40, 640, 0.5), *batches(41, 100)])
    assert run.events() == before
    assert all(
        np.array_equal(a, b) for a, b in zip(vars(run.curve(50)).values(), vars(curve).values(), strict=True)
    )
    writer.truncate(None)
    assert run.events() == []
    writer.close()


def test_numbers_of_one_step_are_ordered_as_things_happen() -> None:
    in_order: list[History] = [
        Batch(4, 1, 60, 1.0),
        Saved(4, 1, 60, "epoch-1"),
        Changed(4, 60, 0.1),
        Finished(4, 1, 60),
        Batch(5, 2, 76, 1.0),
    ]
    numbers = [sequence(event) for event in in_order]
    assert numbers == sorted(numbers)
    assert numbers[0] == 4 * PLACES


def test_commands_and_life_are_kept(tmp_path: Path) -> None:
    run = new_run(tmp_path)
    writer = Writer(run.path / HISTORY, EXAMPLES)
    writer.add_change(3, 0.5)
    writer.add_change(3, 0.25)
    writer.add_life(17.0, Started(0))
    assert run.commands() == {3: 0.25}
    assert run.life() == [(17.0, Started(0))]
    writer.close()


@pytest.mark.parametrize("run_id", ["..", "../x", "/etc", "", "a/b", "A", "x" * 50, "\0", "💥", None, "C:\\x", "."])
def test_what_is_no_id_is_no_run_and_never_a_path(run_id: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(SMALL.to_json())
    with pytest.raises(InvalidSetting, match="there is no run"):
        RunFolder(tmp_path / "runs", run_id)
    with pytest.raises(InvalidSetting):
        run_folder.delete(tmp_path / "runs", run_id)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("../../etc/passwd", "../../etc/passwd"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("  two\n lines\t", "two lines"),
        ("学习 🎉", "学习 🎉"),
        ("CON", "CON"),
        ("a\0b\x1b[31m", "a b [31m"),
    ],
)
def test_a_name_is_plain_text_and_no_part_of_a_path(typed: str, name: str, tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, SMALL, typed)
    run.rename(typed)
    assert RunFolder(tmp_path, run.id).name == name
    assert [path.name for path in tmp_path.iterdir()] == [run.id]


@pytest.mark.parametrize("name", ["x" * 10_000, "\n\t", "\0"])
def test_a_name_that_cannot_be_is_refused(name: str, tmp_path: Path) -> None:
    run = new_run(tmp_path)
    with pytest.raises(InvalidSetting):
        run.rename(name)


def test_a_run_without_a_name_is_named_by_its_settings(tmp_path: Path) -> None:
    assert run_folder.create(tmp_path, TrainConfig(threads=1)).name == "mnist sgd lr 0.01 batch 64 ×3"


def test_the_lock_and_not_the_file_says_whether_a_run_is_alive(tmp_path: Path) -> None:
    run = new_run(tmp_path)
    write_status(run.path, Status(state="running", examples_per_second=100.0))
    assert run.status().state == "interrupted"
    assert run.status().examples_per_second is None
    lock = Lock(run.path / WORKER_LOCK)
    assert lock.acquire()
    assert run.status().state == "running"
    assert not Lock(run.path / WORKER_LOCK).acquire(patience=0.05)
    with pytest.raises(InvalidSetting, match="still training"):
        run_folder.delete(tmp_path, run.id)
    lock.release()
    assert not is_held(run.path / WORKER_LOCK)
    queue = Lock(run.path / QUEUE_LOCK)
    assert queue.acquire()
    assert run.status().state == "waiting"
    queue.release()
    write_status(run.path, Status(state="paused"))
    assert run.status().state == "paused"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"state": 3, "x": 1}', b"\xff", b"null"])
def test_a_status_that_cannot_be_read_is_an_interrupted_run(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "status.json").write_bytes(content)
    assert read_status(tmp_path).state == "interrupted"


def test_a_run_that_its_worker_takes_between_two_looks_is_not_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locks = {QUEUE_LOCK}

    def is_held(path: Path) -> bool:
        result = path.name in locks
        locks.add(WORKER_LOCK)  # as _hand_over in core/training/worker_pool.py
        locks.discard(QUEUE_LOCK)
        return result

    monkeypatch.setattr("core.training.status.is_held", is_held)
    assert read_status(tmp_path).state == "running"


def test_a_thousand_runs_are_listed_at_once(tmp_path: Path) -> None:
    for number in range(1000):  # made by hand: `create` waits for the disk each time
        folder = tmp_path / f"20260101-000000-{number:08x}"
        folder.mkdir()
        (folder / "config.json").write_text(SMALL.to_json())
        (folder / "name.json").write_text(f'{{"name": "run {number}", "created": {number}}}')
        (folder / "status.json").write_text('{"state": "finished", "best_accuracy": 0.5}')
        (folder / WORKER_LOCK).touch()
    assert within(200, lambda: run_folder.list_runs(tmp_path))
    runs = run_folder.list_runs(tmp_path)
    assert len(runs) == 1000
    assert runs[0].name == "run 999"
    assert {run.status.state for run in runs} == {"finished"}


def test_a_run_whose_settings_cannot_be_read_is_listed_without_them(tmp_path: Path) -> None:
    run = new_run(tmp_path)
    (run.path / "config.json").write_text("{")
    (tmp_path / "not a run").mkdir()
    (tmp_path / "notes.txt").touch()
    assert [(each.name, each.config) for each in run_folder.list_runs(tmp_path)] == [("first", None)]
    run_folder.delete(tmp_path, run.id)
    assert run_folder.list_runs(tmp_path) == []


def test_lineage_goes_back_to_the_first_ancestor_even_when_one_is_gone(tmp_path: Path) -> None:
    a = run_folder.create(tmp_path, SMALL, "a")
    b = run_folder.create(tmp_path, SMALL.with_(parent=Parent(a.id, "epoch-1", 1, 60)), "b")
    c = run_folder.create(tmp_path, SMALL.with_(parent=Parent(b.id, "epoch-1", 2, 120)), "c")
    assert run_folder.lineage(tmp_path, c.id) == [a.id, b.id, c.id]
    run_folder.delete(tmp_path, a.id)
    assert run_folder.lineage(tmp_path, c.id) == [a.id, b.id, c.id]
