"""The parameters of the class, where those of a network are meant."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.out = nn.Linear(4, 2)

    def forward(self, x):
        return self.out(x)


optimizer = torch.optim.SGD(Net.parameters(), lr=0.1)  # here: module_missing_instance
print(Net()(torch.randn(3, 4)).shape)
