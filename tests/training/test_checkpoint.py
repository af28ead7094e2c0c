"""Checkpoints: going on from any of them is exact, leaving any part out is noticed, a damaged one is named."""

from __future__ import annotations

import hashlib
import io
import json
import math
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from core.errors import InvalidSetting
from core.networks import tutorials
from core.training import checkpoint, files, run_folder
from core.training.checkpoint import FILES, LoadedCheckpoint, Snapshot
from core.training.config import SCHEDULES, TrainConfig
from core.training.events import Batch, Event, Saved
from core.training.loop import TrainState, new_state, train
from core.training.manifest import FILE as MANIFEST
from core.training.schedule import Schedule
from tests.training.comparing import digest
from tests.training.data import SMALL, tiny_dataset

LIGHT = True  # it imports from a module that starts runs, and starts none itself

DATA = tiny_dataset()
NORM = "stack:1x28x28~conv-o4-k5~norm~max-k4~relu~dropout~flatten~linear-i144-o10"
CHANGES = {2: 0.05, 6: 0.02}


def times_of(config: TrainConfig) -> Schedule:
    return Schedule.of(config, len(DATA.train_labels))


def through_the_disk(snapshot: Snapshot, folder: Path, name: str) -> LoadedCheckpoint:
    return checkpoint.load(checkpoint.write(folder, name, snapshot))


def history(config: TrainConfig, state: TrainState) -> tuple[list[Event], list[bytes], dict[int, Snapshot]]:
    """Train to the end; the events, the last state, and what was captured at each step at rest."""
    events, snapshots = [], {}
    for event in train(config, DATA, state, CHANGES):
        events.append(event)
        if isinstance(event, Saved) or (isinstance(event, Batch) and not times_of(config).ends_epoch(event.step)):
            snapshots[event.step] = checkpoint.capture(state, config, times_of(config))
    return events, digest(state), snapshots


@pytest.mark.parametrize("network", ["mnist", NORM])
@pytest.mark.parametrize("optimizer", ["sgd", "nesterov", "adam", "rmsprop"])
def test_a_run_resumed_at_any_step_is_the_run_that_never_stopped(
    optimizer: str, network: str, tmp_path: Path
) -> None:
    config = SMALL.with_(optimizer=optimizer, network=network, weight_decay=0.01)
    events, final, snapshots = history(config, new_state(config))
    assert sorted(snapshots) == list(range(9))
    for step in (0, 3, 4, 6):
        state = checkpoint.restore(config, through_the_disk(snapshots[step], tmp_path, f"step-{step}"))
        torch.manual_seed(12345)  # whatever happened to the generator meanwhile
        rest = list(train(config, DATA, state, CHANGES))
        last_kept = max(
            n for n, e in enumerate(events) if e.step == step and type(e).__name__ in ("Batch", "Saved")
        )
        assert rest == events[last_kept + 1 :]
        assert digest(state) == final


@pytest.mark.heavy
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedule_augmentation_and_clipping_goes_on_exactly(schedule: str, tmp_path: Path) -> None:
    config = SMALL.with_(
        schedule=schedule, initialisation="kaiming", clip_norm=0.5, shift=2, rotate=15.0, patience=1, epochs=4
    )
    events, states, state = [], {}, new_state(config)
    for event in train(config, DATA, state):
        events.append(event)
        if isinstance(event, Saved) or (isinstance(event, Batch) and event.step % 4):
            states[event.step] = len(events), checkpoint.capture(state, config, times_of(config))
    for step, (count, snapshot) in states.items():
        resumed = checkpoint.restore(config, through_the_disk(snapshot, tmp_path, f"step-{step}"))
        torch.manual_seed(12345)
        assert list(train(config, DATA, resumed)) == events[count:], step
        assert digest(resumed) == digest(state)


def test_a_checkpoint_without_the_state_of_its_schedule_is_noticed(tmp_path: Path) -> None:
    config = SMALL.with_(schedule="cosine")
    state = new_state(config)
    next(event for event in train(config, DATA, state) if isinstance(event, Batch) and event.step == 3)
    snapshot = checkpoint.capture(state, config, times_of(config))
    damaged = replace(snapshot, where={**snapshot.where, "rates": {"lr": 0.01}})
    with pytest.raises(InvalidSetting, match="schedule"):
        next(train(config, DATA, checkpoint.restore(config, through_the_disk(damaged, tmp_path, "step-3"))))


def test_a_checkpoint_of_before_schedules_goes_on(tmp_path: Path) -> None:
    events, final, snapshots = history(SMALL, new_state(SMALL))
    new = ("best_loss", "epochs_since_best", "rates")
    where = {name: value for name, value in snapshots[6].where.items() if name not in new}
    old = through_the_disk(replace(snapshots[6], where=where), tmp_path, "step-6")
    state = checkpoint.restore(SMALL, old)
    rest = [event for event in train(SMALL, DATA, state, CHANGES) if isinstance(event, Batch)]
    assert rest == [event for event in events if isinstance(event, Batch) and event.step > 6]
    assert digest(state) == final


@pytest.mark.parametrize("missing", ["model", "optimizer", "rng", "step", "learning_rate", "buffers"])
def test_leaving_out_any_part_of_the_state_changes_the_run(missing: str) -> None:
    config = SMALL.with_(network=NORM)
    _events, final, snapshots = history(config, new_state(config))
    snapshot = snapshots[6]
    model, optimizer = (
        torch.load(io.BytesIO(snapshot.files[file]), weights_only=True) for file in ("model.pth", "optimizer.pth")
    )
    rng = torch.frombuffer(bytearray(snapshot.files["rng.bin"]), dtype=torch.uint8)
    loaded = LoadedCheckpoint(model, optimizer, rng, dict(snapshot.where))
    fresh = new_state(config)
    if missing == "model":
        loaded = replace(loaded, model=fresh.network.state_dict())
    elif missing == "optimizer":
        loaded = replace(loaded, optimizer=fresh.optimizer.state_dict())
    elif missing == "rng":
        loaded = replace(loaded, rng=torch.Generator().manual_seed(0).get_state())
    elif missing == "step":
        loaded.where["step"] = 5
    elif missing == "learning_rate":
        loaded.where["learning_rate"] = config.learning_rate
    else:
        buffers = dict(fresh.network.named_buffers())
        loaded = replace(loaded, model={name: buffers.get(name, value) for name, value in model.items()})
    state = checkpoint.restore(config, loaded)
    without = {} if missing == "learning_rate" else CHANGES
    list(train(config, DATA, state, without))
    assert digest(state) != final


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="two threads need two cores")
def test_the_number_of_threads_is_part_of_a_checkpoint() -> None:
    snapshot = checkpoint.capture(new_state(SMALL), SMALL, times_of(SMALL))
    assert snapshot.where["threads"] == 1
    assert snapshot.where["torch"] == torch.__version__


def test_the_files_load_in_the_tutorials_own_code(tmp_path: Path) -> None:
    state = new_state(SMALL)
    list(train(SMALL, DATA, state))
    path = checkpoint.write(tmp_path, "epoch-2", checkpoint.capture(state, SMALL, times_of(SMALL)))

    network = tutorials.MnistNet()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.5)
    network.load_state_dict(torch.load(path / "model.pth"))
    optimizer.load_state_dict(torch.load(path / "optimizer.pth"))

    assert all(torch.equal(a, b) for a, b in zip(network.parameters(), state.network.parameters(), strict=True))
    for parameter, trained in zip(network.parameters(), state.network.parameters(), strict=True):
        assert torch.equal(
            optimizer.state[parameter]["momentum_buffer"], state.optimizer.state[trained]["momentum_buffer"]
        )
    loss = network(torch.zeros(2, 1, 28, 28)).sum()
    loss.backward()
    optimizer.step()


def test_three_epochs_and_two_more_are_five(tmp_path: Path) -> None:
    five, three = new_state(SMALL), new_state(SMALL)
    list(train(SMALL.with_(epochs=5), DATA, five))
    config = SMALL.with_(epochs=3)
    list(train(config, DATA, three))
    loaded = through_the_disk(checkpoint.capture(three, config, times_of(config)), tmp_path, "epoch-3")
    from core.training.config import Parent

    more = SMALL.with_(epochs=2, parent=Parent("a", "epoch-3", epochs=loaded.where["epochs_begun"]))
    child = checkpoint.inherit(more, loaded)
    list(train(more, DATA, child))
    assert digest(child) == digest(five)


def test_another_optimizer_starts_without_a_memory(tmp_path: Path) -> None:
    state = new_state(SMALL)
    list(train(SMALL, DATA, state))
    loaded = through_the_disk(checkpoint.capture(state, SMALL, times_of(SMALL)), tmp_path, "epoch-2")
    child = checkpoint.inherit(SMALL.with_(optimizer="adam"), loaded)
    assert not child.optimizer.state
    list(train(SMALL.with_(optimizer="adam"), DATA, child))


def snapshot_of(value: float) -> Snapshot:
    state = new_state(SMALL)
    torch.nn.init.constant_(next(state.network.parameters()), value)
    return checkpoint.capture(state, SMALL, times_of(SMALL))


@pytest.mark.parametrize("file", [*FILES, MANIFEST])
def test_one_flipped_bit_in_any_file_is_noticed_and_named(file: str, tmp_path: Path) -> None:
    path = checkpoint.write(tmp_path, "epoch-1", snapshot_of(1.0))
    content = bytearray((path / file).read_bytes())
    for place in (0, len(content) // 3, len(content) // 2, len(content) - 2):
        flipped = bytearray(content)
        flipped[place] ^= 4
        (path / file).write_bytes(flipped)
        if file == MANIFEST:  # what is not a checksum may change, but never the weights
            try:
                checkpoint.load(path)
            except InvalidSetting as error:
                assert "epoch-1" in str(error)
            continue
        with pytest.raises(InvalidSetting, match=f"epoch-1 is damaged.*{file}"):
            checkpoint.load(path)


@pytest.mark.parametrize("file", [*FILES, MANIFEST])
def test_a_missing_or_cut_file_is_noticed(file: str, tmp_path: Path) -> None:
    path = checkpoint.write(tmp_path, "epoch-1", snapshot_of(1.0))
    (path / file).write_bytes((path / file).read_bytes()[:-1])
    with pytest.raises(InvalidSetting, match="damaged"):
        checkpoint.load(path)
    (path / file).unlink()
    with pytest.raises(InvalidSetting, match="damaged"):
        checkpoint.load(path)


@pytest.mark.parametrize(
    "values",
    [{"step": math.inf}, {"seen": 10**400}, {"learning_rate": "x"}, {"learning_rate": math.nan}, {"tested": None}],
)
def test_a_place_from_which_no_run_can_go_on_is_damage(values: dict[str, object], tmp_path: Path) -> None:
    path = checkpoint.write(tmp_path, "epoch-1", snapshot_of(1.0))
    (path / MANIFEST).write_text(json.dumps(json.loads((path / MANIFEST).read_bytes()) | values), encoding="utf-8")
    with pytest.raises(InvalidSetting, match=f"epoch-1 is damaged.*{MANIFEST}"):
        checkpoint.load(path)
    assert run_folder.read_checkpoint(path) is None or not values.keys() & {"step", "seen"}


def rewritten(path: Path, file: str, change: Callable[[Any], object]) -> None:
    """Change what ``file`` of a checkpoint holds, and its sum in the manifest, as an imported run may."""
    content = checkpoint.file_bytes(change(torch.load(path / file, weights_only=True)))
    (path / file).write_bytes(content)
    where = json.loads((path / MANIFEST).read_bytes())
    where["sha256"][file] = hashlib.sha256(content).hexdigest()
    (path / MANIFEST).write_text(json.dumps(where), encoding="utf-8")


OTHER_CONTENT: dict[str, tuple[str, Callable[[Any], object]]] = {
    "a list": ("model.pth", lambda state: list(state.values())),
    "nothing": ("model.pth", lambda _state: None),
    "nan": ("model.pth", lambda state: {name: value * math.nan for name, value in state.items()}),
    "complex": ("model.pth", lambda state: {name: value + 1j for name, value in state.items()}),
    "whole numbers": ("model.pth", lambda state: {name: value.long() for name, value in state.items()}),
    "sparse": ("model.pth", lambda state: {name: value.to_sparse() for name, value in state.items()}),
    "other names": ("model.pth", lambda state: {f"x{name}": value for name, value in state.items()}),
    "no state": ("optimizer.pth", lambda _state: {}),
    "a state that is a list": ("optimizer.pth", lambda state: state | {"state": [1]}),
    "entries that are none": ("optimizer.pth", lambda state: state | {"state": {0: 1}}),
    "a parameter that is not there": ("optimizer.pth", lambda state: state | {"state": {99: {}}}),
    "another shape": ("optimizer.pth", lambda state: state | {"state": {0: {"momentum_buffer": torch.ones(3)}}}),
}


@pytest.mark.parametrize("kind", OTHER_CONTENT)
def test_what_is_no_state_of_this_run_is_refused_in_words(kind: str, tmp_path: Path) -> None:
    path = checkpoint.write(tmp_path, "epoch-1", snapshot_of(1.0))
    checkpoint.restore(SMALL, checkpoint.load(path))
    rewritten(path, *OTHER_CONTENT[kind])
    with pytest.raises(InvalidSetting):
        checkpoint.restore(SMALL, checkpoint.load(path))


def test_a_pickle_of_tuples_in_tuples_is_damage_and_not_the_end_of_the_process(tmp_path: Path) -> None:
    """An imported run brings checksums of its own, and Python's hash of such a tuple ends the process."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("m/data.pkl", b"\x80\x02})" + b"\x85" * 300_000 + b"K\x01s.")
        archive.writestr("m/version", b"3")
    snapshot = snapshot_of(1.0)
    snapshot.files["model.pth"] = buffer.getvalue()
    path = checkpoint.write(tmp_path, "epoch-1", snapshot)
    with pytest.raises(InvalidSetting, match=r"epoch-1 is damaged: model\.pth"):
        checkpoint.load(path)


class Crash(BaseException):
    """What a kill is to the code that it hits."""


@pytest.mark.parametrize("failing", range(1, 14))
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), Crash()], ids=["full disk", "kill"])
def test_a_save_that_fails_anywhere_leaves_the_previous_checkpoint_whole(
    failing: int, error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint.write(tmp_path, "epoch-1", snapshot_of(1.0))
    calls = 0

    def guarded(call):  # type: ignore[no-untyped-def]
        def counted(*arguments, **named):  # type: ignore[no-untyped-def]
            nonlocal calls
            calls += 1
            if calls == failing:
                raise error
            return call(*arguments, **named)

        return counted

    with monkeypatch.context() as patch:
        patch.setattr(files.os, "fsync", guarded(os.fsync))
        patch.setattr(Path, "rename", guarded(Path.rename))
        patch.setattr(Path, "open", guarded(Path.open))
        patch.setattr(Path, "mkdir", guarded(Path.mkdir))
        try:
            checkpoint.write(tmp_path, "epoch-2", snapshot_of(2.0))
            failed = False
        except (OSError, Crash):
            failed = True
    assert failed == (calls >= failing)
    weights = next(iter(checkpoint.load(tmp_path / "epoch-1").model.values()))
    assert (weights == 1.0).all()
    if (tmp_path / "epoch-2").exists():
        assert (next(iter(checkpoint.load(tmp_path / "epoch-2").model.values())) == 2.0).all()


def test_weights_that_are_not_finite_are_not_kept() -> None:
    with pytest.raises(InvalidSetting, match="not finite"):
        snapshot_of(float("nan"))
