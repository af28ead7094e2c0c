"""An argument that the layer does not have."""

import torch
from torch import nn

layer = nn.Conv2d(1, 8, kernel_size=3)
print(layer(torch.randn(2, 1, 8, 8)).shape)
