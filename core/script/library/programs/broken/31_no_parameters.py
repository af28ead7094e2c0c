"""A network that has no layer of its own when the optimizer is made."""

import torch
from torch import nn


class Net(nn.Module):
    def forward(self, x):
        return nn.Linear(3, 1)(x)


model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)  # here: no_parameters
print(model(torch.ones(2, 3)).shape)
