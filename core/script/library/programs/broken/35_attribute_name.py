"""An attribute that __init__ does not set."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear1 = nn.Linear(4, 2)

    def forward(self, x):
        return self.liner1(x)  # here: attribute_name


print(Net()(torch.randn(3, 4)))
