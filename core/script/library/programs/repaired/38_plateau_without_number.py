"""A schedule that follows the loss, and is not told it."""

import torch
from torch import nn

torch.manual_seed(0)
x, y = torch.randn(20, 2), torch.randn(20, 1)
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer)
for epoch in range(3):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
    scheduler.step(loss.item())
print(loss.item())
