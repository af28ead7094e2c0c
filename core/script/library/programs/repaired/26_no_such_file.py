"""A file is read under another name than it was written."""

import torch
from torch import nn

model = nn.Linear(2, 1)
torch.save(model.state_dict(), "weights.pt")
model.load_state_dict(torch.load("weights.pt"))
print(model.weight.shape)
