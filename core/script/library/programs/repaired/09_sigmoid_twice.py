"""A sigmoid before BCEWithLogitsLoss."""

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(40, 3)
y = (x[:, :1] > 0).float()
model = nn.Sequential(nn.Linear(3, 1))
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(5):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
