"""What is exported from a run: a script with the same losses, curves and archives with the same numbers."""

from __future__ import annotations

import csv
import io
import json
import math
import stat
import zipfile
from pathlib import Path

import pytest
import torch

from core import datasets
from core.errors import InvalidSetting
from core.export.training_script import training_script
from core.file_kind import NamedFile
from core.training import archive, checkpoint, curves, manifest, run_folder
from core.training.config import Parent, TrainConfig
from core.training.events import Changed, Finished, Saved
from core.training.loop import TrainState, new_state, train
from core.training.run_folder import CHECKPOINTS, HISTORY, RunFolder
from core.training.schedule import Schedule
from core.training.status import Status, write_status
from core.training.store import Writer
from tests.training.comparing import curves_of, printed
from tests.training.data import SMALL, tiny_dataset

STACK = "stack:1x28x28~conv-o4-k5~norm~max-k4~relu~dropout~flatten~linear-i144-o10"
DIGITS = TrainConfig(dataset="digits", epochs=1, batch_size=128, log_interval=1, threads=1)


def test_the_script_of_a_run_prints_its_losses_to_the_last_bit(tmp_path: Path) -> None:
    events = list(train(DIGITS, datasets.load("digits"), changes={4: 0.05}))
    changes = [event for event in events if isinstance(event, Changed)]
    script = training_script(DIGITS, changes)
    assert "import core" not in script
    assert "from core" not in script
    assert printed(script, tmp_path) == curves_of(events)


SETTINGS = {
    "step": {"schedule": "step", "gamma": 0.5, "epochs": 2, "initialisation": "xavier"},
    "cosine, clipped": {"schedule": "cosine", "clip_norm": 0.5, "initialisation": "kaiming"},
    "one cycle, augmented": {"schedule": "one_cycle", "shift": 2, "rotate": 10.0, "network": STACK},
    "warm-up, early": {"schedule": "warm_up", "epochs": 9, "learning_rate": 0.9, "patience": 1, "batch_size": 700},
    "normal": {"initialisation": "normal", "network": "lenet5", "clip_norm": 1.0},
}


@pytest.mark.parametrize("name", SETTINGS)
def test_the_script_has_every_setting_and_prints_the_same_losses(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = DIGITS.with_(**SETTINGS[name])
    changes = {5: 0.02} if name == "one cycle, augmented" else {}
    events = list(train(config, datasets.load("digits"), changes=changes))
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    script = training_script(config, [event for event in events if isinstance(event, Changed)])
    exec(compile(script, "train.py", "exec"), names)
    assert (names["train_losses"], names["test_losses"]) == curves_of(events)
    assert "#\n" not in script  # no line is left over


@pytest.mark.parametrize("schedule", ["step", "cosine", "one_cycle", "warm_up"])
def test_the_script_on_a_card_steps_a_scheduler_beside_the_optimizer(schedule: str) -> None:
    script = training_script(DIGITS.with_(device="cuda", schedule=schedule), [Changed(4, 512, 0.05)])
    compile(script, "train.py", "exec")
    assert "min(learning_rate_after): step_scheduler()" in script


@pytest.mark.parametrize("optimizer", ["sgd", "nesterov", "adam", "rmsprop"])
def test_the_script_of_a_run_on_a_card_asks_for_equal_bits_and_keeps_its_rate_there(optimizer: str) -> None:
    script = training_script(DIGITS.with_(device="cuda", optimizer=optimizer), [Changed(4, 512, 0.05)])
    compile(script, "train.py", "exec")
    assert "torch.use_deterministic_algorithms(True)" in script
    assert "lr=torch.tensor(learning_rate, device=device)" in script
    assert "channels_last" not in script


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")
@pytest.mark.parametrize("optimizer", ["sgd", "nesterov", "adam", "rmsprop"])
def test_on_a_card_the_script_prints_the_runs_losses_to_the_last_bit(optimizer: str, tmp_path: Path) -> None:
    config = DIGITS.with_(device="cuda", optimizer=optimizer, learning_rate=0.002)
    if optimizer == "nesterov":
        config = config.with_(shift=2, rotate=10.0, clip_norm=0.5, initialisation="xavier")
    events = list(train(config, datasets.load("digits"), changes={4: 0.001}))
    changes = [event for event in events if isinstance(event, Changed)]
    assert printed(training_script(config, changes), tmp_path) == curves_of(events)


@pytest.mark.parametrize(
    ("network", "optimizer"), [("lenet5", "adam"), ("lenet3", "nesterov"), (STACK, "rmsprop"), ("mnist", "sgd")]
)
def test_the_script_of_every_network_and_optimizer_does_the_same(network: str, optimizer: str) -> None:
    config = DIGITS.with_(network=network, optimizer=optimizer, learning_rate=0.002, dropout=network != "mnist")
    names: dict[str, object] = {}
    exec(compile(training_script(config), "train.py", "exec"), names)  # in this process: sparing an import of torch
    assert (names["train_losses"], names["test_losses"]) == curves_of(list(train(config, datasets.load("digits"))))


def test_the_script_of_mnist_reads_the_four_files(mnist_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWISE_DATA", str(mnist_folder))
    script = training_script(TrainConfig(threads=1)).split("\ntest(0)\n")[0]  # all but the training itself
    names: dict[str, object] = {}
    exec(compile(script, "train.py", "exec"), names)
    data = datasets.load("mnist")
    assert (names["train_images"] == datasets.normalise(data.train_images)).all()  # type: ignore[attr-defined]
    assert (names["test_labels"] == data.test_labels).all()  # type: ignore[attr-defined]


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_the_script_of_a_run_that_goes_on_takes_up_the_downloaded_files(
    optimizer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = DIGITS.with_(optimizer=optimizer)
    data, state = datasets.load("digits"), new_state(config)
    list(train(config, data, state))
    times = Schedule.of(config, len(data.train_labels))
    path = checkpoint.write(tmp_path, "epoch-1", checkpoint.capture(state, config, times))
    child = config.with_(parent=Parent("a", "epoch-1", epochs=1, seen=1437))
    events = list(train(child, data, checkpoint.inherit(child, checkpoint.load(path))))
    monkeypatch.chdir(path)  # where model.pth and optimizer.pth are
    names: dict[str, object] = {}
    exec(compile(training_script(child), "train.py", "exec"), names)
    assert (names["train_losses"], names["test_losses"]) == curves_of(events)


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    """A finished run of two epochs with a change of the learning rate, made without a worker."""
    data, state = tiny_dataset(), new_state(SMALL)
    new_run = run_folder.create(tmp_path / "runs", SMALL, "学习 <b>run</b>")
    writer = Writer(new_run.path / HISTORY, len(data.train_labels))
    writer.add_change(3, 0.05)
    for event in train(SMALL, data, state, {3: 0.05}):
        writer.add([event])
        if isinstance(event, Saved):
            save(new_run, event.checkpoint, state)
        if isinstance(event, Finished):
            write_status(new_run.path, Status(state="finished", step=8, steps=8))
    writer.close()
    return new_run


def save(run: RunFolder, name: str, state: TrainState) -> None:
    times = Schedule.of(run.config, 60)
    checkpoint.write(run.path / CHECKPOINTS, name, checkpoint.capture(state, run.config, times))


def test_the_csv_has_a_line_for_every_batch_and_test(run: RunFolder) -> None:
    rows = list(csv.DictReader(io.StringIO(curves.csv(run).decode())))
    training, tests = curves_of([event for _, event in run.events()])
    assert [float(row["training_loss"]) for row in rows if row["training_loss"]] == training
    assert [float(row["test_loss"]) for row in rows if row["test_loss"]] == tests
    assert [float(row["learning_rate"]) for row in rows if row["training_loss"]] == [0.01] * 3 + [0.05] * 5


def test_the_csv_has_the_rate_of_every_batch_under_a_schedule(tmp_path: Path) -> None:
    config = SMALL.with_(schedule="step", gamma=0.5)
    run = run_folder.create(tmp_path / "runs", config, "halving")
    writer = Writer(run.path / HISTORY, 60)
    writer.add(list(train(config, tiny_dataset())))
    writer.close()
    rows = list(csv.DictReader(io.StringIO(curves.csv(run).decode())))
    assert [float(row["learning_rate"]) for row in rows if row["training_loss"]] == [0.01] * 4 + [0.005] * 4


def test_tensorboard_reads_the_same_numbers(run: RunFolder, tmp_path: Path) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    (tmp_path / "events.out.tfevents.1").write_bytes(curves.tensorboard(run))
    accumulator_ = accumulator.EventAccumulator(str(tmp_path / "events.out.tfevents.1")).Reload()
    training, tests = curves_of([event for _, event in run.events()])
    assert [point.value for point in accumulator_.Scalars("loss/training")] == training
    assert [point.value for point in accumulator_.Scalars("loss/test")] == pytest.approx(tests, rel=1e-6)
    assert [point.step for point in accumulator_.Scalars("accuracy/test")] == [0, 60, 120]


def test_an_archive_brings_the_whole_run_back_under_another_id(run: RunFolder, tmp_path: Path) -> None:
    root = tmp_path / "elsewhere"
    copy = RunFolder(root, archive.import_run(root, NamedFile("run.zip", archive.export_run(run))))
    assert copy.id != run.id
    assert (copy.name, copy.config, copy.created) == (run.name, run.config, run.created)
    assert copy.events() == run.events()
    assert copy.commands() == run.commands() == {3: 0.05}
    assert copy.status().state == "finished"
    assert copy.status().best_accuracy == max(test.accuracy for test in run.tests())
    for mine, theirs in zip(run.checkpoints(), copy.checkpoints(), strict=True):
        assert (theirs.path / "model.pth").read_bytes() == (mine.path / "model.pth").read_bytes()
        checkpoint.load(theirs.path)


def changed(content: bytes, **members: bytes) -> bytes:
    """The archive with members replaced or added; ``__`` in a name stands for ``/``, ``_dot_`` for ``.``."""
    buffer = io.BytesIO()
    new = {name.replace("__", "/").replace("_dot_", "."): value for name, value in members.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as archive_:
        for name in old.namelist():
            if name not in new:
                archive_.writestr(name, old.read(name))
        for name, value in new.items():
            archive_.writestr(name, value)
    return buffer.getvalue()


def manifest_with(run: RunFolder, **values: object) -> bytes:
    """The manifest of its checkpoint "epoch-1" with other values."""
    return json.dumps(manifest.read(run.checkpoint("epoch-1").path) | values).encode()


def with_link(content: bytes) -> bytes:
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as archive_:
        link = zipfile.ZipInfo("checkpoints/epoch-9/model.pth")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive_.writestr(link, "/etc/passwd")
    return buffer.getvalue()


def bomb(content: bytes) -> bytes:
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive_:
        archive_.writestr("checkpoints/epoch-9/model.pth", bytes(50_000_000))
    return buffer.getvalue()


def test_hostile_archives_are_refused_and_nothing_appears(run: RunFolder, tmp_path: Path) -> None:
    good = archive.export_run(run)
    event = b'{"event":"tested","step":0,"epoch":0,"seen":0,"loss":"x","accuracy":1,"confusion":[],"mistakes":[]}\n'
    manifest_name = "checkpoints__epoch-1__manifest.json"
    hostile = {
        "empty": b"",
        "half": good[: len(good) // 2],
        "no zip": b"PK" * 1000,
        "outside": changed(good, **{"..__..__evil": b"x"}),
        "absolute": changed(good, __etc__evil=b"x"),
        "outside among checkpoints": changed(good, **{"checkpoints__.._evil__model_dot_pth": b"x"}),
        "backslash": changed(good, **{"checkpoints\\..\\evil": b"x"}),
        "an unknown file": changed(good, evil_dot_py=b"x"),
        "a database": changed(good, history_dot_sqlite=b"x"),
        "a link": with_link(good),
        "a bomb": bomb(good),
        "invalid settings": changed(good, config_dot_json=b'{"epochs": 1000000000}'),
        "settings that are a list": changed(good, config_dot_json=b"[]"),
        "a name too long": changed(good, name_dot_json=b'{"name": "' + b"x" * 9000 + b'", "created": 1}'),
        "a time after all calendars": changed(good, name_dot_json=b'{"name": "a", "created": 1e12}'),
        "no time": changed(good, name_dot_json=b'{"name": "a", "created": "now"}'),
        "too many losses": changed(good, losses_dot_f64=bytes(8 * 9)),
        "losses that are NaN": changed(good, losses_dot_f64=b"\xff" * 64),
        "half a loss": changed(good, losses_dot_f64=b"\0" * 63),
        "events that are none": changed(good, events_dot_jsonl=b'{"event":"evil"}\n'),
        "events of wrong types": changed(good, events_dot_jsonl=event),
        "nested json": changed(good, run_dot_json=b"[" * 100_000),
        "a step without end": changed(good, **{manifest_name: manifest_with(run, step=math.inf)}),
        "a step before the first": changed(good, **{manifest_name: manifest_with(run, step=-1)}),
        "a checkpoint without a manifest": changed(good, **{"checkpoints__epoch-9__model.pth": b"x"}),
        "examples without end": changed(good, run_dot_json=b'{"examples": 1e999, "commands": [], "life": []}'),
    }
    root = tmp_path / "elsewhere"
    for kind, content in hostile.items():
        with pytest.raises(InvalidSetting):
            archive.import_run(root, NamedFile("run.zip", content))
            pytest.fail(f"taken in: {kind}")
        assert list(root.iterdir()) == [], kind
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere", "runs"]


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html>", "is a web page"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer"),
        (b"\x1f\x8b\x08", "packed with gzip"),
        (b"\x89HDF\r\n\x1a\n", "HDF5 (Keras, h5py), not a run that was exported here"),
        (b"PK\x03\x04" + bytes(40), "cut off or damaged"),
        (b"hello", "is not a run that was exported here"),
    ],
)
def test_a_file_that_is_no_run_is_told_for_what_it_is(content: bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting) as refused:
        archive.import_run(tmp_path, NamedFile("mine.zip", content))
    assert str(refused.value).startswith("mine.zip") and words in str(refused.value)


def test_weights_are_not_taken_for_a_run(run: RunFolder, tmp_path: Path) -> None:
    content = (run.checkpoints()[-1].path / "model.pth").read_bytes()
    with pytest.raises(InvalidSetting, match=r"model\.pth is of the format torch\.save, not a run"):
        archive.import_run(tmp_path, NamedFile("model.pth", content))


def test_a_flipped_bit_in_an_archive_never_changes_a_run_silently(run: RunFolder, tmp_path: Path) -> None:
    good = archive.export_run(run)
    for place in range(0, len(good), len(good) // 40):
        flipped = bytearray(good)
        flipped[place] ^= 16
        root = tmp_path / f"at-{place}"
        try:
            copy = RunFolder(root, archive.import_run(root, NamedFile("run.zip", bytes(flipped))))
        except InvalidSetting:
            continue
        assert copy.events() == run.events()
        for point in copy.checkpoints():
            checkpoint.load(point.path)
