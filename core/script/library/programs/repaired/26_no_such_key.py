"""A checkpoint is read with another key than it was written with."""

import torch
from torch import nn

model = nn.Linear(2, 1)
torch.save({"model_state": model.state_dict(), "epoch": 3}, "checkpoint.pt")

checkpoint = torch.load("checkpoint.pt")
model.load_state_dict(checkpoint["model_state"])
print(checkpoint["epoch"])
