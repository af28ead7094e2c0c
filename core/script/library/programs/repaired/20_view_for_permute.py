"""view in place of permute: the pictures are scrambled."""

import torch
from torch import nn

torch.manual_seed(0)
conv = nn.Conv2d(3, 4, 3)
images = torch.rand(2, 8, 8, 3)
x = images.permute(0, 3, 1, 2)
print(conv(x).shape)
