"""Grey pictures without the dimension of the channels."""

import torch
from torch import nn

conv = nn.Conv2d(1, 6, 5)
images = torch.randn(8, 28, 28)
print(conv(images).shape)  # here: missing_channel
