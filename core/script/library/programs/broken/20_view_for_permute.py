"""view in place of permute: the pictures are scrambled."""

import torch
from torch import nn

torch.manual_seed(0)
conv = nn.Conv2d(3, 4, 3)
images = torch.rand(2, 8, 8, 3)
x = images.view(2, 3, 8, 8)  # here: view_for_permute
print(conv(x).shape)
