"""A run that starts from files: weights, and an optimizer's state, checked before they count."""

from __future__ import annotations

from typing import Any, TypeGuard

import torch
from torch import Tensor, nn

from core import weights
from core.errors import N_, InvalidSetting, Phrase
from core.file_kind import NamedFile
from core.training.checkpoint import STATE_KEYS, Snapshot, file_bytes, plain_optimizer, state_keys
from core.training.config import TrainConfig
from core.training.loop import new_state
from core.training.schedule import epoch_seed

NOT_NEGATIVE = {"step", "exp_avg_sq", "square_avg"}  # a count and means of squares: torch takes roots of them
OPTIMIZER = ("optimizer", "optimizer_state_dict", "optim", "opt")  # under which training scripts keep it


def start_from_files(config: TrainConfig, model: NamedFile, optimizer: NamedFile | None = None) -> Snapshot:
    """Return the checkpoint that a run under ``config`` starts from: uploaded weights, and an optimizer's state.

    Raises ``InvalidSetting`` that says what is wrong with which file.
    """
    state = new_state(config.with_(device="cpu"))
    tensors = weights.weights_for(weights.read(model), state.network.state_dict(), str(model.name))
    optimizer_state: dict[str, Any] = plain_optimizer(state.optimizer)
    if optimizer is not None:
        checked = checked_state(weights.read(optimizer), state.network, config, str(optimizer.name))
        optimizer_state["state"] = checked
    files = {
        "model.pth": file_bytes(tensors),
        "optimizer.pth": file_bytes(optimizer_state),
        "rng.bin": bytes(torch.Generator().manual_seed(epoch_seed(config.seed, 0)).get_state().numpy()),
    }
    where = {
        "step": 0,
        "epoch": 0,
        "seen": 0,
        "tested": False,
        "epochs_begun": 0,
        "learning_rate": config.learning_rate,
        "threads": config.threads,
        "device": config.device,
        "torch": torch.__version__,
    }
    return Snapshot(files, where)


def checked_state(
    content: object, network: nn.Module, config: TrainConfig, file: str
) -> dict[int, dict[str, Tensor]]:
    """Return the optimizer state in ``content``, checked against the parameters of ``network``.

    Its settings do not count: they are the configuration's.
    """
    parameters = list(network.parameters())
    state, groups = _state_and_groups(content)
    if not isinstance(state, dict) or not isinstance(groups, list) or len(groups) != 1:
        raise InvalidSetting(
            N_("{file} holds no optimizer's state_dict: save it with torch.save(optimizer.state_dict(), …)"),
            file=file,
        )
    named = groups[0].get("params") if isinstance(groups[0], dict) else None
    # What names a parameter is a number, usually its place: torch goes by the place of that number in the group.
    places = {number: place for place, number in enumerate(named)} if _are_numbers(named) else {}
    if len(places) != len(parameters) or not _are_numbers(list(state)) or not set(state) <= set(places):
        raise InvalidSetting(
            N_("{file} is of another network: it has {found} {found:parameter|parameters}, this one {wanted}"),
            file=file,
            found=len(named) if isinstance(named, list) else 0,
            wanted=len(parameters),
        )
    return {
        places[number]: checked_entry(entry, parameters[places[number]], places[number], config, file)
        for number, entry in state.items()
    }


def _are_numbers(names: object) -> TypeGuard[list[int]]:
    return isinstance(names, list) and all(type(name) is int for name in names)


def _state_and_groups(content: object) -> tuple[object, object]:
    """Return the two parts of an optimizer's state_dict, which may lie beside the weights in a larger file."""
    parts = [content, *(content.get(name) for name in OPTIMIZER)] if isinstance(content, dict) else []
    for part in parts:
        if isinstance(part, dict) and "state" in part and "param_groups" in part:
            return part["state"], part["param_groups"]
    return None, None


def checked_entry(
    entry: object, parameter: Tensor, index: int, config: TrainConfig, file: str
) -> dict[str, Tensor]:
    """Return the state of one parameter; ``InvalidSetting`` when it is that of another kind of optimizer."""
    expected_keys = state_keys(config)
    entry_keys = {key for key, value in entry.items() if value is not None} if isinstance(entry, dict) else set()
    if not isinstance(entry, dict) or entry_keys != expected_keys:
        kinds = [kind for kind, keys in STATE_KEYS.items() if keys == entry_keys]
        raise InvalidSetting(
            N_("{file} holds the state of {found}, not of {wanted}: choose the same optimizer"),
            file=file,
            found=" / ".join(kinds) or Phrase(N_("some other optimizer")),
            wanted=config.optimizer,
        )
    step = torch.zeros(())
    tensors = {
        key: weights.checked_tensor(file, f"{key} {index}", entry[key], step if key == "step" else parameter)
        for key in sorted(expected_keys)
    }
    for key in sorted(expected_keys & NOT_NEGATIVE):
        if bool((tensors[key] < 0).any()):
            raise InvalidSetting(
                N_("{file}: {name} holds numbers below zero, which {optimizer} never writes there"),
                file=file,
                name=f"{key} {index}",
                optimizer=config.optimizer,
            )
    return tensors
