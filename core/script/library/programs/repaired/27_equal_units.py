"""All weights start at the same number."""

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(30, 2)
y = (x[:, 0] * x[:, 1] > 0).long()
model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 2))
for parameter in model.parameters():
    nn.init.normal_(parameter, std=0.5)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(6):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
