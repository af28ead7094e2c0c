"""A batch norm for pictures after a Linear layer."""

import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8))
print(model(torch.randn(3, 4)).shape)
