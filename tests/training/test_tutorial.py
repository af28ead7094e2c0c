"""The tutorial's own settings on real MNIST: three epochs, and what they reach."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import datasets
from core.training.config import TrainConfig
from core.training.events import Tested
from core.training.loop import train


@pytest.mark.long
def test_three_epochs_with_the_tutorials_settings_reach_what_it_promises(mnist_folder: Path) -> None:
    data = datasets.load("mnist", mnist_folder)
    tests = [event for event in train(TrainConfig(threads=1), data) if isinstance(event, Tested)]
    assert [event.epoch for event in tests] == [0, 1, 2, 3]
    assert tests[0].accuracy < 0.3  # it has learned nothing yet
    assert tests[-1].accuracy >= 0.965
    assert [event.loss for event in tests] == sorted((event.loss for event in tests), reverse=True)
