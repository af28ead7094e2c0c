"""The page says what a script needs: read off its imports and the files that it loads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.dataloading import LoaderSettings
from core.export import digits_script, needs, recognise_script, training_script
from core.foundations.two_layers import WAYS, WaysSettings, program
from core.networks import tutorials
from core.training.config import TrainConfig


def test_packages_and_files_are_named() -> None:
    script = "import math\nimport numpy as np\nfrom torch import nn\nimport torch\nnet = torch.load('reader.pth')\n"
    assert needs.of_script(script) == ["PyTorch", "NumPy", "reader.pth"]


@pytest.mark.parametrize("way", WAYS)
def test_the_numpy_program_needs_no_torch(way: str) -> None:
    assert needs.of_script(program(way, WaysSettings())) == (["NumPy"] if way == "numpy" else ["PyTorch", "NumPy"])


def test_a_training_of_the_built_in_digits_needs_scikit_learn() -> None:
    assert "scikit-learn" in needs.of_script(training_script.training_script(TrainConfig(dataset="digits")))
    assert needs.of_script(training_script.training_script(TrainConfig(dataset="mnist"))) == [
        "PyTorch",
        "data/MNIST/raw",
    ]


def test_the_lesson_on_data_needs_torchvision() -> None:
    assert "torchvision" in needs.of_script(digits_script.script("mnist", 0, LoaderSettings(), 0.1, 0.3))


def test_a_drawing_needs_the_weights_of_its_network() -> None:
    image = np.zeros((28, 28), np.uint8)
    program = recognise_script.script(tutorials.ReaderNet(), 28, image, None, "reader.pth")
    assert program is not None and needs.of_script(program) == ["PyTorch", "reader.pth"]


def test_a_file_that_is_imported_from_a_folder_is_a_file_and_no_package(tmp_path: Path) -> None:
    (tmp_path / "my_net.py").touch()
    program = f"import sys\nimport torch\nsys.path.insert(0, {str(tmp_path)!r})\nfrom my_net import Net\n"
    assert needs.of_script(program) == ["PyTorch", str(tmp_path / "my_net.py")]
