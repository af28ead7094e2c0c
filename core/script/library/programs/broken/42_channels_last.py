"""Pictures as (N, H, W, C)."""

import torch
from torch import nn

conv = nn.Conv2d(3, 6, 5)
images = torch.randn(8, 28, 28, 3)
print(conv(images).shape)  # here: channels_last
