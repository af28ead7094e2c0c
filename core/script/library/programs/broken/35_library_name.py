"""A layer with a small letter."""

import torch
from torch import nn

layer = nn.linear(4, 2)  # here: library_name
print(layer(torch.randn(3, 4)))
