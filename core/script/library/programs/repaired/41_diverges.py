"""The learning rate is too large."""

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(30, 4)
y = x @ torch.ones(4, 1)
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for step in range(20):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
print(loss.item())
