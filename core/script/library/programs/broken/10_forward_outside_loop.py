"""The forward pass stands before the loop."""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
x, y = torch.randn(8, 2), torch.randn(8, 1)
output = model(x)
for step in range(4):
    loss = nn.functional.mse_loss(output, y)
    optimizer.zero_grad()
    loss.backward()  # here: forward_outside_loop
    optimizer.step()
