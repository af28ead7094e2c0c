"""Weights are saved into a folder that is not there."""

from pathlib import Path

import torch
from torch import nn

model = nn.Linear(2, 1)
Path("checkpoints").mkdir(exist_ok=True)
torch.save(model.state_dict(), "checkpoints/model.pt")
print("saved")
