"""One picture of two dimensions."""

import torch
from torch import nn

conv = nn.Conv2d(1, 6, 5)
image = torch.randn(28, 28)
print(conv(image[None, None]).shape)
