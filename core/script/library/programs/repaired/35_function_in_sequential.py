"""A function stands among the layers of a Sequential."""

import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
print(model(torch.randn(3, 4)).shape)
