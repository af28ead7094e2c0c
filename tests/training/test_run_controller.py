"""A run's life, command by command, kills included: its history is that of the run that nothing happened to."""

from __future__ import annotations

import errno
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import datasets
from core.training import checkpoint, checkpoint_writer, files, run_folder, status, store
from core.training.config import SCHEDULES, TrainConfig
from core.training.events import Batch, Changed, Diverged, Interrupted, Paused, Resumed, Started, Stopped
from core.training.loop import train
from tests.examples import up_to
from tests.training.lives import CONFIG, DATA, STEPS, assert_is_the_run_that_nothing_happened_to, live


@pytest.fixture(autouse=True)
def _tiny_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "load", lambda _name: DATA)
    monkeypatch.setattr(
        checkpoint_writer, "AUTO_SECONDS", 0.0
    )  # an automatic checkpoint whenever the last one is written
    monkeypatch.setattr(checkpoint_writer, "AUTO_SHARE", 1e9)
    monkeypatch.setattr(files.os, "fsync", lambda _: None)  # no power cut is simulated here


def test_a_run_that_nothing_happens_to_finishes(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, CONFIG)
    assert live(run) == 0
    assert_is_the_run_that_nothing_happened_to(run)
    assert [type(event) for _, event in run.life()] == [Started]
    assert [point.name for point in run.all_checkpoints()] == ["epoch-0", "epoch-1", "epoch-2", "epoch-3"]


def test_a_run_that_was_killed_goes_on_as_if_nothing_had_been(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, CONFIG)
    assert live(run, (2, {"do": "learning_rate", "value": 0.05}), (6, {"do": "kill"})) is None
    assert run.status().state == "interrupted"
    assert live(run, (11, {"do": "kill"})) is None
    assert live(run) == 0
    assert_is_the_run_that_nothing_happened_to(run)
    assert [type(event) for _, event in run.life()] == [Started] * 3
    assert Changed(2, 32, 0.05) in run.changes()


def test_pause_one_batch_one_epoch_and_resume_stop_where_they_should(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, CONFIG)
    life = [
        (2, {"do": "pause"}),
        (2, {"do": "batch"}),
        (3, {"do": "epoch"}),
        (4, {"do": "epoch"}),
        (8, {"do": "resume"}),
    ]
    assert live(run, *life, batches=1) == 0
    events = [event for _, event in run.life()]
    paused = [event.step for event in events if isinstance(event, Paused)]
    assert paused == [1, 2, 4, 8]  # `batches=1`; then "pause" found it paused; one batch; two ends of an epoch
    assert_is_the_run_that_nothing_happened_to(run)


def test_a_paused_run_stays_paused_when_its_worker_leaves_and_goes_on_from_there(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, CONFIG)
    assert live(run, (5, {"do": "pause"})) == 0
    assert run.status().state == "paused"
    assert run.status().step == 5
    assert run.checkpoints()[-1].name == "step-5"
    assert live(run) == 0
    assert_is_the_run_that_nothing_happened_to(run)


def test_a_stopped_run_keeps_its_state_and_can_still_go_on(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, CONFIG)
    assert live(run, (7, {"do": "stop"})) == 0
    assert run.status().state == "stopped"
    assert run.life()[-1][1] == Stopped(7, "step-7")
    assert live(run) == 0
    assert_is_the_run_that_nothing_happened_to(run)


def test_leaving_checkpoints_and_says_interrupted(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, CONFIG)
    assert live(run, (6, {"do": "leave"})) == 0
    assert run.status().state == "interrupted"
    assert run.life()[-1][1] == Interrupted(6, "step-6")


def test_a_rate_set_while_a_cut_off_part_is_repeated_waits_for_its_end(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, CONFIG)
    assert live(run, (3, {"do": "pause"}), (3, {"do": "resume"}), (10, {"do": "kill"})) is None
    history = [event for _, event in run.events()]
    for name in [point.name for point in run.all_checkpoints() if point.step > 3]:
        files.remove_whole(run.path / "checkpoints" / name)  # as if no later one had been made
    assert live(run, (4, {"do": "learning_rate", "value": 0.3})) == 0
    last_step = max(event.step for event in history)
    assert set(run.commands()) == {last_step}
    assert [event for _, event in run.events()][: len(history)] == history
    assert_is_the_run_that_nothing_happened_to(run)


def test_a_damaged_checkpoint_is_named_and_the_one_before_it_taken(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, CONFIG)
    assert live(run, (6, {"do": "stop"})) == 0
    path = run.path / "checkpoints" / "step-6" / "model.pth"
    path.write_bytes(path.read_bytes()[:-10])
    assert live(run) == 0
    started = run.life()[-1][1]
    assert isinstance(started, Started)
    assert started.skipped == ("step-6",)
    assert started.step <= 6
    assert_is_the_run_that_nothing_happened_to(run)


def test_a_run_without_any_checkpoint_begins_again(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, CONFIG)
    assert live(run, (2, {"do": "kill"})) is None
    for point in run.all_checkpoints():
        files.remove_whole(point.path)
    assert live(run) == 0
    assert_is_the_run_that_nothing_happened_to(run)


def test_a_diverging_run_stops_keeps_its_last_good_checkpoint_and_says_so(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, CONFIG.with_(learning_rate=1000.0))
    assert live(run) == 0
    assert run.status().state == "diverged"
    last = run.events()[-1][1]
    assert isinstance(last, Diverged)
    weights = checkpoint.load(run.checkpoint(last.checkpoint).path).model
    assert all(value.isfinite().all() for value in weights.values())
    assert all(math.isfinite(event.loss) for _, event in run.events() if isinstance(event, Batch))


def test_an_error_is_told_in_the_status_and_the_run_can_be_taken_up_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_folder.create(tmp_path, CONFIG)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "write_synced", full)
        assert live(run) == 1
    assert run.status().state == "interrupted"
    assert f"the disk with {run.path} is full" in run.status().problem
    assert live(run) == 0
    assert run.status().problem == ""
    assert_is_the_run_that_nothing_happened_to(run)


def test_a_database_that_the_disk_has_no_place_for_is_told_though_no_new_file_can_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_folder.create(tmp_path, CONFIG)

    def no_room(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def fill(writer: store.Writer, _events: object) -> None:
        patch.setattr(status, "replace_file", no_room)  # nor has the disk room for another file
        writer.connection.execute("PRAGMA max_page_count = 1")
        writer.connection.execute("CREATE TABLE large AS SELECT zeroblob(1000000)")

    with monkeypatch.context() as patch:
        patch.setattr(store.Writer, "add", fill)
        assert live(run) == 1
    assert run.status().state == "interrupted"
    assert f"the disk with {run.path} is full" in run.status().problem
    assert live(run) == 0
    assert run.status().problem == ""
    assert_is_the_run_that_nothing_happened_to(run)


def test_a_run_that_stops_early_is_finished_at_its_last_step(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, CONFIG.with_(epochs=40, learning_rate=0.3, patience=1))
    assert live(run, (5, {"do": "kill"})) is None
    assert live(run) == 0
    assert run.status().state == "finished"
    assert run.status().step == run.events()[-1][1].step < run.status().steps
    assert live(run) == 0  # and stays so
    assert [event for _, event in run.events()] == list(train(run.config, DATA))


def test_only_one_worker_can_have_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.training import run_controller

    run = run_folder.create(tmp_path, CONFIG)
    lock = run_controller.Lock(run.path / run_controller.WORKER_LOCK)
    assert lock.acquire()
    monkeypatch.setattr(run_controller.Lock, "acquire", lambda *_: False)
    assert live(run) == 3
    assert run.events() == []
    lock.release()


COMMAND = st.sampled_from(["pause", "resume", "batch", "epoch", "kill", "leave", "stop", "learning_rate"])
LIVES = st.lists(st.tuples(st.integers(0, STEPS), COMMAND, st.sampled_from([0.001, 0.01, 0.1])), max_size=8)


@settings(max_examples=up_to(12))
@given(
    life=LIVES,
    optimizer=st.sampled_from(["sgd", "nesterov", "adam", "rmsprop"]),
    schedule=st.sampled_from(SCHEDULES),
    more=st.sampled_from(
        [{}, {"clip_norm": 0.5, "initialisation": "kaiming"}, {"shift": 2, "rotate": 10.0}, {"patience": 3}]
    ),
)
def test_whatever_happens_to_a_run_its_history_is_a_function_of_settings_and_rates(
    life: list[tuple[int, str, float]],
    optimizer: str,
    schedule: str,
    more: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    rate = 0.01 if optimizer in ("sgd", "nesterov") else 0.001
    config: TrainConfig = CONFIG.with_(optimizer=optimizer, learning_rate=rate, schedule=schedule, **more)
    run = run_folder.create(tmp_path_factory.mktemp("life"), config)
    commands = [(step, {"do": do, "value": value}) for step, do, value in life]
    while run.status().state != "finished":
        ends = next(
            (n for n, (_, command) in enumerate(commands) if command["do"] in ("kill", "leave", "stop")), None
        )
        now, commands = (commands, []) if ends is None else (commands[: ends + 1], commands[ends + 1 :])
        live(run, *now)
    assert_is_the_run_that_nothing_happened_to(run)


def test_resumed_is_said_after_a_pause(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, CONFIG)
    assert live(run, (3, {"do": "pause"}), (3, {"do": "resume"})) == 0
    assert [event for _, event in run.life()][1:] == [Paused(3, "step-3"), Resumed(3)]
