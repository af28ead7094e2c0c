"""The logarithm of zero."""

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(20, 3)
y = (x[:, :1] > 0).float()
model = nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(5):
    optimizer.zero_grad()
    p = (torch.sigmoid(model(x)) > 0.5).float() * torch.sigmoid(model(x))
    loss = -(y * torch.log(p)).mean()  # here: nan
    loss.backward()
    optimizer.step()
