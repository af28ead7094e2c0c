"""(N, 1) against (N,)."""

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(16, 2)
y = x[:, 0] + x[:, 1]
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
criterion = nn.MSELoss()
for step in range(5):
    optimizer.zero_grad()
    loss = criterion(model(x).squeeze(1), y)
    loss.backward()
    optimizer.step()
