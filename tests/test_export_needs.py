"""The page says what a script needs: read off its imports and the files that it loads."""

from __future__ import annotations

import pytest

from core.dataloading import LoaderSettings
from core.export import data_script, needs, training_script
from core.foundations.two_layers import WAYS, WaysSettings, program
from core.training.config import TrainConfig


def test_packages_and_files_are_named() -> None:
    script = "import math\nimport numpy as np\nfrom torch import nn\nimport torch\nnet = torch.load('reader.pth')\n"
    assert needs.of_script(script) == ["PyTorch", "NumPy", "reader.pth"]


@pytest.mark.parametrize("way", WAYS)
def test_the_numpy_program_needs_no_torch(way: str) -> None:
    assert needs.of_script(program(way, WaysSettings())) == (["NumPy"] if way == "numpy" else ["PyTorch", "NumPy"])


def test_a_training_of_the_built_in_digits_needs_scikit_learn() -> None:
    assert "scikit-learn" in needs.of_script(training_script.training_script(TrainConfig(dataset="digits")))
    assert needs.of_script(training_script.training_script(TrainConfig(dataset="mnist"))) == ["PyTorch"]


def test_the_lesson_on_data_needs_torchvision() -> None:
    assert "torchvision" in needs.of_script(data_script.script("mnist", 0, LoaderSettings(), 0.1, 0.3))
