"""The class is called with the data, and no network was made."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.out = nn.Linear(4, 2)

    def forward(self, x):
        return self.out(x)


model = Net()
print(model(torch.randn(3, 4)).shape)
