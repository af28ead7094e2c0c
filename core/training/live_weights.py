"""The weights of a run while it trains, a few times a second, for those who watch: one small file in its folder.

It is written beside the run, never read by it: a run with it and a run without it are equal bit for bit.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from core.message import pack, unpack
from core.training.files import replace_file
from core.training.run_folder import LIVE_WEIGHTS as FILE

EVERY = 0.15  # seconds: at least five pictures a second, the time to read and to paint them included
MOST = 500_000  # numbers: a larger network is not handed out while it trains
MOST_HEADER = 65_536  # bytes


@dataclass(frozen=True)
class Weights:
    """The parameters and buffers after ``step`` batches, and the loss of the last of these."""

    step: int
    loss: float | None
    state: dict[str, Tensor]


class LiveWeights:
    """Hands out the weights of the run in ``folder``."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.file, self.clock = folder / FILE, clock
        self.last = -math.inf

    def offer(self, network: nn.Module, step: int, loss: float | None, now: bool = False) -> None:
        """Write the weights, unless that was done less than ``EVERY`` seconds ago; ``now`` writes them anyway.

        A disk that takes nothing does not end the run.
        """
        if not now and self.clock() - self.last < EVERY:
            return
        self.last = self.clock()
        state = network.state_dict()
        if sum(value.numel() for value in state.values()) > MOST:
            return
        header = {
            "step": step,
            "loss": loss if loss is not None and math.isfinite(loss) else None,
            "shapes": {name: list(value.shape) for name, value in state.items()},
        }
        content = pack(header, [value.detach().cpu() for value in state.values()])
        with contextlib.suppress(OSError):
            replace_file(self.file, content, sync=False)


def read(folder: Path) -> Weights | None:
    """Return the newest weights of the run in ``folder``; None where none were handed out."""
    try:
        header, numbers = unpack((folder / FILE).read_bytes(), MOST_HEADER)
        state, at = {}, 0
        for name, shape in header["shapes"].items():
            size = math.prod(shape)
            state[name] = torch.from_numpy(numbers[at : at + size].copy()).reshape(shape)
            at += size
        return Weights(int(header["step"]), header["loss"], state)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
