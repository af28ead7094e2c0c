"""Weights from outside: ``model.pth`` and ``optimizer.pth`` that people upload, checked before they count.

In this order: the size, the zip (members stored, not deflated, with right checksums), ``weights_only=True`` on the
CPU, which runs no code, then keys, shapes, dtypes, memory layout and finiteness against the network they are for.
Measured on hostile files: a deflated megabyte became a gigabyte, a tensor of stride 0 claimed 10^12 elements in
1.6 kB, and one flipped bit in four changes numbers silently unless the checksums are looked at.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

import torch
from torch import Tensor, nn

from core.errors import N_, Refusal
from core.training.checkpoint import MEMORY, Snapshot, memory_of, plain_optimizer, saved
from core.training.config import TrainConfig, brief
from core.training.loop import new_state
from core.training.timetable import epoch_seed

LARGEST = 64_000_000  # bytes
MEMBERS = 2_000  # files in the archive
LARGEST_PICKLE = 1_000_000  # bytes of the part that names and shapes the tensors
NESTED = ("state_dict", "model_state_dict", "model", "net", "network")
PREFIXES = ("module.", "_orig_mod.")


def start_from_files(config: TrainConfig, model: bytes, optimizer: bytes | None = None) -> Snapshot:
    """Return the checkpoint that a run under ``config`` starts from: uploaded weights, and an optimizer's memory.

    Raises ``Refusal`` that says what is wrong with which file.
    """
    state = new_state(config.with_(device="cpu"))
    weights = checked_weights(read_pth(model, "model.pth"), state.network)
    memory: dict[str, Any] = plain_optimizer(state.optimizer)
    if optimizer is not None:
        memory["state"] = checked_memory(read_pth(optimizer, "optimizer.pth"), state.network, config)
    files = {
        "model.pth": saved(weights),
        "optimizer.pth": saved(memory),
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


def read_pth(content: bytes, name: str) -> object:
    """Return what ``torch.save`` put into ``content``: tensors and plain containers, never code."""
    check_zip(content, name)
    try:
        return torch.load(io.BytesIO(content), weights_only=True, map_location="cpu")
    except Exception as error:  # hostile files raise almost anything
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise Refusal(
            N_("{file} holds more than tensors or is damaged, so it was not opened ({why})"),
            file=name,
            why=brief(first),
        ) from None


def check_zip(content: bytes, name: str) -> None:
    """Raise ``Refusal`` unless ``content`` is an archive that unpacks to no more than its size, all CRCs right."""
    if len(content) > LARGEST:
        raise Refusal(N_("{file} is larger than {most} MB"), file=name, most=LARGEST // 1_000_000)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            check_members(members, len(content), name)
            broken = archive.testzip()
    except Refusal:
        raise
    except Exception:  # zipfile raises many kinds on damaged archives
        raise Refusal(
            N_("{file} is not a file that torch.save writes today: load it with PyTorch and save it again"),
            file=name,
        ) from None
    if broken is not None:
        raise Refusal(N_("{file} is damaged: the checksum of {member} is wrong"), file=name, member=brief(broken))


def check_members(members: list[zipfile.ZipInfo], size: int, name: str) -> None:
    """Raise ``Refusal`` for an archive that would unpack to more than it is, or that torch does not write."""
    if len(members) > MEMBERS or len({member.filename for member in members}) != len(members):
        raise Refusal(N_("{file} holds too many parts, or two of one name"), file=name)
    if any(member.compress_type != zipfile.ZIP_STORED or member.flag_bits & 1 for member in members):
        raise Refusal(N_("{file} is compressed or encrypted inside; torch.save does neither"), file=name)
    if sum(member.file_size for member in members) > size:
        raise Refusal(N_("{file} claims to hold more than its own size"), file=name)
    if any(member.filename.endswith(".pkl") and member.file_size > LARGEST_PICKLE for member in members):
        raise Refusal(N_("{file} describes more tensors than any network here has"), file=name)


def checked_weights(found: object, network: nn.Module) -> dict[str, Tensor]:
    """Return the weights in ``found`` under the names of ``network``, each checked against it.

    A state_dict may lie in a dictionary under a usual name, and its keys may begin with ``module.``.
    """
    if isinstance(found, dict):
        nested = [found[key] for key in NESTED if isinstance(found.get(key), dict)]
        found = nested[0] if nested else found
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found) or not found:
        raise Refusal(
            N_("model.pth holds no state_dict: save it with torch.save(network.state_dict(), 'model.pth')")
        )
    wanted = network.state_dict()
    weights = without_prefix(found)
    missing, extra = sorted(wanted.keys() - weights.keys()), sorted(weights.keys() - wanted.keys())
    if missing or extra:
        raise Refusal(
            N_("model.pth is of another network: missing {missing}; not in this network {extra}"),
            missing=brief(", ".join(missing[:4])) or "–",
            extra=brief(", ".join(map(brief, extra[:4]))) or "–",
        )
    return {name: checked_tensor("model.pth", name, weights[name], wanted[name]) for name in wanted}


def without_prefix(weights: dict[str, Any]) -> dict[str, Any]:
    """Return ``weights`` without what a wrapper such as ``DataParallel`` puts before every name."""
    for prefix in PREFIXES:
        if all(name.startswith(prefix) for name in weights):
            weights = {name.removeprefix(prefix): value for name, value in weights.items()}
    return weights


def checked_tensor(file: str, name: str, value: object, wanted: Tensor) -> Tensor:
    """Return a plain copy of ``value``; ``Refusal`` unless it is what could stand in the place of ``wanted``."""
    if not isinstance(value, Tensor) or value.layout != torch.strided or value.device.type != "cpu":
        raise Refusal(N_("{file}: {name} is not a plain tensor"), file=file, name=name)
    if value.shape != wanted.shape:
        raise Refusal(
            N_("{file}: {name} has shape {found}, this network needs {wanted}"),
            file=file,
            name=name,
            found=brief(str(tuple(value.shape))),
            wanted=str(tuple(wanted.shape)),
        )
    if value.dtype != wanted.dtype:
        raise Refusal(
            N_("{file}: {name} is {found}, this network needs {wanted}"),
            file=file,
            name=name,
            found=str(value.dtype),
            wanted=str(wanted.dtype),
        )
    if not is_dense(value):
        raise Refusal(N_("{file}: the numbers of {name} do not lie side by side"), file=file, name=name)
    if value.is_floating_point() and not bool(value.isfinite().all()):
        raise Refusal(N_("{file}: {name} holds numbers that are not finite"), file=file, name=name)
    return value.detach().clone(memory_format=torch.contiguous_format)


def is_dense(value: Tensor) -> bool:
    """Say whether every element has a place of its own, without gaps, in one of the two usual orders."""
    return value.is_contiguous() or (value.dim() == 4 and value.is_contiguous(memory_format=torch.channels_last))


def checked_memory(found: object, network: nn.Module, config: TrainConfig) -> dict[int, dict[str, Tensor]]:
    """Return what the optimizer in ``found`` remembers, checked against the parameters of ``network``.

    Its settings do not count: they are the configuration's.
    """
    parameters = list(network.parameters())
    state, groups = (found.get(key) if isinstance(found, dict) else None for key in ("state", "param_groups"))
    if not isinstance(state, dict) or not isinstance(groups, list) or len(groups) != 1:
        raise Refusal(
            N_("optimizer.pth holds no optimizer's state_dict: save it with torch.save(optimizer.state_dict(), …)")
        )
    named = groups[0].get("params") if isinstance(groups[0], dict) else None
    if not isinstance(named, list) or len(named) != len(parameters) or not set(state) <= set(range(len(named))):
        raise Refusal(
            N_("optimizer.pth is of another network: it has {found} parameters, this one {wanted}"),
            found=len(named) if isinstance(named, list) else 0,
            wanted=len(parameters),
        )
    return {index: checked_entry(entry, parameters[index], index, config) for index, entry in state.items()}


def checked_entry(entry: object, parameter: Tensor, index: int, config: TrainConfig) -> dict[str, Tensor]:
    """Return what is remembered of one parameter; ``Refusal`` when another kind of optimizer remembers that."""
    wanted = memory_of(config)
    found = {key for key, value in entry.items() if value is not None} if isinstance(entry, dict) else set()
    if not isinstance(entry, dict) or found != wanted:
        kinds = [kind for kind, memory in MEMORY.items() if memory == found]
        raise Refusal(
            N_("optimizer.pth remembers what {found} needs, not what {wanted} does: choose the same optimizer"),
            found=" / ".join(kinds) or "another optimizer",
            wanted=config.optimizer,
        )
    step = torch.zeros(())
    return {
        key: checked_tensor("optimizer.pth", f"{key} {index}", entry[key], step if key == "step" else parameter)
        for key in sorted(wanted)
    }
