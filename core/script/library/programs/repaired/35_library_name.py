"""A layer with a small letter."""

import torch
from torch import nn

layer = nn.Linear(4, 2)
print(layer(torch.randn(3, 4)))
