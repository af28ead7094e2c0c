"""Checkpoints: a folder with everything from which a run continues, written whole and checked when it is read.

``model.pth`` and ``optimizer.pth`` are plain state_dicts, as the tutorial saves them; ``rng.bin`` is the state of
the generator that dropout draws from; ``manifest.json``, written last, holds the step, the version of torch, the
number of threads, and the SHA-256 of the other three files. The order of the examples needs no saving: it is a
function of the seed and the epoch.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from core.errors import N_, InvalidSetting
from core.file_kind import NamedFile
from core.networks import registry
from core.training import manifest
from core.training.config import CHECKPOINT_NAME, SCREEN_WEIGHTS_NAME, TrainConfig
from core.training.deletion import invalid_if_deleted
from core.training.device import get_rng, name_of
from core.training.files import put_in_place, sync_folder, write_synced
from core.training.loop import TrainState, new_state
from core.training.schedule import Schedule
from core.weights.state_dict import checked, difference
from core.weights.torch_file import check_zip

PICKLES = ("model.pth", "optimizer.pth")
FILES = (*PICKLES, "rng.bin")
LARGEST = 200_000_000  # bytes of a file that is read back


@dataclass(frozen=True)
class Snapshot:
    """A state as bytes, which further training does not change: the files, and ``where`` for the manifest."""

    files: dict[str, bytes]
    where: dict[str, Any]


@dataclass(frozen=True)
class LoadedCheckpoint:
    """What a checkpoint holds, read back and checked; ``where`` is its manifest."""

    model: dict[str, Tensor]
    optimizer: dict[str, Any]
    rng: Tensor
    where: dict[str, Any]


def capture(state: TrainState, config: TrainConfig, times: Schedule) -> Snapshot:
    """Return everything from which the run continues. Raises ``InvalidSetting`` when a weight is not finite."""
    weights = {name: plain(value) for name, value in state.network.state_dict().items()}
    for name, value in weights.items():
        if value.is_floating_point() and not value.isfinite().all():
            raise InvalidSetting(
                N_("{name} holds numbers that are not finite: this state is not worth keeping"), name=name
            )
    epoch = times.epoch(state.step)
    where = {
        "step": state.step,
        "epoch": epoch,
        "seen": times.examples_at(state.step),
        "tested": state.tested,
        "best_loss": state.best_loss,
        "epochs_since_best": state.epochs_since_best,
        "rates": state.rates,
        "epochs_begun": times.epochs_before + epoch,
        "learning_rate": state.optimizer.param_groups[0]["lr"],
        "threads": config.threads,
        "device": config.device,
        "card": name_of(config.device),
        "torch": torch.__version__,
    }
    files = {
        "model.pth": file_bytes(weights),
        "optimizer.pth": file_bytes(plain_optimizer(state.optimizer)),
        "rng.bin": bytes(get_rng(config.device).numpy()),
    }
    return Snapshot(files, where)


def plain(value: Tensor) -> Tensor:
    """Return ``value`` on the CPU, contiguous and detached, as any program can load it."""
    return value.detach().cpu().contiguous()


def plain_optimizer(optimizer: torch.optim.Optimizer) -> dict[str, Any]:
    """Return the optimizer's state_dict without settings that concern speed on one machine, such as ``fused``."""
    state_dict = optimizer.state_dict()
    state = {
        index: {key: plain(value) if isinstance(value, Tensor) else value for key, value in entry.items()}
        for index, entry in state_dict["state"].items()
    }
    fast = {"fused": None, "foreach": None, "capturable": False}
    groups = [{**group, **{key: fast[key] for key in fast if key in group}} for group in state_dict["param_groups"]]
    return {"state": state, "param_groups": groups}


def file_bytes(value: object) -> bytes:
    """Return the bytes that ``torch.save`` writes for ``value``."""
    buffer = io.BytesIO()
    torch.save(value, buffer)
    return buffer.getvalue()


def write(folder: Path, name: str, snapshot: Snapshot) -> Path:
    """Write ``snapshot`` as checkpoint ``name`` in ``folder`` and return its path: it is on the disk then, whole.

    A kill or a full disk meanwhile leaves the previous checkpoints as they were, and a ``.tmp`` folder at most.
    """
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{name}.{uuid.uuid4().hex}.tmp"
    partial.mkdir()
    try:
        for file, content in snapshot.files.items():
            write_synced(partial / file, content)
        sums = {file: hashlib.sha256(content).hexdigest() for file, content in snapshot.files.items()}
        text = json.dumps({"name": name, **snapshot.where, "sha256": sums}, indent=1)
        write_synced(partial / manifest.FILE, text.encode())
        sync_folder(partial)
        put_in_place(partial, folder / name)
    except OSError:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return folder / name


def read_where(path: Path) -> dict[str, Any]:
    """Return the manifest from which a run continues; raises ``InvalidSetting`` when it is damaged."""
    where = manifest.read(path)
    rate = where.get("learning_rate")
    is_rate = isinstance(rate, int | float) and not isinstance(rate, bool) and 0 <= rate < math.inf
    if not is_rate or type(where.get("tested")) is not bool or not isinstance(where.get("rates"), dict | None):
        raise manifest.damaged(path, manifest.FILE)
    return where


def read_checked(path: Path, where: dict[str, Any], file: str) -> bytes:
    """Return one file of a checkpoint; ``InvalidSetting`` unless its SHA-256 is the manifest's."""
    try:
        if (path / file).stat().st_size > LARGEST:
            raise manifest.damaged(path, file)
        content = (path / file).read_bytes()
        is_intact = hashlib.sha256(content).hexdigest() == where["sha256"][file]
    except (OSError, KeyError, TypeError):
        raise manifest.damaged(path, file) from None
    if not is_intact:
        raise manifest.damaged(path, file)
    return content


def load(path: Path) -> LoadedCheckpoint:
    """Read a checkpoint; every byte is checked before any is used. Raises ``InvalidSetting`` when it is damaged."""
    with invalid_if_deleted(path.parent.parent):
        where = read_where(path)
        contents = {file: read_checked(path, where, file) for file in FILES}
    model, optimizer = (_unpickled(path, file, contents[file]) for file in PICKLES)
    states = optimizer.get("state")
    if not (isinstance(states, dict) and all(isinstance(entry, dict) for entry in states.values())):
        raise manifest.damaged(path, "optimizer.pth")
    rng = torch.frombuffer(bytearray(contents["rng.bin"]), dtype=torch.uint8)
    return LoadedCheckpoint(model, optimizer, rng, where)


def _unpickled(path: Path, file: str, content: bytes) -> dict[str, Any]:
    try:
        check_zip(NamedFile(file, content))  # a run that was imported brings the sums of its own files
        value = torch.load(io.BytesIO(content), weights_only=True, map_location="cpu")
    except Exception as error:  # torch.load raises almost anything
        raise manifest.damaged(path, file) from error
    if not isinstance(value, dict):
        raise manifest.damaged(path, file)
    return value


def restore(config: TrainConfig, loaded: LoadedCheckpoint) -> TrainState:
    """Return the state from which the run continues, bit for bit the one that ``capture`` saved."""
    state = new_state(config)
    load_weights(state.network, loaded.model)
    load_optimizer(state.optimizer, loaded.optimizer, learning_rate=loaded.where["learning_rate"])
    state.step, state.tested, state.rng = loaded.where["step"], loaded.where["tested"], loaded.rng
    state.best_loss, state.epochs_since_best = best_of(loaded)
    state.rates = loaded.where.get("rates")
    return state


def best_of(loaded: LoadedCheckpoint) -> tuple[float | None, int]:
    """Return the lowest test loss so far and the epochs since; older checkpoints do not know them."""
    best, since = loaded.where.get("best_loss"), loaded.where.get("epochs_since_best", 0)
    is_valid = isinstance(best, float | None) and isinstance(since, int)
    return (best, since) if is_valid else (None, 0)


def inherit(config: TrainConfig, loaded: LoadedCheckpoint) -> TrainState:
    """Return the first state of a new run that starts from a checkpoint: its weights, and its optimizer's state.

    The optimizer state is kept when the new run's optimizer keeps the same entries; the settings are the new run's.
    """
    state = new_state(config)
    load_weights(state.network, loaded.model)
    if has_same_state(config, loaded.optimizer):
        load_optimizer(state.optimizer, loaded.optimizer, learning_rate=config.learning_rate)
    return state


STATE_KEYS = {  # what each optimizer keeps of every parameter
    "sgd": {"momentum_buffer"},
    "nesterov": {"momentum_buffer"},
    "adam": {"step", "exp_avg", "exp_avg_sq"},
    "rmsprop": {"step", "square_avg", "momentum_buffer"},
}


def state_keys(config: TrainConfig) -> set[str]:
    """Return the entries of the state of ``config``'s optimizer for every parameter."""
    without_momentum = config.momentum == 0 and config.optimizer != "adam"
    return STATE_KEYS[config.optimizer] - ({"momentum_buffer"} if without_momentum else set())


def has_same_state(config: TrainConfig, optimizer: dict[str, Any]) -> bool:
    """Return whether the state_dict ``optimizer`` holds the entries of ``config``'s optimizer."""
    return all(set(entry) == state_keys(config) for entry in optimizer["state"].values())


def load_weights(network: nn.Module, weights: dict[str, Tensor]) -> None:
    """Copy ``weights`` into ``network``; raises ``InvalidSetting`` when they are not finite weights of it."""
    target = network.state_dict()
    why = difference(dict(weights), target)
    if why is not None:
        raise InvalidSetting(N_("the weights do not fit this network: {why}"), why=why)
    network.load_state_dict(checked(dict(weights), target, "model.pth"))


def load_optimizer(optimizer: torch.optim.Optimizer, optimizer_state: dict[str, Any], learning_rate: float) -> None:
    """Give ``optimizer`` the state in ``optimizer_state``, laid out in memory as its parameters are.

    The fused update walks a parameter and its momentum in step through memory, so both must lie the same way.
    """
    parameters = optimizer.param_groups[0]["params"]
    # A fused or capturable optimizer counts its steps on the parameter's device, the others on the CPU.
    steps_on_device = optimizer.defaults.get("fused") or optimizer.defaults.get("capturable")
    for index, entry in optimizer_state["state"].items():
        if not (
            index in range(len(parameters)) and all(_is_of(parameters[index], *pair) for pair in entry.items())
        ):
            raise InvalidSetting(N_("the optimizer's state does not fit this network"))
        parameter = parameters[index]
        optimizer.state[parameter] = {
            key: value.to(parameter.device if steps_on_device else "cpu", copy=True)
            if key == "step"
            else torch.empty_like(parameter).copy_(value).detach()
            for key, value in entry.items()
        }
    for group in optimizer.param_groups:
        group["lr"] = learning_rate


def _is_of(parameter: Tensor, key: str, value: object) -> bool:
    """Return whether ``value`` can be what an optimizer keeps of ``parameter`` under ``key``."""
    if not isinstance(value, Tensor) or not value.is_floating_point():
        return False
    return value.shape == (torch.Size() if key == "step" else parameter.shape)


def load_model(path: Path) -> nn.Module:
    """Return the network of the checkpoint or of ``screen_weights`` at ``path``, in eval mode.

    It is built by ``core.networks.registry``.
    """
    run = path.parent.parent
    if not (CHECKPOINT_NAME.fullmatch(path.name) or SCREEN_WEIGHTS_NAME.fullmatch(path.name)):
        raise InvalidSetting(N_("{value} is not the name of a checkpoint"), value=path.name[:60])
    with invalid_if_deleted(run):
        config = TrainConfig.from_json((run / "config.json").read_text(encoding="utf-8"))
        content = read_checked(path, manifest.read(path), "model.pth")
    network = registry.build(config.network, seed=0)
    load_weights(network, _unpickled(path, "model.pth", content))
    return network.eval()
