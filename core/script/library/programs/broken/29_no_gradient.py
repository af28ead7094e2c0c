"""A layer is cut off by detach."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 8)
        self.second = nn.Linear(8, 1)

    def forward(self, x):
        h = torch.relu(self.first(x)).detach()
        return self.second(h)


torch.manual_seed(0)
x = torch.randn(30, 2)
y = x @ torch.tensor([[1.0], [2.0]])
model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for step in range(6):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()  # here: no_gradient
