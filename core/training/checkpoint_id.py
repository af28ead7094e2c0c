"""The name of saved weights across runs: "<run>:<checkpoint>", as addresses and choices hold it."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import N_, InvalidSetting, brief
from core.training.config import CHECKPOINT_NAME, RUN_ID, SCREEN_WEIGHTS_NAME


@dataclass(frozen=True)
class CheckpointId:
    """A checkpoint ("epoch-3") of a run, or its weights on the screen ("batch-120"); as text "<run>:<checkpoint>".

    >>> str(CheckpointId("20260101-120000-0a1b2c3d", "epoch-3"))
    '20260101-120000-0a1b2c3d:epoch-3'
    """

    run: str
    checkpoint: str

    def __str__(self) -> str:
        return f"{self.run}:{self.checkpoint}"

    @staticmethod
    def parse(text: str) -> CheckpointId:
        """Read "<run>:<checkpoint>", or "<run>/<checkpoint>" as older addresses do; else ``InvalidSetting``."""
        run, _separator, checkpoint = text.replace("/", ":", 1).partition(":")
        is_name = CHECKPOINT_NAME.fullmatch(checkpoint) or SCREEN_WEIGHTS_NAME.fullmatch(checkpoint)
        if not (RUN_ID.fullmatch(run) and is_name):
            raise InvalidSetting(N_("{value} is not the name of a checkpoint"), value=brief(text))
        return CheckpointId(run, checkpoint)
