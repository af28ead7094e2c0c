"""__init__ does not call nn.Module's own."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        self.fc = nn.Linear(4, 2)  # here: super_init

    def forward(self, x):
        return self.fc(x)


print(Net()(torch.randn(3, 4)))
