"""forward calls the module itself."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.out = nn.Linear(4, 2)

    def forward(self, x):
        return torch.relu(self.out(x))


print(Net()(torch.randn(3, 4)).shape)
