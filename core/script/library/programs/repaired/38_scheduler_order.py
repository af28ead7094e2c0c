"""The scheduler steps before the optimizer."""

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(30, 2)
y = x @ torch.tensor([[1.0], [2.0]])
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2)
for step in range(6):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
    scheduler.step()
