"""Coloured pictures for a layer of one channel."""

import torch
from torch import nn

conv = nn.Conv2d(3, 6, 5)
images = torch.randn(8, 3, 28, 28)
print(conv(images).shape)
