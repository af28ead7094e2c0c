"""Inputs and labels are shuffled apart."""

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(100, 4)
y = x[:, :3].argmax(1)
order = torch.randperm(100)
x = x[order]
y = y[order]
model = nn.Linear(4, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(10):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
