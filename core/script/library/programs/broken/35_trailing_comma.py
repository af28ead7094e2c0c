"""A comma at the end of a line makes a tuple."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = (nn.Linear(4, 2),)

    def forward(self, x):
        return self.fc(x)  # here: trailing_comma


print(Net()(torch.randn(3, 4)).shape)
