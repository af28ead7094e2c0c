"""Rewards (N,) and values (N, 1) make a target (N, N)."""

import torch
from torch import nn

torch.manual_seed(0)
value = nn.Linear(4, 1)
states, later = torch.randn(16, 4), torch.randn(16, 4)
rewards = torch.randn(16)
optimizer = torch.optim.SGD(value.parameters(), lr=0.01)
for epoch in range(3):
    with torch.no_grad():
        target = rewards + 0.9 * value(later).squeeze(1)
    loss = (value(states).squeeze(1) - target).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(loss.item())
