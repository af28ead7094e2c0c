"""What several tests of training compare: weights, losses, and what a script prints."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch

from core.training.events import Batch, Event
from core.training.events import Tested as AfterTest
from core.training.loop import TrainState


def digest(state: TrainState) -> list[bytes]:
    """All weights, buffers and memories, bit for bit."""
    memory = [value for entry in state.optimizer.state_dict()["state"].values() for value in entry.values()]
    tensors = [
        *state.network.state_dict().values(),
        *(torch.as_tensor(value) for value in memory if value is not None),
    ]
    return [tensor.detach().contiguous().numpy().tobytes() for tensor in tensors]


def printed(script: str, folder: Path) -> tuple[list[float], list[float]]:
    """Run ``script`` where nothing of this project can be imported; the training and test losses it prints."""
    (folder / "train.py").write_text(script, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-I", "train.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    training = [float(line.split("Loss: ")[1]) for line in lines if line.startswith("Train Epoch")]
    return training, [float(line.split()[4].rstrip(",")) for line in lines if line.startswith("Test set")]


def curves_of(events: list[Event]) -> tuple[list[float], list[float]]:
    return (
        [event.loss for event in events if isinstance(event, Batch)],
        [event.loss for event in events if isinstance(event, AfterTest)],
    )


PATIENCE = 100.0  # seconds; a busy machine takes long to import torch


def wait_for(what: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)
