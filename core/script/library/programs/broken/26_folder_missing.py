"""Weights are saved into a folder that is not there."""

import torch
from torch import nn

model = nn.Linear(2, 1)
torch.save(model.state_dict(), "checkpoints/model.pt")  # here: file
print("saved")
