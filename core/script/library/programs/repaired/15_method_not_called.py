"""A method is named and not called."""

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(30, 2)
y = x @ torch.tensor([[1.0], [2.0]])
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for step in range(6):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
