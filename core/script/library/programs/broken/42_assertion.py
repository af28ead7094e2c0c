"""A condition that the program itself states is not met."""

import torch
from torch import nn


class Patches(nn.Module):
    def __init__(self, side, patch):
        super().__init__()
        assert side % patch == 0, "the patches must cover the picture"  # here: assertion
        self.cut = nn.Conv2d(3, 32, patch, stride=patch)

    def forward(self, x):
        return self.cut(x).flatten(2).transpose(1, 2)


model = Patches(side=28, patch=8)
print(model(torch.rand(2, 3, 28, 28)).shape)
