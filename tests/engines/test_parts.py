"""The parts of the cluster's engine: versions, the choice of an engine, the mirror's order, joining, packages."""

from __future__ import annotations

import argparse
import importlib.util
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engines import join, mirror, node, selection, versions
from core.engines.messages import Cursor, Facts, Package, Update, Versions
from core.engines.mirror import Mirror, OutOfOrder
from core.errors import InvalidSetting
from core.examination import store as examination
from core.fair_queue import FairQueue
from core.training import run_folder
from core.training.config import TrainConfig
from core.training.events import Batch, Finished, Saved, Started, from_json, to_json
from core.training.files import Lock
from core.training.store import Writer, sequence
from core.training.worker_pool import WorkerPool

OURS = Versions("3.12.1", "2.12.0", "0123456789ab")
FACTS = Facts(OURS, "a processor", ("digits",))
CONFIG = TrainConfig(dataset="digits", epochs=2, threads=1)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"python": "3.11.9"}, "n has Python 3.11.9 and this server 3.12.1: install the same on both"),
        ({"torch": "2.11.0"}, "n has torch 2.11.0 and this server 2.12.0: install the same on both"),
        (
            {"source": "f" * 12},
            "n has Stepwise ffffffffffff and this server 0123456789ab: install the same on both",
        ),
    ],
)
def test_each_version_that_differs_is_named(changed: dict[str, str], sentence: str) -> None:
    versions.check("n", OURS, OURS)
    with pytest.raises(InvalidSetting) as caught:
        versions.check("n", replace(OURS, **changed), OURS)
    assert str(caught.value) == sentence


def test_the_source_is_the_same_whatever_ends_its_lines_and_changes_with_every_file(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x = 1\ny = 2\n")
    first = versions.source_hash(tmp_path)
    (tmp_path / "a.py").write_bytes(b"x = 1\r\ny = 2\r\n")
    (tmp_path / "notes.txt").write_text("nothing that runs")
    assert versions.source_hash(tmp_path) == first
    (tmp_path / "b.py").write_text("")
    assert versions.source_hash(tmp_path) != first


def test_the_environment_chooses_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("", "processes"):
        engine = selection.engine(3, standby=False, environment={"STEPWISE_ENGINE": value})
        assert type(engine) is WorkerPool and engine.limit == 3
    with pytest.raises(InvalidSetting, match="STEPWISE_ENGINE must be processes / ray, not slurm"):
        selection.engine(environment={"STEPWISE_ENGINE": "slurm"})
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(InvalidSetting, match=r"needs Ray: pip install -r requirements-cluster\.txt"):
        selection.engine(environment={"STEPWISE_ENGINE": "ray"})


def test_a_machine_joins_without_statistics_and_dashboard_and_with_the_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("RAY_AUTH_MODE", raising=False)
    head = join.command(argparse.Namespace(head=True, address="", host="192.0.2.1", runs=4))
    other = join.command(argparse.Namespace(head=False, address="192.0.2.1:6379", host="", runs=8))
    assert {"--head", "--include-dashboard=false", "--node-ip-address=192.0.2.1", "--num-cpus=4"} <= set(head)
    assert {"--address=192.0.2.1:6379", "--num-cpus=8"} <= set(other) and "--head" not in other
    assert all("--disable-usage-stats" in command for command in (head, other))
    assert join.environment()["RAY_AUTH_MODE"] == "token"


def batch(step: int) -> tuple[int, Batch]:
    event = Batch(step, 1, step * 64, 1.0 / step)
    return sequence(event), event


def begun(step: int, checkpoint: str = "") -> Update:
    return Update(Cursor(), examples=1437, life=((1.0, Started(step, checkpoint)),))


@pytest.fixture
def mirrored(tmp_path: Path) -> Mirror:
    return Mirror(run_folder.create(tmp_path, CONFIG).path, "n", FACTS)


def events_of(mirrored: Mirror) -> list[int]:
    run = run_folder.RunFolder(mirrored.folder.parent, mirrored.folder.name)
    return [number for number, _event in run.events()]


@pytest.mark.parametrize("steps", [[2], [1, 3], [1, 1], [1, 2, 1], [2, 1]])
def test_events_with_a_gap_twice_or_out_of_order_are_not_written(mirrored: Mirror, steps: list[int]) -> None:
    mirrored.apply(begun(0))
    with pytest.raises(OutOfOrder):
        mirrored.apply(Update(Cursor(), events=tuple(map(batch, steps))))
    assert events_of(mirrored) == []
    mirrored.apply(Update(Cursor(), events=(batch(1), batch(2))))
    with pytest.raises(OutOfOrder):
        mirrored.apply(Update(Cursor(), events=(batch(2),)))
    assert events_of(mirrored) == [8, 16]
    mirrored.close()


def test_what_a_lost_node_did_after_its_last_checkpoint_is_replaced(mirrored: Mirror) -> None:
    mirrored.apply(begun(0))
    saved = Saved(2, 1, 128, "epoch-1")
    mirrored.apply(Update(Cursor(), events=(batch(1), batch(2), (sequence(saved), saved), batch(3), batch(4))))
    mirrored.close()
    after = Mirror(mirrored.folder, "m", FACTS)
    after.apply(begun(2, "epoch-1"))
    assert events_of(after) == [8, 16, 18]
    after.apply(Update(Cursor(), events=(batch(3),)))
    after.close()
    assert events_of(after) == [8, 16, 18, 24]
    place = mirror.last_place(mirrored.folder)
    assert place is not None
    assert (place.node, place.torch, place.processor) == ("m", "2.12.0", "a processor")
    assert from_json(to_json(place)) == place


def test_a_checkpoint_is_written_whole_under_its_own_name_only(tmp_path: Path) -> None:
    mirror.write_checkpoint(tmp_path, "epoch-1", {"manifest.json": b"{}"})
    assert (tmp_path / "epoch-1" / "manifest.json").read_bytes() == b"{}"
    for name, file in (("../epoch-2", "a"), ("epoch-2", "../a"), ("epoch-2", "/tmp/a"), (".x", "a")):
        with pytest.raises(ValueError):
            mirror.write_checkpoint(tmp_path, name, {file: b""})
    assert [path.name for path in tmp_path.iterdir()] == ["epoch-1"]


def test_automatic_checkpoints_go_when_the_node_has_newer_ones(tmp_path: Path) -> None:
    for name in ("auto-1", "auto-2", "epoch-1"):
        mirror.write_checkpoint(tmp_path, name, {"manifest.json": b"{}"})
    mirror.thin(tmp_path, frozenset({"auto-2", "auto-3"}))  # the newest is still on its way
    assert len(list(tmp_path.iterdir())) == 3
    mirror.thin(tmp_path, frozenset({"auto-2"}))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["auto-2", "epoch-1"]


def test_a_node_takes_no_run_that_is_none(tmp_path: Path) -> None:
    there = node.Node(WorkerPool(1, standby=False))
    try:
        for key, run in (("k", "../run"), ("../k", "run"), ("k", "")):
            with pytest.raises(ValueError):
                there.begin(key, Package(run, {}, {}, 0, 0))
        assert [path.name for path in there.folder.iterdir()] == [node.MARK]
        assert there.facts().versions == versions.here()
    finally:
        there.close()
    assert not there.folder.exists() and tmp_path.exists()


def test_a_package_holds_what_a_node_needs_and_nothing_after_the_history(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, CONFIG)
    writer = Writer(run.path / run_folder.HISTORY, 1437)
    writer.add([event for _number, event in map(batch, range(1, 31))])
    writer.add_change(7, 0.5)
    writer.close()
    for step in (10, 20, 30, 40):
        where = f'{{"step": {step}, "epoch": 1, "seen": 1, "epochs_begun": 1}}'.encode()
        mirror.write_checkpoint(run.path / run_folder.CHECKPOINTS, f"auto-{step}", {"manifest.json": where})
    parcel = mirror.package(run.path, 5)
    assert sorted(parcel.files) == [
        "checkpoints/auto-20/manifest.json",
        "checkpoints/auto-30/manifest.json",
        "config.json",
        "name.json",
    ]
    assert (parcel.furthest, parcel.examples, parcel.changes, parcel.batches) == (30, 1437, {7: 0.5}, 5)
    assert mirror.newest_step(run.path) == 30
    node.unpack(tmp_path / "there" / run.id, parcel)
    there = run_folder.RunFolder(tmp_path / "there", run.id)
    assert (there.config, there.commands(), len(there.losses())) == (CONFIG, {7: 0.5}, 1)
    assert node.cursor_of(parcel).checkpoints == {"auto-20", "auto-30"}


def test_an_update_is_cut_and_the_end_of_a_run_comes_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node, "EVENTS_MOST", 3)
    run = run_folder.create(tmp_path, CONFIG)
    (run.path / "status.json").write_text('{"state": "finished", "step": 8}')
    writer = Writer(run.path / run_folder.HISTORY, 1437)
    writer.add_life(1.0, Started(0))
    writer.add([*(event for _number, event in map(batch, range(1, 9))), Finished(8, 2, 512)])
    writer.close()
    numbers: list[int] = []
    cursor, ends = Cursor(), []
    while (news := node.update(run.path, cursor, 0, active=False)) is not None:
        numbers += [number for number, _event in news.events]
        cursor = news.cursor
        ends.append((news.over, news.status is not None))
    assert numbers == [8, 16, 24, 32, 40, 48, 56, 64, 69]
    assert ends == [(False, False), (False, False), (False, False), (True, True)]


def test_the_names_of_files_are_those_that_write_them() -> None:
    assert run_folder.EXAMINATION == examination.FILE


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=20))
def test_what_lost_its_turn_comes_before_all_others_and_costs_its_owner_none(lost: list[tuple[str, bool]]) -> None:
    waiting: FairQueue[int] = FairQueue()
    for item, (owner, again) in enumerate(lost):
        waiting.put(owner, item, again)
    first = [item for item, (_owner, again) in enumerate(lost) if again]
    order = waiting.in_order()
    assert set(order[: len(first)]) == set(first)
    assert [waiting.take() for _ in range(len(waiting))] == order
    assert waiting.turns == len(lost) - len(first)
    assert not waiting.again


def test_a_run_that_is_forgotten_while_it_is_read_does_not_end_its_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = node.Node(WorkerPool(1, standby=False))
    monkeypatch.setattr(there.pool, "enter", lambda *_: None)
    run = run_folder.create(tmp_path, CONFIG)
    read_names = node.checkpoint_names

    def forgotten(folder: Path) -> list[str]:
        there.forget("k")
        return read_names(folder)

    try:
        there.begin("k", mirror.package(run.path, None))
        assert list(there.news({}, 0.0)) == ["k"]
        monkeypatch.setattr(node, "checkpoint_names", forgotten)
        assert there.news({}, 0.0) == {}
        there.begin("l", mirror.package(run.path, None))
        monkeypatch.setattr(node, "checkpoint_names", lambda _folder: 1 / 0)
        assert there.news({}, 0.0)["l"].error.startswith("ZeroDivisionError")
    finally:
        there.close()


def test_the_folder_of_a_node_that_was_killed_is_deleted_by_the_next_one(tmp_path: Path) -> None:
    for name in ("stepwise-node-left", "stepwise-node-held", "stepwise-node-new", "another"):
        (tmp_path / name).mkdir()
    lock = Lock(tmp_path / "stepwise-node-held" / node.MARK)
    assert lock.acquire()
    for name in ("stepwise-node-left", "stepwise-node-held", "another"):
        os.utime(tmp_path / name, (0, 0))
    node.remove_left_behind(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "another",
        "stepwise-node-held",
        "stepwise-node-new",
    ]
    lock.release()
