"""Layers in a plain list: the optimizer gets nothing."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(4, 4), nn.Linear(4, 2)])

    def forward(self, x):
        for layer in self.layers:
            x = torch.tanh(layer(x))
        return x


model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
print(model(torch.randn(2, 4)))
