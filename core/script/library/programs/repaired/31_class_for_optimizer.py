"""The class of the optimizer, and no optimizer."""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
loss = model(torch.randn(8, 2)).pow(2).mean()
optimizer.zero_grad()
loss.backward()
optimizer.step()
