"""A bracket that is not closed."""

import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
for step in range(3):
    print(model(torch.randn(3, 4)).shape)
