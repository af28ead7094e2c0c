"""The optimizer has one layer of two."""

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(30, 2)
y = x @ torch.tensor([[1.0], [2.0]])
model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for step in range(6):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
