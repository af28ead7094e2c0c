"""A loop that waits for a loss that the noise does not allow."""

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(200, 1)
y = 2 * x + torch.randn(200, 1)
model = nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(100):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
print(loss.item())
