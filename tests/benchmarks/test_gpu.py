"""benchmarks.gpu: it says that there is no card, and its parts work on the CPU."""

from __future__ import annotations

import pytest
import torch

from benchmarks import gpu
from core.training.config import TrainConfig
from core.training.events import Batch
from core.training.loop import train
from tests.training.data import SMALL, tiny_dataset


def test_without_a_card_it_says_so_and_is_content(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert gpu.main() == 0
    assert capsys.readouterr().out == "no CUDA device here\n"


def test_the_plain_loop_has_the_losses_of_a_run() -> None:
    data = tiny_dataset()
    config = SMALL.with_(dropout=False)
    losses, speed = gpu.plain_losses(config, data, 6)
    assert speed > 0
    assert losses == [event.loss for event in train(config, data) if isinstance(event, Batch)][:6]


def test_every_configuration_that_it_varies_is_one_that_can_be_trained_on_a_card() -> None:
    assert all(isinstance(config, TrainConfig) and config.device == "cuda" for config in gpu.VARIED.values())
