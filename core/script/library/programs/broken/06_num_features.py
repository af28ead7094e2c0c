"""The batch norm is made for another number of channels."""

import torch
from torch import nn


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.norm = nn.BatchNorm2d(16)

    def forward(self, x):
        x = self.conv(x)
        return torch.relu(self.norm(x))  # here: num_features


print(Block()(torch.randn(2, 3, 8, 8)).shape)
