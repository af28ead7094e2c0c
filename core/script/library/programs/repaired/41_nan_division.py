"""Zero divided by zero in the normalization of the data."""

import torch
from torch import nn

torch.manual_seed(0)
x = torch.cat([torch.randn(20, 2), torch.ones(20, 1)], dim=1)
x = (x - x.mean(0)) / (x.std(0) + 1e-8)
y = torch.randn(20, 1)
model = nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for step in range(4):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
