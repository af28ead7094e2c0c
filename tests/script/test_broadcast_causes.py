"""Shapes that do not broadcast: in a residual block, an autoencoder, a positional encoding."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from core.script.run import Runner

RESIDUAL = """
import torch, torch.nn as nn
class Block(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.conv = nn.Conv2d(i, o, 3, 2, 1)
    def forward(self, x):
        return torch.relu(self.conv(x) + x)
Block(8, 16)(torch.randn(1, 8, 9, 9))
"""
AUTOENCODER = """
import torch, torch.nn as nn
encoder, decoder = nn.Conv2d(1, 8, 3, 2, 1), nn.ConvTranspose2d(8, 1, 3, 2, 1)
x = torch.rand(4, 1, 28, 28)
loss = nn.MSELoss()(decoder(encoder(x)), x)
"""
ENCODING = """
import torch
pe, angle = torch.zeros(50, 15), torch.rand(50, 8)
pe[:, 0::2] = torch.sin(angle)
pe[:, 1::2] = torch.cos(angle)
"""
OTHER = """
import torch
torch.ones(2, 3, 4, 5) + torch.ones(2, 6, 9, 9)
"""


@pytest.mark.parametrize(
    ("text", "line", "repair"),
    [
        (RESIDUAL, 8, "nn.Conv2d(8, 16, kernel_size=1, stride=2)"),
        (AUTOENCODER, 5, "[..., :27, :27]"),
        (ENCODING, 5, "[:, :7]"),
        (OTHER, 3, "unsqueeze, squeeze or reshape"),
    ],
)
def test_the_repair_is_named(runner: Runner, tmp_path: Path, text: str, line: int, repair: str) -> None:
    path = tmp_path / "program.py"
    path.write_text(text, encoding="utf-8")
    error = runner.run(path).error
    assert error is not None and (error.cause, error.line) == ("broadcast", line)
    assert repair in error.repair.text("en") and repair.split(",")[0] in error.repair.text("zh")


def test_what_the_repair_says_is_so() -> None:
    x = torch.randn(1, 8, 9, 9)
    assert (nn.Conv2d(8, 16, 3, 2, 1)(x) + nn.Conv2d(8, 16, kernel_size=1, stride=2)(x)).shape == (1, 16, 5, 5)
    x = torch.rand(4, 1, 28, 28)
    assert nn.ConvTranspose2d(8, 1, 3, 2, 1, output_padding=1)(nn.Conv2d(1, 8, 3, 2, 1)(x)).shape == x.shape
