"""What the process that starts programs imports and does once, so that no program waits for it."""

from __future__ import annotations

import importlib
import warnings

import torch
from torch import nn

from core import lazy_compiler
from core.script import child  # noqa: F401  (what it imports too)

IMPORTED = ("numpy", "torchvision", "torch.utils.data", "torch.optim.lr_scheduler", lazy_compiler.NAME)


def warm_up() -> None:
    """Import what programs import, and take one training step: torch loads parts of itself there."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in IMPORTED:
            importlib.import_module(name)
    model = nn.Linear(2, 2)
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.zeros(1, 2)).sum().backward()
    optimizer.step()
