"""The picture is used up before the last convolution."""

import torch
from torch import nn

model = nn.Sequential(nn.Conv2d(1, 2, 5), nn.MaxPool2d(4), nn.Conv2d(2, 4, 3))
print(model(torch.randn(1, 1, 28, 28)).shape)
