"""A loop that waits for a loss that the noise does not allow."""

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(200, 1)
y = 2 * x + torch.randn(200, 1)
model = nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
loss = torch.tensor(1.0)
while loss.item() > 0.01:  # here: time
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
print(loss.item())
