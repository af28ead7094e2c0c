"""forward returns nothing."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        x = self.fc(x)


model = Net()
output = model(torch.randn(3, 4))
loss = nn.functional.cross_entropy(output, torch.tensor([0, 1, 1]))  # here: missing_return
loss.backward()
