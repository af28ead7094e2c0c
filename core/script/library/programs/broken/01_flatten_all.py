"""flatten begins with the batch."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.fc = nn.Linear(4 * 6 * 6, 10)

    def forward(self, x):
        x = torch.relu(self.conv(x))
        x = torch.flatten(x)
        return self.fc(x)  # here: flatten


print(Net()(torch.randn(16, 1, 8, 8)).shape)
