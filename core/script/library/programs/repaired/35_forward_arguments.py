"""A network of two inputs is called with one."""

import torch
from torch import nn


class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.out = nn.Linear(8, 1)

    def forward(self, left, right):
        return self.out(torch.cat([left, right], dim=1))


model = Pair()
left, right = torch.randn(3, 4), torch.randn(3, 4)
print(model(left, right).shape)
