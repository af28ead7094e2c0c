"""Whole numbers go into a Linear layer."""

import torch
from torch import nn

layer = nn.Linear(2, 1)
x = torch.tensor([[1, 2], [3, 4]])
print(layer(x))  # here: dtype
