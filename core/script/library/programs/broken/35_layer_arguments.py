"""An argument that the layer does not have."""

import torch
from torch import nn

layer = nn.Conv2d(1, 8, kernel=3)  # here: layer_arguments
print(layer(torch.randn(2, 1, 8, 8)).shape)
