"""What a file may switch for the whole process (default dtype, working folder, …), put back afterwards."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import torch

from core.warning_filters import keep_filters


@dataclass(frozen=True)
class Switches:
    """torch's switches as they stood when this was made."""

    gradients: bool = field(default_factory=torch.is_grad_enabled)
    dtype: torch.dtype = field(default_factory=torch.get_default_dtype)
    device: torch.device = field(default_factory=torch.get_default_device)
    threads: int = field(default_factory=torch.get_num_threads)
    anomaly: bool = field(default_factory=torch.is_anomaly_enabled)
    nan_is_anomaly: bool = field(default_factory=torch.is_anomaly_check_nan_enabled)
    deterministic: int = field(default_factory=torch.get_deterministic_debug_mode)
    matmul: str = field(default_factory=torch.get_float32_matmul_precision)

    def apply(self) -> None:
        """Put torch's switches back to where they stood."""
        torch.set_grad_enabled(self.gradients)
        torch.set_default_dtype(self.dtype)
        if torch.get_default_device() != self.device:  # set_default_device slows every call down, even with "cpu"
            torch.set_default_device(None if self.device.type == "cpu" else self.device)
        torch.set_num_threads(self.threads)
        torch.autograd.set_detect_anomaly(self.anomaly, self.nan_is_anomaly)
        torch.set_deterministic_debug_mode(self.deterministic)
        torch.set_float32_matmul_precision(self.matmul)


@contextmanager
def keep_switches(during: Switches | None = None) -> Iterator[None]:
    """Run the body, with ``during`` in force where it is given; afterwards every switch is where it was before.

    The working folder and the warning filters too. Take it before ``core.rng.seeded``, never inside. Other threads
    see what ``during`` and the body switch: only a file that a reader walks on a machine of their own does.
    """
    with keep_filters():  # one at a time: the switches belong to the process
        before, folder, depth = Switches(), Path.cwd(), sys.getrecursionlimit()
        if during is not None:
            during.apply()
        try:
            yield
        finally:
            sys.setrecursionlimit(depth)  # first: what follows may need more of it than a file left
            before.apply()
            os.chdir(folder)
