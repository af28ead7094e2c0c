"""A new optimizer in every step forgets what Adam keeps."""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(3, 1)
x = torch.randn(20, 3)
y = x.sum(1, keepdim=True)
for _ in range(10):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)  # here: optimizer_in_loop
    loss = nn.functional.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
