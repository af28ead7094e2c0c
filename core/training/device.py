"""The device of a run: its random numbers, kernels that repeat their bits, and which devices there are."""

from __future__ import annotations

import os

import torch
from torch import Tensor

from core.errors import N_, InvalidSetting
from core.training.config import DEVICES


def available(device: str) -> bool:
    """Return whether this machine has ``device``."""
    if device == "cuda":
        return torch.cuda.is_available()
    return device == "cpu" or torch.backends.mps.is_available()


def devices() -> tuple[str, ...]:
    """Return the devices that this machine has, "cpu" first."""
    return tuple(device for device in DEVICES if available(device))


def check_device(device: str) -> None:
    """Raise ``InvalidSetting`` when this machine does not have ``device``."""
    if not available(device):
        raise InvalidSetting(N_("this machine has no {device}: choose cpu"), device=device)


def name_of(device: str) -> str:
    """Return the name of the card behind ``device``, "" for the CPU."""
    return torch.cuda.get_device_name() if device == "cuda" else ""


def ask_for_equal_bits(device: str) -> None:
    """Let torch choose only kernels that give the same bits each time, where ``device`` has others.

    On CUDA an operation without such a kernel raises ``RuntimeError`` from here on. Convolutions multiply in
    float32 there, not in TensorFloat-32, torch's default: nearer to the CPU, and faster in small networks. Memory
    is not filled before it is used, as torch would do by default in this mode: nothing reads it.
    Source: ``torch.use_deterministic_algorithms``.
    """
    on_cuda = device == "cuda"
    if on_cuda:
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(on_cuda)
    torch.utils.deterministic.fill_uninitialized_memory = not on_cuda  # type: ignore[attr-defined]
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.allow_tf32 = not on_cuda


def memory_format(device: str) -> torch.memory_format:
    """Return how images lie in memory: channels-last is faster on a CPU; on CUDA its pooling adds in any order."""
    return torch.contiguous_format if device == "cuda" else torch.channels_last


def get_rng(device: str) -> Tensor:
    """Return the state of the generator that dropout on ``device`` draws from, uint8 on the CPU."""
    if device == "cuda":
        return torch.cuda.get_rng_state()
    return torch.mps.get_rng_state() if device == "mps" else torch.get_rng_state()


def set_rng(device: str, rng: Tensor) -> None:
    """Put back what ``get_rng`` returned."""
    if device == "cuda":
        torch.cuda.set_rng_state(rng)
    elif device == "mps":
        torch.mps.set_rng_state(rng)
    else:
        torch.set_rng_state(rng)
